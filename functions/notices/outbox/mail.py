"""A mail's record: written before it is sent, so that one cause is one mail, and moved on by what SES answers and tells. Pure.

waiting → sending → sent → delivered → bounced → complained
    ↘ dropped   ↘ failed, lost
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from functions.notices.causes.cause import Cause
from functions.notices.causes.kinds import RULES, Kind
from monsoon_plugin.clock import rfc3339

State = Literal["waiting", "sending", "sent", "delivered", "bounced", "complained", "dropped", "failed", "lost"]
"""waiting: it is sent when it is due · sending: SES was asked, and nobody knows yet whether it has it · sent: SES has it · delivered: the
mailbox has it · bounced: it was sent back · complained: its reader called it spam · dropped: it was not to be sent, `why` says for what ·
failed: SES takes it never · lost: nobody learned what became of it."""
HEARD: dict[str, State] = {
    "Send": "sent", "Delivery": "delivered", "Bounce": "bounced", "Complaint": "complained", "Reject": "failed",
}  # fmt: skip
"""What SES calls it when it tells of it."""
RANK: dict[State, int] = {
    "waiting": 0, "sending": 1, "lost": 2, "sent": 3, "failed": 4, "delivered": 5, "bounced": 6, "complained": 7, "dropped": 8,
}  # fmt: skip
"""What is known later never falls back, whichever is heard first."""
PATIENCE = timedelta(minutes=15)
"""How long SES may take to tell of a mail whose answer was lost."""
MOST_SENT = 2
"""How often a mail may be handed to SES whose outcome nobody learns."""
FIRST_WAIT, LONGEST_WAIT, MOST_WAITS = timedelta(minutes=1), timedelta(hours=1), 30
"""After refusals that pass: doubled each time, about a day in all."""
MOST_LOOKS, LONGEST_LOOK = 15, timedelta(hours=12)
"""For an order whose placement was not heard of: three days in all, for what an operator redrives is heard as late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """`sent_times`: how often SES was asked and may have it; `waits`: how often it was put off."""

    id: str
    kind: Kind
    about: str
    account_id: str
    storefront_id: str
    facts: Mapping[str, Any]
    test: bool
    created_at: str
    state: State = "waiting"
    why: str = ""
    due: str = ""
    """When the sweep looks at it, RFC 3339; empty: never more."""
    sent_times: int = 0
    waits: int = 0
    version: int = 1

    @classmethod
    def of(cls, cause: Cause, now: datetime) -> Self:
        """A new mail, which is due at once."""
        return cls(
            id=cause.mail_id, kind=cause.kind, about=cause.about, account_id=cause.account_id, storefront_id=cause.storefront_id,
            facts=cause.facts, test=cause.test, created_at=rfc3339(now), due=rfc3339(now),
        )  # fmt: skip

    @property
    def is_again(self) -> bool:
        """Whether its reader may have it already, and it has to say so."""
        return self.sent_times > 1

    def begun(self, now: datetime) -> Self:
        """Before SES is asked: whatever happens then, it is looked at again after PATIENCE."""
        return self._next(state="sending", why="", due=rfc3339(now + PATIENCE), sent_times=self.sent_times + 1)

    def taken(self) -> Self:
        """SES has it."""
        return self._next(state="sent", due="")

    def dropped(self, why: str) -> Self:
        return self._next(state="dropped", why=why, due="", sent_times=0)

    def refused(self, why: str) -> Self:
        """SES will never take it."""
        return self._next(state="failed", why=why, due="")

    def put_off(self, now: datetime, why: str) -> Self:
        """SES is not ready: it was not sent this time. Failed, once that was so for about a day."""
        return self.refused(why) if self.waits >= MOST_WAITS else self._waits(now, why)

    def missing_order(self, now: datetime) -> Self:
        """Its order's placement was not heard of. Dropped in the end: it was placed before mails were sent."""
        return self.dropped("order-unknown") if self.waits >= MOST_LOOKS else self._waits(now, "order-unknown", LONGEST_LOOK)

    def _waits(self, now: datetime, why: str, longest: timedelta = LONGEST_WAIT) -> Self:
        wait = min(FIRST_WAIT * 2**self.waits, longest)
        sent_times = max(self.sent_times - 1, 0)
        return self._next(state="waiting", why=why, due=rfc3339(now + wait), waits=self.waits + 1, sent_times=sent_times)

    def after_patience(self, now: datetime) -> Self:
        """What becomes of one whose outcome was not learned: sent once more, if two are better than none, else given up."""
        if RULES[self.kind].again and self.sent_times < MOST_SENT:
            return self.begun(now)
        return self._next(state="lost", due="")

    def heard(self, told: str, why: str = "") -> Self:
        """After what SES tells of it; the same object if that is nothing new."""
        state = HEARD.get(told)
        if state is None or RANK[state] <= RANK[self.state]:
            return self
        return self._next(state=state, why=why, due="")

    def _next(self, **changes: Any) -> Self:
        return replace(self, version=self.version + 1, **changes)
