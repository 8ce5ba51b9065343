"""What the bus hears of a payout that did not arrive."""

from functions.settlement.payouts.batches.payout_batch import PayoutRecord
from monsoon_plugin.money import Amount
from shared.trade.payment_messages import PayoutFailed


def failure_of(record: PayoutRecord) -> PayoutFailed | None:
    """None of one that has not failed."""
    if record.state not in ("failed", "returned"):
        return None
    account_id, storefront_id = record.tenant.split("#")
    return PayoutFailed(
        version=record.version, payout_id=record.payout_id, storefront_id=storefront_id, account_id=account_id, payee_id=record.payee,
        amount=Amount.of(record.amount), state=record.state, reason=record.reason,
    )  # fmt: skip
