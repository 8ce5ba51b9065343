"""What requests to cancel or refund an order carry, and how a refund is shown."""

from typing import Literal, Self

from pydantic import Field, field_validator

from functions.orders.checkout.checkout_views import LineAsk, different_offers
from functions.orders.order import Refund
from functions.orders.refunds.refund import RefundAsk
from monsoon_plugin.money import Amount
from shared.api.payload import Body, View


class CancelOrder(Body):
    reason: Literal["shopper", "merchant"] = Field(default="merchant", description="who wants it cancelled")


class RequestRefund(Body):
    lines: list[LineAsk] = Field(default=[], max_length=50)
    shipping: bool = Field(default=False, description="pay back what is left of the shipping price")
    restock: bool = Field(default=True, description="put the units on sale again")
    reason: str = Field(min_length=1, max_length=200)
    _lines = field_validator("lines")(different_offers)

    def ask(self) -> RefundAsk:
        return RefundAsk({line.offer_id: line.quantity for line in self.lines}, self.shipping, self.restock, self.reason)


class RefundView(View):
    id: str
    state: Literal["requested", "paid", "failed"]
    amount: Amount
    lines: dict[str, int] = Field(description="offer id → units")
    shipping: Amount
    reason: str

    @classmethod
    def of(cls, refund: Refund) -> Self:
        return cls(id=refund.id, state=refund.state, amount=Amount(amount=refund.amount, currency=refund.currency),
                   lines=dict(refund.lines), shipping=Amount(amount=refund.shipping, currency=refund.currency),
                   reason=refund.reason)  # fmt: skip
