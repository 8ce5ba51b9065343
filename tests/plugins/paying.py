"""What the tests of payment plug-ins share."""

from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, PaymentView, StartPayment
from shared.ids import derived_id


def amend(request: StartPayment, view: PaymentView, what: str, amount: int | None = None) -> Amend:
    """A change of `request`'s payment; `what` makes its op_key."""
    money = Money(request.amount.amount if amount is None else amount, request.amount.currency)
    return Amend(request.payment_id, view.provider_ref, derived_id("op", request.payment_id, what), money, request.amount, request.order_id)
