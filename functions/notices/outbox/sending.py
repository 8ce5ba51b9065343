"""What a mail needs to leave, and how that may end."""

from dataclasses import dataclass
from typing import Protocol

from functions.notices.pages.letter import Letter


class NotSent(Exception):
    """The mail did not leave. `why`: a code for its record."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotToBeSent(NotSent):
    """Nobody is to get it: there is no e-mail, or it is erased, or nothing is sent there."""


class NotNow(NotSent):
    """SES takes nothing for now, from us or from anybody: it is sent later. `ours`: an operator has to do something about it."""

    def __init__(self, why: str, *, ours: bool = False) -> None:
        super().__init__(why)
        self.ours = ours


class Never(NotSent):
    """SES will not take this mail, whenever it is sent."""


class OrderUnknown(Exception):
    """The order's placement was not heard of yet, or it has no e-mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail as it leaves. `to` is in the clear, and nowhere else than here: it shows in no `repr`, and is never kept."""

    mail_id: str
    to: str
    letter: Letter
    reply_to: str = ""
    unsubscribe: str = ""
    """An address that a POST switches this kind off by (RFC 8058); empty where it cannot be."""
    again: bool = False

    def __repr__(self) -> str:
        return f"Draft({self.mail_id})"


class Sender(Protocol):
    """Hands mails to whoever carries them."""

    def send(self, draft: Draft) -> bool:
        """Whether it has the mail for sure; False: nobody knows. Raises NotNow, Never."""
