"""How orders are listed and shown. What suppliers get and the storefront's margin are for its owner, and for keys that may manage."""

from typing import Literal, Self

from pydantic import Field

from functions.orders.buyers.buyer import Buyer
from functions.orders.lifecycle.review_reason import ReviewReason
from functions.orders.order import Fulfilment, Order, State
from functions.orders.refunds.refund_views import RefundView, refunds_of
from functions.orders.withdrawals.units import is_being_cancelled
from functions.orders.withdrawals.withdrawal_views import WithdrawalView
from monsoon_plugin.address import Address
from monsoon_plugin.money import Amount, Money
from shared.api.caller import Caller
from shared.api.payload import Query, View
from shared.order_messages import NO_ADDRESS, OrderLine, ShippingChoice
from shared.trade.line_money import goods_money, line_money

ShownState = Literal[State, "cancelling"]
"""cancelling: every unit is asked back; it is cancelled if none has left, and goes on with those that have."""
SHOWN_TO = "not for API keys below `manage`"


class OrderList(Query):
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=4096)
    status: ShownState | None = Field(default=None, description="only orders in this state; a page may then hold fewer than `limit`")
    flagged: bool | None = Field(default=None, description="only orders with flags (true) or without; a page may then hold fewer")
    overdue: bool | None = Field(
        default=None, description="only orders with units that were asked back half an hour ago without an answer, or without such"
    )

    number: str | None = Field(default=None, max_length=32, description="only the order of this number, however it is typed")

    def wants(self, order: Order) -> bool:
        overdue = any(withdrawal.overdue for withdrawal in order.withdrawals)
        return self.status in (None, shown_state(order)) and self.flagged in (None, bool(order.flagged)) and self.overdue in (None, overdue)


class LineView(View):
    offer_id: str
    product_id: str
    supplier_id: str
    title: str
    quantity: int
    refunded: int = Field(description="units for which a refund was requested")
    withdrawn: int = Field(description="units that were taken back before they were sent")
    unit_price: Amount = Field(description="what the shopper pays for one")
    compare_at: Amount | None = Field(default=None, description="what that price was compared with, where a reduction was announced")
    total: Amount
    cost: Amount | None = Field(default=None, description=f"what the supplier gets for the line; {SHOWN_TO}")
    requires_shipping: bool | None = Field(
        default=None,
        description="false: virtual goods, which travel in no parcel; absent: they do. What is delivered shows with the shipments",
    )
    supplier_price: Amount | None = Field(
        default=None, description=f"what the supplier asked for one, if that was in another currency; {SHOWN_TO}"
    )


class FlagView(View):
    offer_id: str
    reason: str


class StandingPromiseView(View):
    """Money of a cancelled order that is reserved still at the shopper's bank: nobody has taken it, and nobody will by this order."""

    payment_id: str = Field(description="by which payment it was reserved")
    amount: Amount = Field(description="what the shopper cannot spend until the provider releases it, or the reservation ends by itself")
    reason: str = Field(description="why the provider did not release it, in its own words")


class TotalsView(View):
    goods: Amount
    shipping: Amount
    total: Amount = Field(description="what the shopper pays: without what was taken back before it was paid")
    cost: Amount | None = Field(default=None, description=f"of the goods, what their suppliers get; {SHOWN_TO}")
    margin: Amount | None = Field(default=None, description=f"of the goods, what the storefront keeps; {SHOWN_TO}")


