"""Stripe's words and ours (docs.stripe.com/api/payment_intents, /api/refunds, /error-codes). Pure: no network, no SDK."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from monsoon_plugin.clock import rfc3339
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import DisputeView, Limit, PaymentView, RefundView, State
from monsoon_plugin.plugin import Fee

UNLIKE_ISO = frozenset({"ISK", "UGX", "MGA"})
"""Currencies whose smallest unit Stripe counts otherwise than ISO 4217 (docs.stripe.com/currencies, "Special cases"); not offered."""
IN_TENS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
"""Three-decimal currencies, charged in steps of ten of their units (docs.stripe.com/currencies, "Three-decimal currencies")."""
MOST = 99_999_999
"""docs.stripe.com/currencies, "Minimum and maximum charge amounts": eight digits."""
LEAST: Mapping[str, int] = {
    "USD": 50, "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30,
    "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200, "RON": 200,
    "SEK": 300, "SGD": 50, "THB": 1000,
}  # fmt: skip
"""The same page: minor units; what is not listed is held to half a US dollar's worth by Stripe itself."""
PRICES = "https://stripe.com/pricing"
FEES = (
    Fee(country="US", basis_points=290, fixed=30, currency="USD", of="domestic cards", source=PRICES, as_of="2026-11-23"),
    Fee(country="GB", basis_points=150, fixed=20, currency="GBP", of="standard UK cards", source=PRICES, as_of="2026-11-23"),
    Fee(country="DE", basis_points=150, fixed=25, currency="EUR", of="standard EEA cards", source=PRICES, as_of="2026-11-23"),
    Fee(country="FR", basis_points=150, fixed=25, currency="EUR", of="standard EEA cards", source=PRICES, as_of="2026-11-23"),
)

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

HELD_DAYS = 7
"""docs.stripe.com/payments/place-a-hold-on-a-payment-method: how long most cards hold money; a charge says it exactly."""
LATEST = 253_402_300_800
"""Seconds since 1970 of the year 10000."""

