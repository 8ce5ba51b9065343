"""What an order comes to, before it is placed."""

from dataclasses import dataclass

from shared.errors import Conflict
from shared.order_messages import OrderLine, ShippingChoice
from shared.trade.line_money import line_money


class TotalChanged(Conflict):
    code, title = "total-changed", "The order comes to another sum by now: look at it again, and place it at that"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Amounts in minor units of `currency`."""

    lines: tuple[OrderLine, ...]
    currency: str
    rates_day: str | None
    """Of the exchange rates that some lines were converted at; None if none was."""
    shipping: ShippingChoice

    @property
    def goods(self) -> int:
        return sum(line_money(line).price for line in self.lines)

    @property
    def total(self) -> int:
        return self.goods + self.shipping.price
