"""What orders tell the bus (shared.messages says the rules of all events)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from monsoon_plugin.address import Address
from monsoon_plugin.money import Amount
from shared.bounds.fields import (
    MOST_LINES,
    MOST_WITHDRAWALS,
    Code,
    Currency,
    Id,
    Minor,
    Moment,
    OfferIds,
    Reason,
    Title,
    Units,
    UnitsByOffer,
    Version,
)
from shared.messages import Message
from shared.sealing.sealed_text import SealedText
from shared.shipment_messages import Why
from shared.variants.order_part import part_of


class OrderLine(BaseModel):
    """One line of an order as it was priced. All amounts are of one unit, in the order's currency's minor units."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    offer_id: Id
    product_id: Id
    supplier_id: Id
    title: Title
    quantity: Units
    unit_price: Minor = Field(description="what the shopper pays")
    unit_cost: Minor = Field(description="what the supplier gets, converted at the order's rates")
    supplier_price: Amount | None = Field(default=None, description="what the supplier asked, in its own currency, if that is another")
    requires_shipping: bool = Field(default=True, description="false: virtual goods, which travel in no parcel")
    compare_at: Minor | None = Field(default=None, description="what the price was compared with, where a reduction was announced")

    @property
    def part(self) -> str:
        """With which other lines it leaves (shared.variants.order_part)."""
        return part_of(self.supplier_id, virtual=not self.requires_shipping)


OrderLines = Annotated[list[OrderLine], Field(max_length=MOST_LINES)]


class ShippingChoice(BaseModel):
    """The rate that the shopper chose, as its signed ticket said."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    installation_id: Id
    plugin: Code
    rate_id: Id
    service: Code
    price: Minor = Field(description="minor units of the order's currency")

    @property
    def ships_nothing(self) -> bool:
        """Whether nothing of the order travels."""
        return self.installation_id == SHIPS_NOTHING.installation_id


SHIPS_NOTHING = ShippingChoice(installation_id="virtual", plugin="virtual", rate_id="virtual", service="virtual", price=0)
"""The choice of an order of virtual goods alone: no courier, no price. No installation has this id."""


class UnitsOf(BaseModel):
    """Units of one offer."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    offer_id: Id
    supplier_id: Id
    units: Units
    requires_shipping: bool = True

    @property
    def part(self) -> str:
        return part_of(self.supplier_id, virtual=not self.requires_shipping)


class ProviderAmount(BaseModel):
    """How much more a payment provider holds for an order, in minor units of its currency; below 0: less."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    plugin: Code
    amount: Minor


MOST_PROVIDERS = 20
"""Of one order, which has at most so many payments."""
AtProviders = Annotated[list[ProviderAmount] | None, Field(max_length=MOST_PROVIDERS)]
NO_ADDRESS = "absent of an order of virtual goods alone that was placed with a country and no address"
SEALED_ADDRESS = "instead of `address`, which only orders of before have in the clear"
TakenOff = Annotated[list[Id], Field(max_length=MOST_WITHDRAWALS)]
CancelReason = Literal["expired", "shopper", "merchant", "supplier", "recalled"]


class OrderEvent(Message):
    """What every event about an order says. The version counts the order's changes."""

    order_id: Id
    storefront_id: Id
    account_id: Id = Field(description="the storefront's owner")
    currency: Currency
    test: bool = Field(default=False, description="it is paid in test mode: nothing of it is ever payable, sent live, or counted")


