"""What requests to cancel or refund an order carry, and how a refund is shown."""

from typing import Literal, Self

from pydantic import Field, field_validator

from functions.orders.checkout.checkout_views import LineAsk, different_offers
from functions.orders.order import Order, Refund
from functions.orders.refunds.refund import RefundAsk
from functions.orders.withdrawals.withdrawal import Withdrawal
from monsoon_plugin.money import Amount
from shared.api.payload import Body, View
from shared.ids import ID_PATTERN


class CancelOrder(Body):
    reason: Literal["shopper", "merchant"] = Field(default="merchant", description="who wants it cancelled")
    supplier_id: str | None = Field(
        default=None, pattern=ID_PATTERN, description="cancel this supplier's part alone; absent: the whole order"
    )


class RequestRefund(Body):
    lines: list[LineAsk] = Field(default=[], max_length=50)
    shipping: bool = Field(default=False, description="pay back what is left of the shipping price")
    restock: bool | None = Field(
        default=None, description="put the units on sale again; if you do not say: those that have not left yet, and none that have"
    )
    reason: str = Field(min_length=1, max_length=200)
    _lines = field_validator("lines")(different_offers)

    def ask(self) -> RefundAsk:
        return RefundAsk({line.offer_id: line.quantity for line in self.lines}, self.shipping, self.restock, self.reason)


RefundState = Literal["awaiting_goods", "requested", "paid", "failed", "kept"]


class RefundView(View):
    id: str
    state: RefundState = Field(
        description="awaiting_goods: paid once the units are known not to have left; kept: they had left, and nothing is paid by itself"
    )
    amount: Amount
    lines: dict[str, int] = Field(description="offer id → units")
    left: dict[str, int] = Field(description="those of `lines` that had left: a return, or a gift; offer id → units")
    shipping: Amount
    reason: str
    covered: int = Field(default=0, description="minor units of what it is for that had gone back before: they are not paid a second time")
    elsewhere: bool = Field(default=False, description="the provider made it, not the hub: by hand in its console, say")

    @classmethod
    def of(cls, refund: Refund) -> Self:
        return cls(id=refund.id, state=refund.state, amount=Amount(amount=refund.amount, currency=refund.currency),
                   lines=dict(refund.lines), left=dict(refund.left), shipping=Amount(amount=refund.shipping, currency=refund.currency),
                   reason=refund.reason, covered=refund.covered, elsewhere=refund.elsewhere)  # fmt: skip

    @classmethod
    def waiting(cls, order: Order, withdrawal: Withdrawal) -> Self:
        """A refund that awaits the goods, or that is not paid because they had left."""
        lines = {offer_id: withdrawal.units.get(offer_id, 0) + withdrawal.left.get(offer_id, 0) + withdrawal.back.get(offer_id, 0)
                 for offer_id in (line.offer_id for line in order.lines)}  # fmt: skip
        lines = {offer_id: units for offer_id, units in lines.items() if units}
        shipping = order.shipping_left if withdrawal.shipping else 0
        amounts = [Amount(amount=amount, currency=order.currency) for amount in (order.worth(lines) + shipping, shipping)]
        return cls(id=withdrawal.id, state="kept" if withdrawal.settled else "awaiting_goods", amount=amounts[0], lines=lines,
                   left=dict(withdrawal.left), shipping=amounts[1], reason=withdrawal.reason)  # fmt: skip


def refunds_of(order: Order) -> list[RefundView]:
    """The order's refunds; those that await the goods, or were not paid because the goods had left, last."""
    waiting = [w for w in order.withdrawals if w.why == "refund" and not order.refund(w.id) and not (w.settled and w.released)]
    return [*(RefundView.of(refund) for refund in order.refunds), *(RefundView.waiting(order, w) for w in waiting)]
