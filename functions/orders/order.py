"""An order: what was bought, at which price, from whom, and what has become of it. Knows no AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from monsoon_plugin.address import Address
from shared.messages import Message, ShipmentDelivered, ShipmentDispatched
from shared.order_messages import OrderLine, OrderPlaced, ShippingChoice

State = Literal["unpaid", "accepted", "paid", "review", "cancelled"]
"""unpaid: awaits payment until `pay_by`. accepted: payment is promised. paid: captured in full. review: what was promised or captured
is not what was owed, and a person decides. cancelled: nothing will be delivered; whatever was captured goes back."""
Fulfilment = Literal["waiting", "under_way", "dispatched", "delivered"]
FULFILMENT: tuple[Fulfilment, ...] = ("waiting", "under_way", "dispatched", "delivered")
CancelReason = Literal["expired", "shopper", "merchant"]


class Part(BaseModel):
    """A part of an order as it is kept."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Buyer(Part):
    type: Literal["consumer", "business"] = "consumer"
    tax_id: str | None = Field(default=None, max_length=32, description="VAT or other tax number of a business")


class Payment(Part):
    """What the payments service has told of one payment for this order. Amounts in minor units of `currency`."""

    id: str
    plugin: str
    version: int
    currency: str
    captured: int = 0
    fee: int = 0


class Refund(Part):
    """Money on its way back. `lines` (offer id → units) and `shipping` are what it is for; both empty: money beyond what was owed."""

    id: str
    payment_id: str
    amount: int
    currency: str
    lines: Mapping[str, int] = {}
    shipping: int = 0
    state: Literal["requested", "paid", "failed"] = "requested"
    """failed: the provider could not pay it, or it came back; what it was for is owed again."""
    reason: str = ""
    fingerprint: str = ""


class Order(Part):
    """One order of one storefront. All amounts in minor units of `currency`."""

    id: str
    account_id: str
    storefront_id: str
    placed_at: str
    version: int = 1
    fingerprint: str
    currency: str
    language: str
    buyer: Buyer
    address: Address
    lines: tuple[OrderLine, ...]
    shipping: ShippingChoice
    pay_by: str
    state: State = "unpaid"
    reason: CancelReason | None = None
    fulfilment: Fulfilment = "waiting"
    payments: tuple[Payment, ...] = ()
    paid_by: str | None = None
    refunds: tuple[Refund, ...] = ()
    rates_day: str | None = None
    """Of the exchange rates that the lines with a `supplier_price` were converted at; None if no line was."""
    flags: Mapping[str, str] = {}
    """Offer id → why its goods are recalled: of what shipping holds, and while it is unpaid, of what is not on sale."""
    holds: Mapping[str, int] = {}
    """Shipment id → version of the last news of its being held or free."""

    @property
    def goods(self) -> int:
        """What the shopper pays for the goods alone."""
        return sum(line.unit_price * line.quantity for line in self.lines)

    @property
    def total(self) -> int:
        return self.goods + self.shipping.price

    @property
    def remaining(self) -> dict[str, int]:
        """Offer id → units bought for which no refund was requested, where there are any."""
        left = {line.offer_id: line.quantity - self.refunded_units(line.offer_id) for line in self.lines}
        return {offer_id: units for offer_id, units in left.items() if units}

    @property
    def flagged(self) -> dict[str, str]:
        """The flags of goods that the shopper still awaits; a cancelled order awaits none."""
        left = {} if self.state == "cancelled" else self.remaining
        return {offer_id: why for offer_id, why in self.flags.items() if offer_id in left}

    @property
    def shipping_left(self) -> int:
        """How much of the shipping price was not requested back."""
        return self.shipping.price - sum(refund.shipping for refund in self.standing)

    @property
    def standing(self) -> tuple[Refund, ...]:
        """The refunds that have not failed."""
        return tuple(refund for refund in self.refunds if refund.state != "failed")

    def refunded_units(self, offer_id: str) -> int:
        return sum(refund.lines.get(offer_id, 0) for refund in self.standing)

    def worth(self, lines: Mapping[str, int]) -> int:
        """What the shopper paid for these units of the order's lines."""
        return sum(line.unit_price * lines.get(line.offer_id, 0) for line in self.lines)

    def units(self, lines: Mapping[str, int]) -> list[OrderLine]:
        """The order's lines with these quantities instead of those bought."""
        return [line.model_copy(update={"quantity": lines[line.offer_id]}) for line in self.lines if line.offer_id in lines]

    def payment(self, payment_id: str) -> Payment | None:
        return next((payment for payment in self.payments if payment.id == payment_id), None)

    def refund(self, refund_id: str) -> Refund | None:
        return next((refund for refund in self.refunds if refund.id == refund_id), None)

    def next(self, **changes: Any) -> Self:
        """The order after one more change."""
        return self.model_copy(update={**changes, "version": self.version + 1})

    def with_payment(self, payment: Payment) -> tuple[Payment, ...]:
        return (*(p for p in self.payments if p.id != payment.id), payment)

    def told(self) -> dict[str, Any]:
        """What every event of this order says."""
        return {"version": self.version, "order_id": self.id, "storefront_id": self.storefront_id,
                "account_id": self.account_id, "currency": self.currency}  # fmt: skip

    def shippable(self) -> dict[str, Any]:
        """What shipping must know of it."""
        return {**self.told(), "lines": list(self.lines), "shipping": self.shipping, "address": self.address}


@dataclass(frozen=True, slots=True)
class Change:
    """An order's next state, the event that tells of it, and the units (by offer id) that go back on sale: one write."""

    order: Order
    event: Message | None = None
    returned: Mapping[str, int] = field(default_factory=dict)


def placed(order: Order) -> OrderPlaced:
    """The event that tells of a new order."""
    return OrderPlaced(**order.told(), total=order.total)


def shipped(order: Order, message: ShipmentDispatched | ShipmentDelivered) -> Change | None:
    """The order after news of a shipment. It only ever moves on, so that late and repeated news change nothing."""
    whole: Fulfilment = "delivered" if isinstance(message, ShipmentDelivered) else "dispatched"
    reached: Fulfilment = whole if message.remaining == 0 else "under_way"
    if _rank(reached) <= _rank(order.fulfilment):
        return None
    return Change(order.next(fulfilment=reached))


def _rank(fulfilment: Fulfilment) -> int:
    return FULFILMENT.index(fulfilment)
