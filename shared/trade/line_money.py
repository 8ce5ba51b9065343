"""Who earns what from an order's goods: each supplier its price, the storefront its margin."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.order_messages import OrderLine


@dataclass(frozen=True, slots=True)
class Split:
    """One line's money, in minor units of the order's currency. `cost` + `margin` is what the shopper pays for the line."""

    offer_id: str
    supplier_id: str
    cost: int
    margin: int


def split(lines: Iterable[OrderLine]) -> list[Split]:
    """The lines' money; shipping and the provider's fee are not part of it."""
    return [
        Split(line.offer_id, line.supplier_id, line.unit_cost * line.quantity, (line.unit_price - line.unit_cost) * line.quantity)
        for line in lines
    ]