class OrderView(View):
    id: str
    number: str = Field(description="by which people name it", examples=["2GV1C-E162Y"])
    storefront_id: str
    state: ShownState = Field(description="cancelling: every unit is asked back; cancelled only once none of them can be sent any more")
    fulfilment: Fulfilment
    reason: str | None = Field(description="why it was cancelled")
    review: ReviewReason | None = Field(
        default=None,
        description="why it is in review. amount_differs: another amount was promised or captured than is owed; authorization_ended: what "
        "was promised is so no more, and it is cancelled after some days unless it is paid anew; capture_reversed: the provider took back "
        "what it had captured",
    )
    test: bool = Field(description="it is paid in test mode: nothing of it is ever payable, sent live, or counted")
    placed_at: str
    pay_by: str = Field(description="an order that is unpaid then expires")
    buyer: Buyer
    erased: bool = Field(default=False, description="what says who bought it, and where it went, is erased for good")
    note: str = Field(default="", description="what the buyer tells the merchant")
    gift: bool = Field(default=False, description="it is for somebody else: let nothing in the parcel tell a price")
    address: Address | None = Field(default=None, description=NO_ADDRESS)
    country: str = Field(description="where it goes, ISO 3166-1 alpha-2")
    language: str
    lines: list[LineView]
    shipping: ShippingChoice = Field(description="of an order of virtual goods alone the plug-in is `virtual`, and the price 0")
    totals: TotalsView
    refunds: list[RefundView]
    withdrawals: list[WithdrawalView] = Field(description="units asked back before they are sent, and what became of that")
    standing_promises: list[StandingPromiseView] = Field(
        default=[], description="of a cancelled order: money that the payment provider was told to release and did not, so that it is "
        "reserved still at the shopper's bank. Release it in the provider's console (cancel the authorization there); it is shown here "
        "until that is heard, or the reservation has ended by itself",
    )  # fmt: skip
    rates_day: str | None = Field(default=None, description="of the ECB's rates that a supplier_price was converted at; they stay")
    flags: list[FlagView] = Field(description="goods that were recalled before they were sent, and why")
    order_ticket: str | None = Field(
        default=None,
        description="shows the order, and its parcels, to whoever has it, for 90 days: for a link to its buyer. Not in lists",
    )
    payment_ticket: str | None = Field(
        default=None,
        description="for payments, while the order awaits payment, for the first time or anew: good for 15 minutes, read "
        "the order for another; none while it has flags: cancel it and order the rest",
    )

    @classmethod
    def of(cls, order: Order, caller: Caller, *, payment_ticket: str | None = None, order_ticket: str | None = None) -> Self:
        """The order as `caller` may see it."""
        shares = caller.reaches("manage")
        return cls(
            id=order.id,
            number=order.number,
            storefront_id=order.storefront_id,
            state=shown_state(order),
            fulfilment=order.fulfilment,
            reason=order.reason,
            review=_review_of(order),
            test=order.test,
            placed_at=order.placed_at,
            pay_by=order.pay_by,
            buyer=order.buyer,
            erased=order.erased,
            note=order.note,
            gift=order.gift,
            address=order.address,
            country=order.country,
            language=order.language,
            lines=[_line_of(order, line, shares) for line in order.lines],
            shipping=order.shipping,
            totals=_totals_of(order, shares),
            refunds=refunds_of(order),
            withdrawals=[WithdrawalView.of(withdrawal) for withdrawal in order.withdrawals],
            standing_promises=standing_promises(order),
            rates_day=order.rates_day,
            flags=[FlagView(offer_id=offer_id, reason=why) for offer_id, why in sorted(order.flagged.items())],
            order_ticket=order_ticket,
            payment_ticket=payment_ticket,
        )


def shown_state(order: Order) -> ShownState:
    return "cancelling" if is_being_cancelled(order) else order.state


def _review_of(order: Order) -> ReviewReason | None:
    """Orders of before the reason was kept tell the one that shows."""
    if order.state != "review":
        return None
    return order.review or ("capture_reversed" if order.lost else None)


def standing_promises(order: Order) -> list[StandingPromiseView]:
    standing = [p for p in order.payments if p.uncancelled and p.promised and not p.captured]
    amounts = [Amount(amount=p.promised, currency=p.currency) for p in standing]
    return [StandingPromiseView(payment_id=p.id, amount=a, reason=p.uncancelled) for p, a in zip(standing, amounts, strict=True)]


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
        withdrawn=order.released_units(line.offer_id),
        unit_price=_amount(order, line.unit_price),
        compare_at=None if line.compare_at is None else _amount(order, line.compare_at),
        total=_amount(order, money.price),
        cost=_amount(order, money.cost) if shares else None,
        supplier_price=line.supplier_price if shares else None,
        requires_shipping=None if line.requires_shipping else False,
    )


def _totals_of(order: Order, shares: bool) -> TotalsView:
    money = goods_money(order.owed_lines)
    return TotalsView(
        goods=_amount(order, money.price),
        shipping=_amount(order, order.shipping.price - order.shipping_waived),
        total=_amount(order, order.total),
        cost=_amount(order, money.cost) if shares else None,
        margin=_amount(order, money.margin) if shares else None,
    )
