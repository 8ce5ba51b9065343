"""An order line's money, for whoever counts it: price (the shopper pays) = cost (the supplier gets) + margin (the storefront keeps).

Shipping and the payment provider's fee are no part of a line. Integers only, in minor units of the order's currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class PricedLine(Protocol):
    """A line as it was ordered (shared.order_messages.OrderLine); the amounts are of one unit."""

    @property
    def quantity(self) -> int: ...
    @property
    def unit_price(self) -> int: ...
    @property
    def unit_cost(self) -> int: ...


@dataclass(frozen=True, slots=True)
class LineMoney:
    """Whose share of a line, or of several, is how much."""

    price: int
    cost: int

    @property
    def margin(self) -> int:
        """What the storefront keeps; below 0 where it sells under cost."""
        return self.price - self.cost


def line_money(line: PricedLine, units: int | None = None) -> LineMoney:
    """The money of `units` of a line; of the whole line if none are named."""
    counted = line.quantity if units is None else units
    return LineMoney(line.unit_price * counted, line.unit_cost * counted)


def goods_money(lines: Iterable[PricedLine]) -> LineMoney:
    """The money of all lines together."""
    parts = [line_money(line) for line in lines]
    return LineMoney(sum(part.price for part in parts), sum(part.cost for part in parts))
