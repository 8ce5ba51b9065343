"""What a guest sends to find an order, and what of it a link shows: what was bought and how it stands, and not who bought it."""

from typing import Self

from pydantic import Field

from functions.orders.buyers.buyer import MOST_EMAIL
from functions.orders.order import Fulfilment, Order
from functions.orders.order_views import FlagView, ShownState, shown_state
from functions.orders.refunds.refund_views import RefundState, refunds_of
from monsoon_plugin.money import Amount
from shared.api.payload import Body, View
from shared.order_messages import OrderLine
from shared.trade.line_money import line_money


class FindOrder(Body):
    number: str = Field(min_length=1, max_length=32, description="however it is typed", examples=["2GV1C-E162Y"])
    email: str = Field(min_length=3, max_length=MOST_EMAIL, description="the buyer's, as the order has it")


class BoughtLineView(View):
    offer_id: str
    product_id: str
    title: str
    quantity: int
    refunded: int = Field(description="units for which a refund was requested")
    withdrawn: int = Field(description="units that were taken back before they were sent")
    unit_price: Amount
    total: Amount


class BoughtRefundView(View):
    state: RefundState
    amount: Amount


class FollowedOrderView(View):
    """An order as its buyer follows it: no supplier's cost, no storefront's margin, no name, address or e-mail, whoever has the link."""

    number: str
    state: ShownState
    fulfilment: Fulfilment
    reason: str | None = Field(default=None, description="why it was cancelled")
    test: bool = Field(description="it is paid in test mode: nothing of it is sent")
    placed_at: str
    pay_by: str = Field(description="an order that is unpaid then expires")
    gift: bool
    country: str = Field(description="where it goes, ISO 3166-1 alpha-2")
    language: str
    service: str = Field(description="the courier's, as the shopper chose it")
    lines: list[BoughtLineView]
    goods: Amount
    shipping: Amount
    total: Amount
    refunds: list[BoughtRefundView]
    flags: list[FlagView] = Field(description="goods that were recalled before they were sent, and why")

    @classmethod
    def of(cls, order: Order) -> Self:
        amounts = (order.goods, order.shipping.price - order.shipping_waived, order.total)
        goods, shipping, total = (Amount(amount=amount, currency=order.currency) for amount in amounts)
        return cls(
            number=order.number, state=shown_state(order), fulfilment=order.fulfilment, reason=order.reason, test=order.test,
            placed_at=order.placed_at, pay_by=order.pay_by, gift=order.gift, country=order.country, language=order.language,
            service=order.shipping.service, lines=[_line_of(order, line) for line in order.lines],
            goods=goods, shipping=shipping, total=total,
            refunds=[BoughtRefundView(state=refund.state, amount=refund.amount) for refund in refunds_of(order)],
            flags=[FlagView(offer_id=offer_id, reason=why) for offer_id, why in sorted(order.flagged.items())],
        )  # fmt: skip


class FoundOrderView(View):
    order_ticket: str = Field(description="shows the order, and its parcels, to whoever has it, for 90 days: for its buyer alone")
    order: FollowedOrderView


def _line_of(order: Order, line: OrderLine) -> BoughtLineView:
    price, total = line.unit_price, line_money(line).price
    return BoughtLineView(
        offer_id=line.offer_id, product_id=line.product_id, title=line.title, quantity=line.quantity,
        refunded=order.refunded_units(line.offer_id), withdrawn=order.released_units(line.offer_id),
        unit_price=Amount(amount=price, currency=order.currency), total=Amount(amount=total, currency=order.currency),
    )  # fmt: skip
