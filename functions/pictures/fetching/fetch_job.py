"""What is to be fetched: some pictures of one account, together."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import BaseModel, Field

from shared.bounds.fields import Id
from shared.pictures.by_address import Address

MOST_IN_JOB = 6
"""Pictures of a job: its function holds them all at once, 60 MB at most."""
PAUSES = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=15))
"""Between one attempt and the next; after the last the address is told to give no answer. SQS holds a message back no longer."""


class Wanted(BaseModel):
    """A picture that was `asked` for, by the ask's own id."""

    picture_id: Id
    address: Address
    asked: Id


class FetchJob(BaseModel):
    account_id: Id
    wanted: Annotated[list[Wanted], Field(max_length=MOST_IN_JOB)]
    attempt: Annotated[int, Field(ge=1, le=len(PAUSES) + 1)] = 1

    @property
    def pause(self) -> timedelta | None:
        """How long to wait before the next attempt; None after the last."""
        return PAUSES[self.attempt - 1] if self.attempt <= len(PAUSES) else None

    def again(self, wanted: list[Wanted]) -> Self:
        """The next attempt at some of it."""
        return self.model_copy(update={"wanted": wanted, "attempt": self.attempt + 1})
