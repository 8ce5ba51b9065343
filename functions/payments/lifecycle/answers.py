"""What the answer to an operation makes of a payment. Pure.

A notice or a look-up may have told of the operation before its answer came. What the provider has said of it since stays: the answer was
under way, and is the same news or older.
"""

from functions.payments.lifecycle.operation import Operation
from functions.payments.lifecycle.payment import Payment, merge, with_failure
from functions.payments.lifecycle.refunds import with_refund_view
from monsoon_plugin.errors import PluginError
from monsoon_plugin.payment import PaymentView, RefundView


def with_answer(payment: Payment, sent: Operation, told: PaymentView | RefundView) -> Payment:
    """`payment` as it now stands, after the provider's answer to `sent`, an operation as it was sent."""
    if isinstance(told, RefundView):
        return with_refund_view(payment, sent, told)
    known = payment.operation(sent.id) or sent
    if not known.decided:
        return merge(payment, told).with_operation(known.accepted() if told.accepted else known.succeeded())
    # A payment that has ended since its operation was done is not brought back by the answer, unless with money.
    return merge(payment, told) if payment.live or told.captured > payment.captured else payment


def with_refusal(payment: Payment, sent: Operation, error: PluginError) -> Payment:
    """`payment` as it now stands, after `sent` was refused or its answer was lost: that says nothing of what was told meanwhile."""
    return with_failure(payment, sent.failed(error)) if payment.operation(sent.id) in (None, sent) else payment
