"""What orders tell the bus (shared.messages says the rules of all events)."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from monsoon_plugin.address import Address
from monsoon_plugin.money import Amount
from shared.messages import Message


class OrderLine(BaseModel):
    """One line of an order as it was priced. All amounts are of one unit, in the order's currency's minor units."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    offer_id: str
    product_id: str
    supplier_id: str
    title: str
    quantity: int
    unit_price: int = Field(description="what the shopper pays")
    unit_cost: int = Field(description="what the supplier gets, converted at the order's rates")
    supplier_price: Amount | None = Field(default=None, description="what the supplier asked, in its own currency, if that is another")


class ShippingChoice(BaseModel):
    """The rate that the shopper chose, as its signed ticket said."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    installation_id: str
    plugin: str
    rate_id: str
    service: str
    price: int = Field(description="minor units of the order's currency")


class OrderEvent(Message):
    """What every event about an order says. The version counts the order's changes."""

    order_id: str
    storefront_id: str
    account_id: str = Field(description="the storefront's owner")
    currency: str


class OrderPlaced(OrderEvent):
    """orders → (statistics): stock is taken, payment is awaited."""

    type, source = "monsoon.order.placed.v1", "orders"
    total: int


class OrderAccepted(OrderEvent):
    """orders → shipping: payment is promised (cash on delivery, an authorization) or received; it may be shipped."""

    type, source = "monsoon.order.accepted.v1", "orders"
    lines: list[OrderLine]
    shipping: ShippingChoice
    address: Address


class OrderPaid(OrderEvent):
    """orders → shipping, settlement: the money is captured. Says who shall get what of it."""

    type, source = "monsoon.order.paid.v1", "orders"
    lines: list[OrderLine]
    shipping: ShippingChoice
    address: Address
    total: int
    payment_id: str
    payment_plugin: str
    provider_fee: int = Field(description="what the provider kept, minor units of the order's currency")


class OrderCancelled(OrderEvent):
    """orders → payments, shipping: it will not be delivered; stock is back. Nothing had been captured."""

    type, source = "monsoon.order.cancelled.v1", "orders"
    reason: Literal["expired", "shopper", "merchant"]
    payment_id: str | None = None


class OrderFlagged(OrderEvent):
    """orders → fanout: goods of an open order were recalled before they were sent (or are free again: no offers)."""

    type, source = "monsoon.order.flagged.v1", "orders"
    offer_ids: list[str] = Field(description="of the lines whose goods are recalled at present")
    reason: str


class RefundRequested(OrderEvent):
    """orders → payments: pay back this much of what was captured. `refund_id` is the refund's own key."""

    type, source = "monsoon.order.refund_requested.v1", "orders"
    refund_id: str
    payment_id: str
    amount: int


class OrderRefunded(OrderEvent):
    """orders → settlement: a refund has been paid; `lines` say which units came back (empty for a payment without an order)."""

    type, source = "monsoon.order.refunded.v1", "orders"
    refund_id: str
    payment_id: str
    payment_plugin: str
    lines: list[OrderLine]
    shipping: int = Field(description="how much of the shipping price is paid back")
    amount: int


class OrderRefundFailed(OrderEvent):
    """orders → settlement, fanout: a refund could not be paid; if OrderRefunded had told of it, its entry is reversed."""

    type, source = "monsoon.order.refund_failed.v1", "orders"
    refund_id: str
    payment_id: str
    payment_plugin: str
    amount: int
    reason: str
    was_paid: bool
