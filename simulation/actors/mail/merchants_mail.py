"""A merchant and its mail: gives an address, confirms it by the mail that asks, switches kinds off, unsubscribes by a mail's own link."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from functions.notices.causes.kinds import MERCHANTS
from shared.api.caller import Caller
from simulation.actors.mail.correspondence import Correspondence, Off
from simulation.actors.people import People
from simulation.actors.shop_pages.browser import Browser
from simulation.aws.ses import SentMail, Ses

PATH = "/v1/account/notices"
CONFIRMS = "/notices/confirmation"
WAITS = (5.0, 60.0, 600.0, 3600.0, 6 * 3600.0, 20 * 3600.0)
"""Seconds between looks into the mailbox."""


@dataclass(kw_only=True)
class MerchantsMail:
    who: Caller
    people: People
    random: Random
    """Its own: what it does changes nobody else's choices."""
    ses: Ses
    browser: Browser
    said: Correspondence
    kind_of: Callable[[str], str]
    """Of a mail, by its id."""

    @property
    def address(self) -> str:
        return f"{self.who.account_id[-6:].lower()}@merchants.example"

    def begin(self) -> None:
        """Say where notices go; look for the mail that asks whether they may, and mostly confirm."""
        body = {"email": self.address, "language": self.random.choice(("en", "en", "zh"))}
        if self.people.ask(self.who, "PUT", PATH, body).status == 200 and self.random.random() < 0.85:
            self._look_for_confirmation()

    def switch(self) -> None:
        """Say that a kind is not wanted, or is again, or that another site writes to buyers."""
        self.said.unsettled.add(self.who.account_id)
        kind = self.random.choice(MERCHANTS)
        body: dict[str, object] = {"email": self.address, "notices": {kind: False}}
        if self.random.random() < 0.2:
            body = {"email": self.address, "writes_to_buyers": False}
        if self.people.ask(self.who, "PUT", PATH, body).status != 200:
            return
        if "notices" not in body:
            self.said.silent.setdefault(self.who.account_id, self.people.now())
            return
        off = Off(self.who.account_id, kind, self.people.now())
        self.said.off.append(off)
        if self.random.random() < 0.4:
            self.people.sleep(self.random.choice(WAITS))
            off.until = self.people.now()
            self.people.ask(self.who, "PUT", PATH, {"email": self.address, "notices": {kind: True}})

    def unsubscribe(self) -> None:
        """Stop one kind as a mail program does, by what the last notice's header says: one POST, no page."""
        mail = next((mail for mail in reversed(self._mails()) if mail.message["List-Unsubscribe"]), None)
        if mail is None:
            return
        self.said.unsettled.add(self.who.account_id)
        link = str(mail.message["List-Unsubscribe"]).strip("<>")
        if self.browser.send(link, {"List-Unsubscribe": "One-Click"}, site="cross-site") == 200:
            self.said.off.append(Off(self.who.account_id, self.kind_of(mail.mail_id), self.people.now()))

    def _look_for_confirmation(self) -> None:
        for wait in WAITS:
            self.people.sleep(wait)
            asks = [mail for mail in self._mails() if any(CONFIRMS in link for link in mail.links)]
            if asks and self._confirm(asks[-1]):
                return

    def _confirm(self, mail: SentMail) -> bool:
        """Follow the mail's link, and press its button."""
        tab = self.browser.tab()
        tab.open(next(link for link in mail.links if CONFIRMS in link))
        form = next(iter(tab.page.forms), None)
        if tab.status != 200 or form is None or tab.send(form.action, form.fields) != 200:
            return False
        self.said.confirmed[self.who.account_id, self.address] = self.people.now()
        return True

    def _mails(self) -> list[SentMail]:
        return [mail for mail in self.ses.sent if mail.to == self.address]
