"""What the tests of payment plug-ins share."""

from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, PaymentView, StartPayment
from shared.ids import derived_id


def amend(request: StartPayment, view: PaymentView, what: str, amount: int | None = None) -> Amend:
    """A change of `request`'s payment; `what` makes its op_key."""
    money = Money(request.amount.amount if amount is None else amount, request.amount.currency)
    return Amend(
        payment_id=request.payment_id,
        provider_ref=view.provider_ref,
        op_key=derived_id("op", request.payment_id, what),
        amount=money,
        paid=request.amount,
        order_id=request.order_id,
    )
