"""In which quantities goods are ordered (schema.org's eligibleQuantity): from so many units on, in steps of so many."""

from typing import Self

from pydantic import Field, model_validator

from monsoon_plugin.value import Value

MOST_ORDERED = 10_000
"""Units of one line of an order."""


class OrderQuantity(Value):
    """What an order of it must be: at least the minimum, and a multiple of the step."""

    minimum: int = Field(default=1, ge=1, le=MOST_ORDERED, description="units of one order")
    multiple: int = Field(default=1, ge=1, le=MOST_ORDERED, description="units that are sold together: 6, 12, 18 … of a six-pack's bottles")

    @model_validator(mode="after")
    def _orderable(self) -> Self:
        if self.fewest_from(self.minimum) > MOST_ORDERED:
            raise ValueError(f"no order of at most {MOST_ORDERED} units is both: lower the minimum, or the multiple")
        return self

    def fewest_from(self, units: int) -> int:
        """The fewest from so many on that are whole multiples."""
        return -(-units // self.multiple) * self.multiple


def quantity_flaw(units: int, sold: OrderQuantity | None) -> str | None:
    """What is wrong with ordering so many, and what to order instead; None if they may be."""
    if sold is None or (units >= sold.minimum and units % sold.multiple == 0):
        return None
    least, steps = f"at least {sold.minimum}" if sold.minimum > 1 else "", f"in steps of {sold.multiple}" if sold.multiple > 1 else ""
    either = (min(units, MOST_ORDERED) // sold.multiple * sold.multiple, sold.fewest_from(max(units, sold.minimum)))
    instead = " or ".join(str(each) for each in either if sold.minimum <= each <= MOST_ORDERED)
    return f"it is sold {', '.join(said for said in (least, steps) if said)}: order {instead}"
