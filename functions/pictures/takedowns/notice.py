"""A notice that a picture may not be shown, what is answered to it, and what is decided: on record for both sides."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from functions.pictures.contents.content import Content
from functions.pictures.takedowns.ground import Ground

State = Literal["waiting", "hidden", "countered", "upheld", "rejected"]
"""waiting: for an operator, before anything is hidden; hidden: and nobody disputes it; countered: hidden, and an operator decides;
upheld: gone for good; rejected: it counts against its sender."""
HIDING: frozenset[State] = frozenset({"hidden", "countered", "upheld"})
OPEN: frozenset[State] = frozenset({"waiting", "countered"})
"""What waits for an operator."""
MOST_A_DAY = 20
"""Notices of one account."""
TRUSTED_UNTIL = 3
"""Rejected notices: who sent as many has its next ones looked at before anything is hidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """`at`: RFC 3339. `by`: an account."""

    by: str
    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`name`: of whoever has the right, as they sign."""

    id: str
    content_id: str
    ground: Ground
    name: str
    said: Statement
    state: State
    counter: Statement | None = None
    decision: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRecord:
    """What an account's notices came to. `day`: of its last one, YYYY-MM-DD; `sent`: on that day."""

    day: str = ""
    sent: int = 0
    rejected: int = 0

    @property
    def trusted(self) -> bool:
        return self.rejected < TRUSTED_UNTIL

    def after_one(self, day: str) -> "SenderRecord | None":
        """The record once another notice was sent; None if there were too many on that day."""
        sent = self.sent if self.day == day else 0
        return None if sent >= MOST_A_DAY else replace(self, day=day, sent=sent + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A notice as it was and is, and what of it must be written together. `hidden_for`: what the content is hidden for then."""

    before: Notice | None
    notice: Notice
    content: Content
    hidden_for: Ground | None
    record: tuple[SenderRecord, SenderRecord] | None = None
    """Of the notice's sender, before and after; None where it stays."""


def hiding(notices: Iterable[Notice]) -> Ground | None:
    """The ground on which a picture of these notices is hidden: the first one's that stands; None if it is not."""
    standing = [notice for notice in notices if notice.state in HIDING]
    return min(standing, key=lambda notice: (notice.said.at, notice.id)).ground if standing else None
