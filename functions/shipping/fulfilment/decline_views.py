"""What a supplier's decline carries."""

from pydantic import Field, field_validator

from functions.shipping.fulfilment.supplier_declines import Decline
from shared.api.payload import Body


class DeclinedLine(Body):
    offer_id: str = Field(min_length=1, max_length=64)
    quantity: int = Field(ge=1, le=10_000_000)


class DeclineShipment(Body):
    lines: list[DeclinedLine] = Field(default=[], max_length=50, description="what you cannot send; none: all that is left in the parcel")
    reason: str = Field(min_length=1, max_length=200, description="why, for the storefront")
    restock: bool = Field(default=False, description="you have the units still: they go on sale again")

    @field_validator("lines")
    @classmethod
    def _different(cls, lines: list[DeclinedLine]) -> list[DeclinedLine]:
        if len({line.offer_id for line in lines}) < len(lines):
            raise ValueError("an offer stands in one line")
        return lines

    def decline(self) -> Decline:
        return Decline({line.offer_id: line.quantity for line in self.lines}, self.reason, self.restock)
