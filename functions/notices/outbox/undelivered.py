"""A mail that came back, that its reader called spam, that SES would not take, or of which nobody learned anything, as its merchant sees
it: no address, for that is sealed."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from functions.notices.outbox.mail import Mail
from monsoon_plugin.clock import from_rfc3339, rfc3339

CAME_BACK = ("bounced", "complained")
NOTED = (*CAME_BACK, "failed", "lost")
"""States of a mail that its merchant should know of."""


class Undelivered(BaseModel):
    model_config = ConfigDict(frozen=True)
    account_id: str
    mail_id: str
    kind: str
    about: str
    state: str
    why: str
    at: str

    @classmethod
    def of(cls, mail: Mail, now: datetime) -> Self:
        return cls(
            account_id=mail.account_id, mail_id=mail.id, kind=mail.kind, about=mail.about, state=mail.state, why=mail.why, at=rfc3339(now)
        )

    @property
    def came_back(self) -> bool:
        return self.state in CAME_BACK

    @property
    def place(self) -> str:
        """In its merchant's list; told twice, it is there once for each state."""
        return f"{self.at}#{self.mail_id}"

    @property
    def moment(self) -> datetime:
        return from_rfc3339(self.at)