REFUNDS: Mapping[str, Literal["succeeded", "pending", "failed"]] = {
    "succeeded": "succeeded", "pending": "pending", "requires_action": "pending", "failed": "failed", "canceled": "failed",
}  # fmt: skip
"""docs.stripe.com/api/refunds/object, `status`."""
MISSING = "resource_missing"
"""docs.stripe.com/error-codes: the account holds nothing of this id; also our word for a 404 that says no code."""
ENDED_BY_ITSELF = frozenset({"automatic", "expired"})
"""docs.stripe.com/api/payment_intents/object, `cancellation_reason`: an authorization that nobody captured in time."""
DISPUTES: Mapping[str, Literal["warning", "open", "won", "lost"]] = {
    "warning_needs_response": "warning", "warning_under_review": "warning", "warning_closed": "warning",
    "needs_response": "open", "under_review": "open", "won": "won", "lost": "lost", "prevented": "won",
}  # fmt: skip
"""docs.stripe.com/api/disputes/object, `status`; inquiries (`warning_…`) take no money."""
EVENTS = frozenset(
    {f"payment_intent.{what}" for what in ("succeeded", "amount_capturable_updated", "processing", "payment_failed", "canceled")}
    | {f"charge.dispute.{what}" for what in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")}
    | {"refund.created", "refund.updated", "refund.failed", "charge.refunded", "charge.refund.updated"}
)
"""docs.stripe.com/api/events/types: what may change a payment."""

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
    "idempotency_error": (ErrorKind.PROTOCOL, "Stripe was sent another request with this key before."),
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
    return PluginError(kind, message, decline_code or code or (MISSING if status == 404 else ""))


def limits_of(currencies: Iterable[str]) -> dict[str, Limit]:
    """The least and the most that Stripe charges in each."""
    return {currency: Limit(least=LEAST.get(currency, 1), most=MOST) for currency in currencies}


def check_step(amount: Money) -> None:
    """Raises PluginError (invalid) for an amount that Stripe cannot charge exactly."""
    if amount.currency in IN_TENS and amount.amount % 10:
        raise PluginError(ErrorKind.INVALID, f"Stripe charges {amount.currency} in steps of 0.010", "invalid_charge_amount")


def payment_of(
    intent: Mapping[str, Any], publishable_key: str, refunds: Iterable[Mapping[str, Any]] = (), disputes: Iterable[Mapping[str, Any]] = ()
) -> PaymentView:
    """A PaymentIntent, with its refunds and disputes if they were asked for.

    Raises PluginError (protocol) for a status that is not listed.
    """
    state = STATES.get(intent["status"])
    if state is None:
        raise PluginError(ErrorKind.PROTOCOL, "Stripe told of a state that is not known here", intent["status"])
    if state is State.CANCELED and intent.get("cancellation_reason") in ENDED_BY_ITSELF:
        state = State.EXPIRED
    amount, paid_back = intent["amount"], tuple(refund_of(r) for r in refunds)
    captured = intent["amount_received"] if state is State.CAPTURED else 0
    return PaymentView(
        provider_ref=intent["id"],
        state=state,
        amount=Money(amount, intent["currency"].upper()),
        authorized=amount if state in (State.AUTHORIZED, State.CAPTURED) else 0,
        authorized_until=_until(intent) if state is State.AUTHORIZED else "",
        captured=captured,
        refunded=sum(refund.amount.amount for refund in paid_back if refund.state == "succeeded"),
        fee=_fee(intent) if captured else 0,
        next_action=_action(intent, publishable_key) if state is State.REQUIRES_ACTION else None,
        refunds=paid_back,
        disputes=tuple(_dispute(d) for d in disputes if d["status"] in DISPUTES),
    )


def _until(intent: Mapping[str, Any]) -> str:
    """Until when the money is held: of a card, the charge's `capture_before` (docs.stripe.com/api/charges/object); empty if untold."""
    charge = intent.get("latest_charge")
    details = (charge.get("payment_method_details") or {}) if isinstance(charge, Mapping) else {}
    before = (details.get("card") or {}).get("capture_before")
    return rfc3339(datetime.fromtimestamp(before, UTC)) if type(before) is int and 0 < before < LATEST else ""


def refund_of(refund: Mapping[str, Any]) -> RefundView:
    """A Refund, made by us or elsewhere. Raises PluginError (protocol) for a status that is not listed."""
    state = REFUNDS.get(refund["status"])
    if state is None:
        raise PluginError(ErrorKind.PROTOCOL, "Stripe told of a refund's state that is not known here", refund["status"])
    money = Money(refund["amount"], refund["currency"].upper())
    op_key = (refund.get("metadata") or {}).get("op_key") or ""
    return RefundView(op_key, money, state, refund["id"], refund.get("failure_reason") or "")


def refunded(refund: Mapping[str, Any]) -> RefundView:
    """A Refund that was just asked for. Raises PluginError (declined) if Stripe gave it up at once."""
    view = refund_of(refund)
    if view.state == "failed":
        raise PluginError(ErrorKind.DECLINED, "Stripe could not pay this back.", view.reason)
    return view


def intent_of(event: Mapping[str, Any]) -> str | None:
    """The id of the PaymentIntent that a verified event tells of; None for other types, and where there is none."""
    if event["type"] not in EVENTS:
        return None
    told = event["data"]["object"]
    found: str | None = told["id"] if told["object"] == "payment_intent" else told.get("payment_intent")
    return found


def names_of(intent: Mapping[str, Any]) -> tuple[str, str] | None:
    """Our payment's id and its order's, from a PaymentIntent's metadata; None if it is not ours."""
    ours = intent.get("metadata") or {}
    return (ours["payment_id"], ours["order_id"]) if "payment_id" in ours and "order_id" in ours else None


def _dispute(dispute: Mapping[str, Any]) -> DisputeView:
    due = (dispute.get("evidence_details") or {}).get("due_by")
    money = Money(dispute["amount"], dispute["currency"].upper())
    respond_by = rfc3339(datetime.fromtimestamp(due, UTC)) if due else ""
    return DisputeView(dispute["id"], DISPUTES[dispute["status"]], money, dispute.get("reason") or "", respond_by)


def _action(intent: Mapping[str, Any], publishable_key: str) -> Mapping[str, Any]:
    """What the shopper's browser needs; after a confirmation that asks for 3-D Secure also where to send the shopper."""
    action = {"type": "confirm", "client_secret": intent["client_secret"], "publishable_key": publishable_key}
    redirect = ((intent.get("next_action") or {}).get("redirect_to_url") or {}).get("url")
    return action | ({"type": "redirect", "url": redirect} if redirect else {})


def _fee(intent: Mapping[str, Any]) -> int:
    """What Stripe kept, if its balance transaction is there and in the payment's currency; else 0."""
    charge = intent.get("latest_charge")
    transaction = charge.get("balance_transaction") if isinstance(charge, Mapping) else None
    if not isinstance(transaction, Mapping) or transaction["currency"] != intent["currency"]:
        return 0
    fee: int = transaction["fee"]
    return fee
