"""What requests and answers of orders and stock carry."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator

from functions.orders.checkout.pricing import Basket
from functions.orders.inventory.stock_item import Adjustment, Shelf
from functions.orders.order import Buyer, Fulfilment, Order, Refund, State
from functions.orders.refunds.refund import RefundAsk
from monsoon_plugin.address import Address
from monsoon_plugin.money import Amount, CurrencyCode, Money
from shared.api.payload import Body, Query, View
from shared.ids import ID_PATTERN
from shared.order_messages import ShippingChoice
from shared.trade.line_money import split
from shared.trade.product import LanguageTag

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Units = Annotated[int, Field(ge=1, le=10_000, description="units")]


class LineAsk(Body):
    offer_id: Id
    quantity: Units


def _different(lines: list[LineAsk]) -> list[LineAsk]:
    if len({line.offer_id for line in lines}) < len(lines):
        raise ValueError("name each offer once, with all its units")
    return lines


class BuyerAsk(Body):
    type: Literal["consumer", "business"] = "consumer"
    tax_id: str | None = Field(default=None, min_length=1, max_length=32, description="VAT or other tax number of a business")


class PlaceOrder(Body):
    lines: list[LineAsk] = Field(min_length=1, max_length=50)
    buyer: BuyerAsk = BuyerAsk()
    address: Address
    shipping_ticket: str = Field(
        min_length=1, max_length=8192, exclude=True,
        description="of the rate that the shopper chose, from shipping; a retry may bring a newer one",
    )  # fmt: skip
    language: LanguageTag = Field(default="en", description="BCP 47, of the titles on the order")
    currency: CurrencyCode | None = Field(default=None, description="one that the storefront sells in; its first by default")
    pay_within_hours: int | None = Field(
        default=None, ge=1, le=240, description="how long the stock is kept for payments that take days, such as a bank transfer"
    )
    _lines = field_validator("lines")(_different)

    def basket(self, unpaid: timedelta) -> Basket:
        """What is wanted; it is kept for `unpaid` unless the request says how long."""
        return Basket(
            quantities={line.offer_id: line.quantity for line in self.lines},
            buyer=Buyer(type=self.buyer.type, tax_id=self.buyer.tax_id),
            address=self.address,
            shipping_ticket=self.shipping_ticket,
            language=self.language,
            pay_within=timedelta(hours=self.pay_within_hours) if self.pay_within_hours else unpaid,
            currency=self.currency,
        )


class CancelOrder(Body):
    reason: Literal["shopper", "merchant"] = Field(default="merchant", description="who wants it cancelled")


class RequestRefund(Body):
    lines: list[LineAsk] = Field(default=[], max_length=50)
    shipping: bool = Field(default=False, description="pay back what is left of the shipping price")
    restock: bool = Field(default=True, description="put the units on sale again")
    reason: str = Field(min_length=1, max_length=200)
    _lines = field_validator("lines")(_different)

    def ask(self) -> RefundAsk:
        return RefundAsk({line.offer_id: line.quantity for line in self.lines}, self.shipping, self.restock, self.reason)


class AdjustStock(Body):
    delta: int = Field(ge=-10_000_000, le=10_000_000, description="units found (positive) or lost (negative), not 0")
    reason: str = Field(min_length=1, max_length=200)

    @field_validator("delta")
    @classmethod
    def _some(cls, delta: int) -> int:
        if delta == 0:
            raise ValueError("an adjustment changes something")
        return delta


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
    cost: Amount = Field(description="what the supplier gets for the line")
    supplier_price: Amount | None = Field(default=None, description="what the supplier asked for one, if that was in another currency")


class FlagView(View):
    offer_id: str
    reason: str


class TotalsView(View):
    goods: Amount
    shipping: Amount
    total: Amount = Field(description="what the shopper pays")
    cost: Amount = Field(description="of the goods, what their suppliers get")
    margin: Amount = Field(description="of the goods, what the storefront keeps")


class RefundView(View):
    id: str
    state: Literal["requested", "paid"]
    amount: Amount
    lines: dict[str, int] = Field(description="offer id → units")
    shipping: Amount
    reason: str

    @classmethod
    def of(cls, refund: Refund) -> Self:
        return cls(id=refund.id, state=refund.state, amount=Amount(amount=refund.amount, currency=refund.currency),
                   lines=dict(refund.lines), shipping=Amount(amount=refund.shipping, currency=refund.currency),
                   reason=refund.reason)  # fmt: skip


class OrderView(View):
    id: str
    storefront_id: str
    state: State
    fulfilment: Fulfilment
    reason: str | None = Field(description="why it was cancelled")
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
        default=None, description="for payments, while the order awaits payment; none while it has flags: cancel it and order the rest"
    )

    @classmethod
    def of(cls, order: Order, payment_ticket: str | None = None) -> Self:
        return cls(
            id=order.id, storefront_id=order.storefront_id, state=order.state, fulfilment=order.fulfilment, reason=order.reason,
            placed_at=order.placed_at, pay_by=order.pay_by, buyer=order.buyer, address=order.address, language=order.language,
            lines=_lines_of(order), shipping=order.shipping, totals=_totals_of(order),
            refunds=[RefundView.of(refund) for refund in order.refunds], rates_day=order.rates_day,
            flags=[FlagView(offer_id=offer_id, reason=why) for offer_id, why in sorted(order.flagged.items())],
            payment_ticket=payment_ticket,
        )  # fmt: skip


class OrderPage(View):
    items: list[OrderView]
    next: str | None = None


class StockView(View):
    offer_id: str
    quantity: int = Field(description="units that may still be sold")
    sellable: bool = Field(description="false after a recall")

    @classmethod
    def of(cls, shelf: Shelf) -> Self:
        return cls(offer_id=shelf.offer_id, quantity=shelf.quantity, sellable=shelf.sellable)


class AdjustmentView(View):
    id: str
    offer_id: str
    delta: int
    reason: str
    adjusted_at: str

    @classmethod
    def of(cls, adjustment: Adjustment) -> Self:
        return cls(id=adjustment.id, offer_id=adjustment.offer_id, delta=adjustment.delta, reason=adjustment.reason,
                   adjusted_at=adjustment.adjusted_at)  # fmt: skip


def _amount(order: Order, amount: int) -> Amount:
    return Amount.of(Money(amount, order.currency))


def _lines_of(order: Order) -> list[LineView]:
    return [
        LineView(
            offer_id=line.offer_id, product_id=line.product_id, supplier_id=line.supplier_id, title=line.title, quantity=line.quantity,
            refunded=order.refunded_units(line.offer_id), unit_price=_amount(order, line.unit_price),
            total=_amount(order, part.cost + part.margin), cost=_amount(order, part.cost),
            supplier_price=line.supplier_price,
        )
        for line, part in zip(order.lines, split(order.lines), strict=True)
    ]  # fmt: skip


def _totals_of(order: Order) -> TotalsView:
    parts = split(order.lines)
    return TotalsView(
        goods=_amount(order, order.goods), shipping=_amount(order, order.shipping.price), total=_amount(order, order.total),
        cost=_amount(order, sum(part.cost for part in parts)), margin=_amount(order, sum(part.margin for part in parts)),
    )  # fmt: skip
