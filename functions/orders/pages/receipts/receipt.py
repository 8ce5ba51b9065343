"""What a receipt says: what was bought and what was paid, and, to whoever has shown to be the buyer, who bought it."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.orders.buyers.buyer import Buyer
from functions.orders.order import Order
from shared.buyers.seller import Seller
from shared.errors import Conflict
from shared.trade.line_money import line_money


class NothingPaid(Conflict):
    code, title = "nothing-paid", "Nothing was paid for this order yet: there is no receipt of it"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """Amounts in minor units of the order's currency."""

    title: str
    quantity: int
    unit_price: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Amounts in minor units of `currency`."""

    shop: str
    number: str
    placed_at: str
    """RFC 3339."""
    country: str
    currency: str
    lines: Sequence[ReceiptLine]
    goods: int
    service: str
    """The courier's; empty where nothing was sent."""
    shipping: int
    total: int
    paid: int
    """What was received, before anything of it went back."""
    refunded: int
    test: bool
    seller: Seller | None = None
    """None: the shop's owner has not said who sells."""
    buyer: Buyer | None = None
    """None: whoever has the link reads it."""


def money_received(order: Order) -> int:
    """What the order's payments brought, before anything of it went back."""
    return sum(payment.captured for payment in order.payments if payment.currency == order.currency)


def receipt_of(order: Order, shop: str, seller: Seller | None, buyer: Buyer | None = None) -> Receipt:
    """Raises NothingPaid."""
    paid = money_received(order)
    if not paid:
        raise NothingPaid
    lines = [ReceiptLine(line.title, line.quantity, line.unit_price, line_money(line).price) for line in order.owed_lines]
    refunds = [each.amount for each in order.refunds if each.state == "paid" and each.currency == order.currency]
    return Receipt(
        shop=shop, number=order.number, placed_at=order.placed_at, country=order.country, currency=order.currency, lines=lines,
        goods=order.goods, service=order.shipping.service if order.requires_shipping else "",
        shipping=order.shipping.price - order.shipping_waived, total=order.total, paid=paid, refunded=sum(refunds), test=order.test,
        seller=seller, buyer=buyer,
    )  # fmt: skip
