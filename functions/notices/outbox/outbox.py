"""The outbox: each cause is written down before its mail is sent, is sent once, and its record says what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from functions.notices.causes.cause import Cause
from functions.notices.outbox.mail import Mail
from functions.notices.outbox.mails_kept import Mails
from functions.notices.outbox.sending import Draft, Never, NotNow, NotToBeSent, OrderUnknown, Sender
from functions.notices.outbox.ses_events import SesEvent
from functions.notices.outbox.undelivered import NOTED, Undelivered
from monsoon_plugin.clock import Clock, TimeLeft, rfc3339
from shared.iteration import sweep_each

ENOUGH = timedelta(seconds=15)
"""No further mail is begun with less time left: SES may take ten seconds to answer."""
FIGURE = "MailsRefused"
"""How the figure is called that the alarm `MailStands` looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """`sends_tests`: on a laptop, where nothing leaves. `draft`: makes of a record what leaves, opening the buyer's e-mail. `pseudonym`: of
    an address. `count`: takes a figure for the operators' alarm."""

    mails: Mails
    draft: Callable[[Mail], Draft]
    sender: Sender
    pseudonym: Callable[[str], str]
    count: Callable[[str], None]
    clock: Clock
    sends_tests: bool

    def tell(self, cause: Cause, wait: timedelta = timedelta()) -> None:
        """Send the mail of a cause, now or after `wait`; nothing for one that was told before."""
        now = self.clock()
        mail = Mail.of(cause, now)
        if cause.test and not self.sends_tests:
            self.mails.add(_new(mail.dropped("test")))
        elif wait:
            self.mails.add(_until(mail, rfc3339(now + wait)))
        else:
            begun = _new(mail.begun(now))
            if self.mails.add(begun):
                self._send(begun)

    def hurry(self, cause: Cause) -> None:
        """Send the mail of a cause that waits, now, with what the cause says now; as `tell`, if it was not told before. In test mode
        it is dropped."""
        self.tell(cause)
        held = self.mails.get(cause.mail_id)
        if held is None or held.state != "waiting" or held.waits:
            return
        if cause.test and not self.sends_tests:
            self._keep(held.dropped("test"))
        else:
            self._begin(replace(held, facts=cause.facts))

    def drop(self, cause: Cause, why: str) -> None:
        """The mail of a cause is not to be sent any more, if it waits still, or was not told yet."""
        held = self.mails.get(cause.mail_id)
        if held is None and self.mails.add(_new(Mail.of(cause, self.clock()).dropped(why))):
            return
        held = held or self.mails.get(cause.mail_id)
        if held is not None and held.state == "waiting":
            self._keep(held.dropped(why))

    def hear(self, event: SesEvent) -> None:
        """What SES tells. Of mails that are none of ours nothing is kept but where they came back from."""
        for address in event.stops:
            self.mails.stop(self.pseudonym(address), event.why)
        held = self.mails.get(event.mail_id) if event.mail_id else None
        while held is not None:
            heard = held.heard(event.told, event.why)
            if heard is held:
                return
            if self._keep(heard):
                return
            held = self.mails.get(event.mail_id)

    def sweep(self, time_left: TimeLeft) -> int:
        """Send what is due, and again that whose outcome nobody learned; answers how many it looked at. Raises as `sweep_each` does."""
        in_time = takewhile(lambda _: time_left() >= ENOUGH, self.mails.due(self.clock()))
        return len(sweep_each(in_time, self._look, "mails"))

    def _look(self, mail_id: str) -> None:
        mail, now = self.mails.get(mail_id), self.clock()
        if mail is None or not mail.due or mail.due > rfc3339(now):
            return
        if mail.state == "waiting":
            self._begin(mail)
            return
        after = mail.after_patience(now)
        if self._keep(after) and after.state == "sending":
            self._send(after)

    def _keep(self, mail: Mail) -> bool:
        """Keep it if nobody was quicker; what its merchant should see of it is written with it, or not at all."""
        return self.mails.replace(mail, Undelivered.of(mail, self.clock()) if mail.state in NOTED else None)

    def _begin(self, mail: Mail) -> None:
        begun = mail.begun(self.clock())
        if self._keep(begun):
            self._send(begun)

    def _send(self, mail: Mail) -> None:
        """Ask SES, once. Whatever its record says by now stands, if SES itself was quicker to tell."""
        now = self.clock()
        try:
            draft = self._drafted(mail, now)
            if draft is None:
                return
            known = self.sender.send(draft)
        except Never as refusal:
            self.count(FIGURE)
            self._keep(mail.refused(refusal.why))
        except NotNow as refusal:
            if refusal.ours:
                self.count(FIGURE)
            self._keep(mail.put_off(now, refusal.why))
        else:
            if known:
                self._keep(mail.taken())

    def _drafted(self, mail: Mail, now: datetime) -> Draft | None:
        """None of one that is not to be sent, or not yet. What raises besides, of a table or a key that does not answer, raises here, too:
        SES was not asked, so that the mail is put off, and not taken for one that may have been sent."""
        try:
            return self.draft(mail)
        except OrderUnknown:
            self._keep(mail.missing_order(now))
        except NotToBeSent as refusal:
            self._keep(mail.dropped(refusal.why))
        except Exception:
            self._keep(mail.put_off(now, "undrafted"))
            raise
        return None


def _new(mail: Mail) -> Mail:
    """As it is first written."""
    return _until(mail, mail.due)


def _until(mail: Mail, due: str) -> Mail:
    return replace(mail, due=due, version=1)
