"""What the tests of payment plug-ins share."""

from functions.payments.payment import PaymentView
from functions.payments.port import Amend, StartPayment
from shared.ids import derived_id
from shared.money import Money


def amend(request: StartPayment, view: PaymentView, what: str, amount: int | None = None) -> Amend:
    """A change of `request`'s payment; `what` makes its op_key."""
    money = Money(request.amount.amount if amount is None else amount, request.amount.currency)
    return Amend(request.payment_id, view.provider_ref, derived_id("op", request.payment_id, what), money, request.amount, request.order_id)
