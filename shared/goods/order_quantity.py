"""In which quantities goods are ordered (schema.org's eligibleQuantity): from so many units on, in steps of so many."""

from pydantic import Field

from monsoon_plugin.value import Value


class OrderQuantity(Value):
    """What an order of it must be: at least the minimum, and a multiple of the step."""

    minimum: int = Field(default=1, ge=1, le=10_000, description="units of one order")
    multiple: int = Field(default=1, ge=1, le=10_000, description="units that are sold together: 6, 12, 18 … of a six-pack's bottles")


def quantity_flaw(units: int, sold: OrderQuantity | None) -> str | None:
    """What is wrong with ordering so many, and what to order instead; None if they may be."""
    if sold is None or (units >= sold.minimum and units % sold.multiple == 0):
        return None
    more = -(-max(units, sold.minimum) // sold.multiple) * sold.multiple
    fewer = units // sold.multiple * sold.multiple
    least, steps = f"at least {sold.minimum}" if sold.minimum > 1 else "", f"in steps of {sold.multiple}" if sold.multiple > 1 else ""
    instead = f"{fewer} or {more}" if fewer >= sold.minimum else str(more)
    return f"it is sold {', '.join(said for said in (least, steps) if said)}: order {instead}"
