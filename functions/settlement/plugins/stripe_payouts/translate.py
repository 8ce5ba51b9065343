"""Stripe's words for transfers and ours (docs.stripe.com/api/transfers, /connect/separate-charges-and-transfers, /error-codes). Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from monsoon_plugin.clearing import Batch, BatchState, Payout, PayoutView
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money, total

UNLIKE_ISO = frozenset({"ISK", "UGX", "MGA"})
"""Currencies whose smallest unit Stripe counts otherwise than ISO 4217 (docs.stripe.com/currencies, "Special cases"); not offered."""
IN_TENS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Three-decimal currencies, in steps of ten of their units (docs.stripe.com/currencies, "Three-decimal currencies")."""
EVENTS = frozenset({"transfer.created", "transfer.updated", "transfer.reversed"})
"""docs.stripe.com/api/events/types"""
ERRORS: Mapping[str, tuple[ErrorKind, str]] = {
    "balance_insufficient": (ErrorKind.DECLINED, "The Stripe balance does not cover this payout."),
    "insufficient_funds": (ErrorKind.DECLINED, "The Stripe balance does not cover this payout."),
    "account_invalid": (ErrorKind.DECLINED, "The payee's Stripe account is not connected to this one."),
    "insufficient_capabilities_for_transfer": (ErrorKind.DECLINED, "The payee's Stripe account cannot take transfers yet."),
    "transfers_not_allowed": (ErrorKind.DECLINED, "Stripe does not allow this transfer."),
    "resource_missing": (ErrorKind.DECLINED, "Stripe does not know the payee's account."),
    "idempotency_error": (ErrorKind.PROTOCOL, "Stripe was sent another request with this key before."),
    "idempotency_key_in_use": (ErrorKind.OUTCOME_UNKNOWN, "The same request is still being worked on."),
    "rate_limit": (ErrorKind.RATE_LIMITED, "Stripe asks us to slow down."),
    "lock_timeout": (ErrorKind.RATE_LIMITED, "Stripe is busy with this account. It will be tried again."),
    "api_key_expired": (ErrorKind.CONFIG, "Stripe does not accept the secret key: it has expired."),
}
"""Stripe's error code → what it means for one payout, and what people are told."""
STATUSES: Mapping[int, tuple[ErrorKind, str]] = {
    400: (ErrorKind.INVALID, "Stripe does not accept the payout."),
    401: (ErrorKind.CONFIG, "Stripe does not accept the secret key."),
    402: (ErrorKind.DECLINED, "Stripe refused the payout."),
    403: (ErrorKind.CONFIG, "The Stripe key may not do this."),
    404: (ErrorKind.DECLINED, "Stripe does not know the payee's account."),
    409: (ErrorKind.OUTCOME_UNKNOWN, "The same request is still being worked on."),
    429: (ErrorKind.RATE_LIMITED, "Stripe asks us to slow down."),
}
"""HTTP status → the same, where the code is not listed (docs.stripe.com/api/errors)."""


def error_of(status: int | None, code: str | None) -> PluginError:
    """Stripe's refusal as ours. No answer, a 5xx or one that is not understood: nobody knows what was done."""
    kind, message = ERRORS.get(code or "") or STATUSES.get(status or 0) or (ErrorKind.OUTCOME_UNKNOWN, "Stripe's answer was lost.")
    return PluginError(kind, message, code or "")


def transfer_params(payout: Payout, batch_key: str) -> dict[str, Any]:
    """The request that pays `payout`. Raises PluginError (invalid, unsupported) for what Stripe cannot pay exactly."""
    amount, payee = payout.amount, payout.payee.provider_account
    if amount.currency in UNLIKE_ISO:
        raise PluginError(ErrorKind.UNSUPPORTED, f"Stripe counts {amount.currency} in other units than ISO 4217")
    if amount.amount <= 0 or (amount.currency in IN_TENS and amount.amount % 10):
        raise PluginError(ErrorKind.INVALID, f"Stripe cannot transfer {amount} exactly")
    if not payee.startswith("acct_"):
        raise PluginError(ErrorKind.INVALID, f"payout {payout.id} has no connected Stripe account: acct_…")
    return {
        "amount": amount.amount, "currency": amount.currency.lower(), "destination": payee, "transfer_group": batch_key,
        "description": payout.reference, "metadata": {"payout_id": payout.id, "batch_key": batch_key},
    }  # fmt: skip


def payout_id_of(transfer: Mapping[str, Any]) -> str:
    """Our payout's id in a transfer's metadata; empty for a transfer that is not ours."""
    return str((transfer.get("metadata") or {}).get("payout_id", ""))


def paid(transfer: Mapping[str, Any]) -> tuple[PayoutView, Money]:
    """A transfer, and what it moved. It is done when it exists; reversed altogether, it has come back.

    Raises PluginError (protocol) for an answer that is no transfer.
    """
    try:
        back, moved = transfer["amount_reversed"], Money(transfer["amount"], transfer["currency"].upper())
        reason = f"{Money(back, moved.currency)} came back" if 0 < back < moved.amount else ""
        return PayoutView(payout_id_of(transfer), "returned" if transfer["reversed"] else "paid", transfer["id"], reason), moved
    except (KeyError, TypeError, AttributeError) as error:
        raise PluginError(ErrorKind.PROTOCOL, "Stripe's answer is no transfer") from error


def batch_of(batch_key: str, currency: str, done: Iterable[tuple[PayoutView, Money]], failed: Iterable[PayoutView] = ()) -> Batch:
    """A batch of these transfers; what failed moved nothing."""
    moved, refused = list(done), list(failed)
    views = (*(view for view, _ in moved), *refused)
    state: BatchState = "paid" if all(view.state == "paid" for view in views) else "partly_paid" if moved else "failed"
    return Batch(
        batch_key=batch_key, state=state, total=total((money for _, money in moved), currency), payouts=views, provider_ref=batch_key
    )
