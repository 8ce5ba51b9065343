"""How orders are listed and shown. What suppliers get and the storefront's margin are for its owner, and for keys that may manage."""

from typing import Self

from pydantic import Field

from functions.orders.order import Buyer, Fulfilment, Order, State
from functions.orders.refunds.refund_views import RefundView
from monsoon_plugin.address import Address
from monsoon_plugin.money import Amount, Money
from shared.api.caller import Caller
from shared.api.payload import Query, View
from shared.order_messages import OrderLine, ShippingChoice
from shared.trade.line_money import goods_money, line_money

SHOWN_TO = "not for API keys below `manage`"


class OrderList(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=4096)
    status: State | None = Field(default=None, description="only orders in this state; a page may then hold fewer than `limit`")
    flagged: bool | None = Field(default=None, description="only orders with flags (true) or without; a page may then hold fewer")

    def wants(self, order: Order) -> bool:
        return self.status in (None, order.state) and self.flagged in (None, bool(order.flagged))


class LineView(View):
    offer_id: str
    product_id: str
    supplier_id: str
    title: str
    quantity: int
    refunded: int = Field(description="units for which a refund was requested")
    unit_price: Amount = Field(description="what the shopper pays for one")
    total: Amount
    cost: Amount | None = Field(default=None, description=f"what the supplier gets for the line; {SHOWN_TO}")
    supplier_price: Amount | None = Field(
        default=None, description=f"what the supplier asked for one, if that was in another currency; {SHOWN_TO}"
    )


class FlagView(View):
    offer_id: str
    reason: str


class TotalsView(View):
    goods: Amount
    shipping: Amount
    total: Amount = Field(description="what the shopper pays")
    cost: Amount | None = Field(default=None, description=f"of the goods, what their suppliers get; {SHOWN_TO}")
    margin: Amount | None = Field(default=None, description=f"of the goods, what the storefront keeps; {SHOWN_TO}")


class OrderView(View):
    id: str
    storefront_id: str
    state: State
    fulfilment: Fulfilment
    reason: str | None = Field(description="why it was cancelled")
    test: bool = Field(description="it is paid in test mode: nothing of it is ever payable, sent live, or counted")
    placed_at: str
    pay_by: str = Field(description="an order that is unpaid then expires")
    buyer: Buyer
    address: Address
    language: str
    lines: list[LineView]
    shipping: ShippingChoice
    totals: TotalsView
    refunds: list[RefundView]
    rates_day: str | None = Field(default=None, description="of the ECB's rates that a supplier_price was converted at; they stay")
    flags: list[FlagView] = Field(description="goods that were recalled before they were sent, and why")
    payment_ticket: str | None = Field(
        default=None,
        description="for payments, while the order awaits payment: good for 15 minutes, read the order for another; "
        "none while it has flags: cancel it and order the rest",
    )

    @classmethod
    def of(cls, order: Order, caller: Caller, payment_ticket: str | None = None) -> Self:
        """The order as `caller` may see it."""
        shares = caller.reaches("manage")
        return cls(
            id=order.id,
            storefront_id=order.storefront_id,
            state=order.state,
            fulfilment=order.fulfilment,
            reason=order.reason,
            test=order.test,
            placed_at=order.placed_at,
            pay_by=order.pay_by,
            buyer=order.buyer,
            address=order.address,
            language=order.language,
            lines=[_line_of(order, line, shares) for line in order.lines],
            shipping=order.shipping,
            totals=_totals_of(order, shares),
            refunds=[RefundView.of(refund) for refund in order.refunds],
            rates_day=order.rates_day,
            flags=[FlagView(offer_id=offer_id, reason=why) for offer_id, why in sorted(order.flagged.items())],
            payment_ticket=payment_ticket,
        )


class OrderPage(View):
    items: list[OrderView]
    next: str | None = None


def _amount(order: Order, amount: int) -> Amount:
    return Amount.of(Money(amount, order.currency))


def _line_of(order: Order, line: OrderLine, shares: bool) -> LineView:
    """`shares`: whether to say what the supplier gets."""
    money = line_money(line)
    return LineView(
        offer_id=line.offer_id,
        product_id=line.product_id,
        supplier_id=line.supplier_id,
        title=line.title,
        quantity=line.quantity,
        refunded=order.refunded_units(line.offer_id),
        unit_price=_amount(order, line.unit_price),
        total=_amount(order, money.price),
        cost=_amount(order, money.cost) if shares else None,
        supplier_price=line.supplier_price if shares else None,
    )


def _totals_of(order: Order, shares: bool) -> TotalsView:
    money = goods_money(order.lines)
    return TotalsView(
        goods=_amount(order, money.price),
        shipping=_amount(order, order.shipping.price),
        total=_amount(order, order.total),
        cost=_amount(order, money.cost) if shares else None,
        margin=_amount(order, money.margin) if shares else None,
    )
