"""What the bus hears of a payment's change."""

from functions.payments.operation import OperationKind, Phase
from functions.payments.payment import Payment, State
from shared.messages import Message, PaymentAuthorized, PaymentCaptured, PaymentRefunded
from shared.money import Amount


def news(before: Payment, after: Payment) -> Message | None:
    """The event of the change from `before` to `after`: a refund paid, money captured, or the amount promised; else None.

    A change brings at most one of them: refunds are settled one by one, in changes of their own.
    """
    paid = [o for o in after.operations if o.kind is OperationKind.REFUND and o.phase is Phase.SUCCEEDED]
    new = [o for o in paid if (known := before.operation(o.id)) is None or known.phase is not Phase.SUCCEEDED]
    if new:
        return PaymentRefunded(**_common(after, new[0].amount), refund_id=new[0].id)
    if after.captured > before.captured:
        return PaymentCaptured(**_common(after, after.captured), provider_fee=after.fee)
    if after.state is State.AUTHORIZED and before.state is not State.AUTHORIZED:
        return PaymentAuthorized(**_common(after, after.authorized))
    return None


def _common(payment: Payment, amount: int) -> dict[str, object]:
    account_id, _, storefront_id = payment.tenant.partition("#")
    return {
        "version": payment.version, "payment_id": payment.id, "order_id": payment.order_id, "storefront_id": storefront_id,
        "account_id": account_id, "plugin": payment.plugin, "amount": Amount(amount=amount, currency=payment.amount.currency),
    }  # fmt: skip