class BoughtLine(BaseModel):
    """One line as its buyer sees it; `unit_price` in minor units of the order's currency."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    title: Title
    quantity: Units
    unit_price: Minor


class OrderPlaced(OrderEvent):
    """orders → fanout, notices: stock is taken, payment is awaited. Events of before say the total alone."""

    type, source = "monsoon.order.placed.v1", "orders"
    total: Minor
    pay_by: Moment = Field(default="", description="until when its goods are kept for it")
    language: Code = Field(default="", description="BCP 47: to write to its buyer in")
    sealed_buyer: SealedText | None = Field(default=None, description="who bought, of an order with an e-mail")
    lines: Annotated[list[BoughtLine], Field(max_length=MOST_LINES)] = Field(default=[], description="of an order with an e-mail")
    shipping: Minor = 0


class OrderAccepted(OrderEvent):
    """orders → shipping, notices: payment is promised (cash on delivery, an authorization) or received; it may be shipped."""

    type, source = "monsoon.order.accepted.v1", "orders"
    lines: OrderLines
    taken_off: TakenOff = Field(default=[], description="ids of the withdrawals whose units `lines` do not hold any more")
    shipping: ShippingChoice
    address: Address | None = Field(default=None, description=NO_ADDRESS)
    sealed_address: SealedText | None = Field(default=None, description=SEALED_ADDRESS)
    again: bool = Field(default=False, description="it was confirmed before, and lost its payment since: what is held for that is free")


class OrderPaid(OrderEvent):
    """orders → pictures, shipping, settlement, notices: the money is captured. Says who shall get what of it."""

    type, source = "monsoon.order.paid.v1", "orders"
    lines: OrderLines
    taken_off: TakenOff = Field(default=[], description="ids of the withdrawals whose units `lines` do not hold any more")
    shipping: ShippingChoice
    address: Address | None = Field(default=None, description=NO_ADDRESS)
    sealed_address: SealedText | None = Field(default=None, description=SEALED_ADDRESS)
    total: Minor
    payment_id: Id
    payment_plugin: Code
    provider_fee: Minor = Field(description="what the provider kept, minor units of the order's currency")
    again: bool = Field(default=False, description="it was confirmed before, and lost its payment since: what is held for that is free")
    paid_before: bool = Field(default=False, description="it was paid before, and settled: what moves now is `regained` alone")
    regained: Minor = Field(
        default=0, description="of an order that was paid before: how much was missing, and is there anew (below 0: more is missing)"
    )
    at_providers: AtProviders = Field(
        default=None, description="by provider, what it holds of `total`, or of `regained`; null: all of it is with `payment_plugin`"
    )


class OrderPaymentLost(OrderEvent):
    """orders → shipping, settlement, pictures, fanout: what promised or paid it is gone: what has not left is held until paid anew or
    cancelled."""

    type, source = "monsoon.order.payment_lost.v1", "orders"
    why: Literal["authorization_ended", "capture_reversed"]
    payment_id: Id
    payment_plugin: Code
    amount: Minor = Field(
        description="how much of what had been paid for it is missing now; 0 for what was only promised; below 0: so much less is missing"
    )
    at_providers: AtProviders = Field(
        default=None, description="by provider, how that moved, below 0 what is gone; null: by `payment_plugin`"
    )


class OrderCancelled(OrderEvent):
    """orders → payments, shipping, fanout, notices: it will not be delivered; nothing of it was sent. What was captured goes back."""

    type, source = "monsoon.order.cancelled.v1", "orders"
    reason: CancelReason
    payment_id: Id | None = Field(default=None, description="the payment whose promise is given up; none if no promise stands")


class OrderUnitsWithdrawn(OrderEvent):
    """orders → shipping, fanout: these units are wanted back before they are sent.

    Shipping answers, once for each supplier's parcel, with ShipmentUnitsReleased or ShipmentUnitsKept; money and stock move on the answer.
    """

    type, source = "monsoon.order.units_withdrawn.v1", "orders"
    withdrawal_id: Id = Field(description="the key of the question: asked again, it is the same question")
    attempt: Version = Field(default=1, description="rises each time that the question is asked anew because nobody answered")
    why: Why
    units: list[UnitsOf] = Field(max_length=MOST_LINES)


class OrderUnitsKept(OrderEvent):
    """orders → fanout: of the units that were asked back none comes: they had left. The order goes on as it was."""

    type, source = "monsoon.order.units_kept.v1", "orders"
    withdrawal_id: Id = Field(description="of the question that so ended")
    why: Why
    units: UnitsByOffer = Field(description="offer id → units that were asked for and have left")


class OrderPromiseRetained(OrderEvent):
    """orders → fanout: a payment provider would not give back what was promised for a cancelled order: it is reserved until that ends."""

    type, source = "monsoon.order.promise_retained.v1", "orders"
    payment_id: Id
    amount: Minor = Field(description="what stays reserved at the shopper's bank, minor units of `currency`, the payment's")
    reason: Reason = Field(description="what the provider says, for people")


class OrderReduced(OrderEvent):
    """orders → payments, fanout: units were taken out of an order that is not paid yet: the amount to be collected has fallen."""

    type, source = "monsoon.order.reduced.v1", "orders"
    amount: Minor = Field(description="what the shopper owes now, minor units of the order's currency; it only falls")
    complete: bool = Field(default=False, description="all that is left of it is delivered: cash on delivery has been collected")


class OrderFlagged(OrderEvent):
    """orders → fanout: goods of an open order were recalled before they were sent (or are free again: no offers)."""

    type, source = "monsoon.order.flagged.v1", "orders"
    offer_ids: OfferIds = Field(description="of the lines whose goods are recalled at present")
    reason: Reason


class RefundRequested(OrderEvent):
    """orders → payments: pay back this much of what was captured. `refund_id` is the refund's own key."""

    type, source = "monsoon.order.refund_requested.v1", "orders"
    refund_id: Id
    payment_id: Id
    amount: Minor


class OrderRefunded(OrderEvent):
    """orders → settlement, pictures, notices: a refund has been paid; `lines` say which units came back (none: money without an order)."""

    type, source = "monsoon.order.refunded.v1", "orders"
    refund_id: Id
    payment_id: Id
    payment_plugin: Code
    lines: OrderLines
    shipping: Minor = Field(description="how much of the shipping price is paid back")
    amount: Minor
    covered: Minor = Field(default=0, description="of lines and shipping: how much of them had gone back before, by no refund of theirs")
    borne: Minor = Field(default=0, description="of a refund without lines: how much of it had been booked as the order's")


class OrderRefundFailed(OrderEvent):
    """orders → settlement, pictures, fanout: a refund could not be paid; if OrderRefunded had told of it, its entry is reversed."""

    type, source = "monsoon.order.refund_failed.v1", "orders"
    refund_id: Id
    payment_id: Id
    payment_plugin: Code
    amount: Minor
    reason: Reason
    was_paid: bool
    at_providers: AtProviders = Field(
        default=None, description="by provider, how much more it holds for the order by that; null: what its entry had taken off"
    )
