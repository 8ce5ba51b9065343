"""How large the fields of what travels may be: of events and of tickets. A bound holds at the door, not for what was let in before.

Every text, number and list that enters anywhere has one: tests/contract/test_bounds.py walks them all.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

MAX_EVENT = 256 * 1024
"""Bytes of an event with its envelope: an SNS or SQS message, a delivery to a client site."""
MAX_ITEM = 400 * 1024
"""Bytes of an item of DynamoDB, its attributes' names and its event included."""
MAX_ID = 128
MAX_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON keeps (RFC 8259, 6)."""
MAX_MINOR = 10**15
"""Minor units of a sum of many amounts, each of which is at most monsoon_plugin.money.MAX_AMOUNT."""
MOST_LINES = 50
"""Lines of an order, and so offers of a parcel."""


MOST_WITHDRAWALS = 400
"""Of one order: refunds that its merchant asks for, its suppliers' declines, cancellations, recalls."""


def clipped(most: int) -> BeforeValidator:
    """Cuts a text of people's to `most` characters: whatever a provider says, the event that tells of money gets through."""
    return BeforeValidator(lambda text: text[: most - 1] + "…" if isinstance(text, str) and len(text) > most else text)


Id = Annotated[str, Field(max_length=MAX_ID)]
"""An id of ours, or a provider's that became one; a path takes no longer one."""
Code = Annotated[str, clipped(200), Field(max_length=200)]
"""A word of a list: a plug-in, a provider's reason."""
Reason = Annotated[str, clipped(2000), Field(max_length=2000)]
"""What people read."""
Moment = Annotated[str, Field(max_length=40)]
"""RFC 3339."""
Day = Annotated[str, Field(max_length=10)]
"""YYYY-MM-DD."""
Currency = Annotated[str, Field(max_length=3)]
Minor = Annotated[int, Field(ge=-MAX_MINOR, le=MAX_MINOR)]
"""Minor units of some currency."""
Units = Annotated[int, Field(ge=0, le=10_000)]
"""Of one offer in an order; or its shipments."""
Title = Annotated[str, clipped(200), Field(max_length=200)]
UnitsByOffer = Annotated[dict[Id, Units], Field(max_length=MOST_LINES)]
OfferIds = Annotated[list[Id], Field(max_length=MOST_LINES)]
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
