"""Stripe's words and ours (docs.stripe.com/api/payment_intents, /api/refunds, /error-codes). Pure: no network, no SDK."""

from collections.abc import Iterable, Mapping
from typing import Any

from functions.payments.payment import PaymentView, RefundView, State
from functions.payments.port import WebhookResult
from shared.money import Money
from shared.providers.plugin import ErrorKind, PluginError

UNLIKE_ISO = frozenset({"ISK", "UGX", "MGA", "BHD", "JOD", "KWD", "OMR", "TND"})
"""Currencies whose smallest unit Stripe counts otherwise than ISO 4217 (docs.stripe.com/currencies, "Special cases"); not offered."""

STATES: Mapping[str, State] = {
    "requires_payment_method": State.REQUIRES_ACTION,
    "requires_confirmation": State.REQUIRES_ACTION,
    "requires_action": State.REQUIRES_ACTION,
    "processing": State.PENDING,
    "requires_capture": State.AUTHORIZED,
    "succeeded": State.CAPTURED,
    "canceled": State.CANCELED,
}
"""docs.stripe.com/payments/paymentintents/lifecycle"""

REFUND_DONE = frozenset({"succeeded", "pending"})
"""A pending refund is on its way and counts; Stripe takes it back as `failed`."""

EVENTS = frozenset(
    f"payment_intent.{what}" for what in ("succeeded", "amount_capturable_updated", "processing", "payment_failed", "canceled")
)

ERRORS: Mapping[str, tuple[ErrorKind, str]] = {
    "card_declined": (ErrorKind.DECLINED, "The card was declined. Try another one."),
    "expired_card": (ErrorKind.DECLINED, "The card has expired. Try another one."),
    "incorrect_cvc": (ErrorKind.DECLINED, "The card's security code is wrong."),
    "incorrect_number": (ErrorKind.DECLINED, "The card's number is wrong."),
    "insufficient_funds": (ErrorKind.DECLINED, "The card has too little money. Try another one."),
    "processing_error": (ErrorKind.DECLINED, "The card could not be charged. Try again or try another one."),
    "authentication_required": (ErrorKind.DECLINED, "The card's bank asks for a confirmation."),
    "payment_intent_authentication_failure": (ErrorKind.DECLINED, "The confirmation with the card's bank failed."),
    "amount_too_small": (ErrorKind.INVALID, "The amount is below what Stripe takes in this currency."),
    "amount_too_large": (ErrorKind.INVALID, "The amount is above what Stripe takes in this currency."),
    "charge_already_refunded": (ErrorKind.CONFLICT, "The payment has been refunded already."),
    "charge_already_captured": (ErrorKind.CONFLICT, "The payment has been captured already."),
    "payment_intent_unexpected_state": (ErrorKind.CONFLICT, "The payment is in another state by now."),
    "idempotency_key_in_use": (ErrorKind.OUTCOME_UNKNOWN, "The same request is still being worked on."),
    "lock_timeout": (ErrorKind.RATE_LIMITED, "Stripe is working on this payment. It will be tried again."),
    "rate_limit": (ErrorKind.RATE_LIMITED, "Stripe asks us to slow down."),
    "api_key_expired": (ErrorKind.CONFIG, "Stripe does not accept the secret key: it has expired."),
    "testmode_charges_only": (ErrorKind.CONFIG, "The Stripe account has not been activated."),
}
"""Stripe's error code → what it means here, and what people are told."""

STATUSES: Mapping[int, tuple[ErrorKind, str]] = {
    400: (ErrorKind.INVALID, "Stripe does not accept the request."),
    401: (ErrorKind.CONFIG, "Stripe does not accept the secret key."),
    402: (ErrorKind.DECLINED, "The payment was declined."),
    403: (ErrorKind.CONFIG, "The Stripe key may not do this."),
    404: (ErrorKind.INVALID, "Stripe does not know what the request names."),
    409: (ErrorKind.OUTCOME_UNKNOWN, "The same request is still being worked on."),
    424: (ErrorKind.OUTCOME_UNKNOWN, "A company behind Stripe does not answer."),
    429: (ErrorKind.RATE_LIMITED, "Stripe asks us to slow down."),
}
"""HTTP status → the same, where the code is not listed (docs.stripe.com/api/errors)."""


def error_of(status: int | None, code: str | None, decline_code: str | None) -> PluginError:
    """Stripe's refusal as ours. No answer, a 5xx or one that is not understood: nobody knows what was done."""
    kind, message = ERRORS.get(code or "") or STATUSES.get(status or 0) or (ErrorKind.OUTCOME_UNKNOWN, "Stripe's answer was lost.")
    return PluginError(kind, message, decline_code or code or "")


def payment_of(intent: Mapping[str, Any], publishable_key: str, refunds: Iterable[Mapping[str, Any]] = ()) -> PaymentView:
    """A PaymentIntent, with its refunds if they were asked for. Raises PluginError (protocol) for a status that is not listed."""
    state = STATES.get(intent["status"])
    if state is None:
        raise PluginError(ErrorKind.PROTOCOL, "Stripe told of a state that is not known here", intent["status"])
    amount, ours = intent["amount"], tuple(refund_of(r) for r in refunds if _ours(r))
    captured = intent["amount_received"] if state is State.CAPTURED else 0
    return PaymentView(
        intent["id"], state, Money(amount, intent["currency"].upper()),
        authorized=amount if state in (State.AUTHORIZED, State.CAPTURED) else 0,
        captured=captured, refunded=sum(refund.amount.amount for refund in ours), fee=_fee(intent) if captured else 0,
        next_action=_action(intent, publishable_key) if state is State.REQUIRES_ACTION else None, refunds=ours,
    )  # fmt: skip


def refund_of(refund: Mapping[str, Any]) -> RefundView:
    """A Refund that was just made. Raises PluginError (declined) if Stripe gave it up at once."""
    if refund["status"] not in REFUND_DONE:
        raise PluginError(ErrorKind.DECLINED, "Stripe could not pay this back.", refund.get("failure_reason") or "")
    return RefundView(refund["metadata"]["op_key"], Money(refund["amount"], refund["currency"].upper()))


def notice_of(event: Mapping[str, Any]) -> WebhookResult | None:
    """A verified event; None for other types, and for payments that are not ours."""
    intent = event["data"]["object"]
    ours = intent.get("metadata") or {}
    if event["type"] not in EVENTS or "payment_id" not in ours or "order_id" not in ours:
        return None
    return WebhookResult(event["id"], ours["payment_id"], ours["order_id"], settled=event["type"] == "payment_intent.succeeded")


def _ours(refund: Mapping[str, Any]) -> bool:
    return refund["status"] in REFUND_DONE and "op_key" in (refund.get("metadata") or {})


def _action(intent: Mapping[str, Any], publishable_key: str) -> Mapping[str, Any]:
    return {"type": "confirm", "client_secret": intent["client_secret"], "publishable_key": publishable_key}


def _fee(intent: Mapping[str, Any]) -> int:
    """What Stripe kept, if its balance transaction is there and in the payment's currency; else 0."""
    charge = intent.get("latest_charge")
    transaction = charge.get("balance_transaction") if isinstance(charge, Mapping) else None
    if not isinstance(transaction, Mapping) or transaction["currency"] != intent["currency"]:
        return 0
    fee: int = transaction["fee"]
    return fee
