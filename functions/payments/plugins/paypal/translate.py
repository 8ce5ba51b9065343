"""PayPal's words and ours (developer.paypal.com/docs/api/orders/v2, /payments/v2). Pure: no network, no SDK."""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money, exponent
from monsoon_plugin.payment import PaymentView, RefundView, StartPayment, State

CURRENCIES = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY", "MXN", "MYR", "NOK", "NZD", "PHP",
    "PLN", "SEK", "SGD", "THB", "TWD", "USD",
)  # fmt: skip
"""developer.paypal.com/reference/currency-codes; BRL, CNY and MYR only for merchants of those countries."""
WHOLE = frozenset({"HUF", "JPY", "TWD"})
"""The same page: PayPal takes no decimals of these, though ISO 4217 gives HUF and TWD two."""
NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,3})?")

OPEN = frozenset({"CREATED", "APPROVED", "PAYER_ACTION_REQUIRED"})
"""Order statuses before anything was captured or authorized."""
CAPTURED = frozenset({"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
"""Statuses of captures whose money has moved."""
CAPTURES: Mapping[str, State] = {
    **dict.fromkeys(CAPTURED, State.CAPTURED),
    "PENDING": State.PENDING, "DECLINED": State.FAILED, "FAILED": State.FAILED,
}  # fmt: skip
AUTHORIZATIONS: Mapping[str, State] = {
    "CREATED": State.AUTHORIZED, "CAPTURED": State.AUTHORIZED, "PARTIALLY_CAPTURED": State.AUTHORIZED,
    "PENDING": State.PENDING, "DENIED": State.FAILED, "VOIDED": State.CANCELED,
}  # fmt: skip
"""Where captures follow, theirs counts (payments/v2, `authorization_status`, `capture_status`)."""
HELD_DAYS = 29
"""developer.paypal.com/docs/checkout/standard/customize/authorization: how long an authorization is valid; each says it exactly."""
REFUNDS: Mapping[str, Literal["succeeded", "pending", "failed"]] = {
    "COMPLETED": "succeeded", "PENDING": "pending", "FAILED": "failed", "CANCELLED": "failed",
}  # fmt: skip
"""payments/v2, `refund_status`"""

ERRORS: Mapping[str, tuple[ErrorKind, str]] = {
    "INSTRUMENT_DECLINED": (ErrorKind.DECLINED, "The payment was declined. Choose another way to pay at PayPal."),
    "PAYMENT_SOURCE_DECLINED_BY_PROCESSOR": (ErrorKind.DECLINED, "The payment was declined. Choose another way to pay at PayPal."),
    "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING": (ErrorKind.DECLINED, "The payment was declined. Choose another way to pay at PayPal."),
    "PAYER_CANNOT_PAY": (ErrorKind.DECLINED, "PayPal does not let this account pay here."),
    "PAYER_ACCOUNT_RESTRICTED": (ErrorKind.DECLINED, "PayPal has restricted this account."),
    "PAYER_ACCOUNT_LOCKED_OR_CLOSED": (ErrorKind.DECLINED, "This PayPal account is locked or closed."),
    "TRANSACTION_REFUSED": (ErrorKind.DECLINED, "PayPal refused the payment."),
    "TRANSACTION_LIMIT_EXCEEDED": (ErrorKind.DECLINED, "The payment is larger than PayPal allows this account."),
    "PAYEE_BLOCKED_TRANSACTION": (ErrorKind.DECLINED, "The merchant's settings at PayPal refused the payment."),
    "TRANSACTION_BLOCKED_BY_PAYEE": (ErrorKind.DECLINED, "The merchant's settings at PayPal refused the payment."),
    "COMPLIANCE_VIOLATION": (ErrorKind.DECLINED, "PayPal refused the payment."),
    "ORDER_NOT_APPROVED": (ErrorKind.CONFLICT, "The payment has not been approved at PayPal yet."),
    "PAYER_ACTION_REQUIRED": (ErrorKind.CONFLICT, "PayPal asks for another step: follow the link again."),
    "ACTION_DOES_NOT_MATCH_INTENT": (ErrorKind.CONFLICT, "The payment was begun with another setting of `capture`."),
    "ORDER_ALREADY_CAPTURED": (ErrorKind.CONFLICT, "The payment has been captured already."),
    "ORDER_ALREADY_AUTHORIZED": (ErrorKind.CONFLICT, "The payment has been authorized already."),
    "ORDER_EXPIRED": (ErrorKind.CONFLICT, "The payment has expired."),
    "AUTHORIZATION_ALREADY_CAPTURED": (ErrorKind.CONFLICT, "The payment has been captured already."),
    "ORDER_COMPLETED_OR_VOIDED": (ErrorKind.CONFLICT, "The payment is in another state by now."),
    "AUTHORIZATION_DENIED": (ErrorKind.CONFLICT, "The authorization was denied."),
    "PENDING_CAPTURE": (ErrorKind.UNAVAILABLE, "The payment is still pending at PayPal: it is refunded later."),
    "MAX_CAPTURE_COUNT_EXCEEDED": (ErrorKind.CONFLICT, "The payment has been captured already."),
    "MAX_NUMBER_OF_REFUNDS_EXCEEDED": (ErrorKind.CONFLICT, "PayPal takes no more refunds of this payment."),
    "AUTHORIZATION_VOIDED": (ErrorKind.CONFLICT, "The payment has been cancelled."),
    "AUTHORIZATION_EXPIRED": (ErrorKind.CONFLICT, "The authorization has expired."),
    "PREVIOUSLY_VOIDED": (ErrorKind.CONFLICT, "The payment has been cancelled."),
    "PREVIOUSLY_CAPTURED": (ErrorKind.CONFLICT, "The payment has been captured already."),
    "CAPTURE_FULLY_REFUNDED": (ErrorKind.CONFLICT, "The payment has been refunded already."),
    "DUPLICATE_INVOICE_ID": (ErrorKind.CONFLICT, "PayPal holds a payment of this id already."),
    "MAX_CAPTURE_AMOUNT_EXCEEDED": (ErrorKind.INVALID, "More than was authorized cannot be captured."),
    "REFUND_AMOUNT_EXCEEDED": (ErrorKind.INVALID, "More than was captured cannot be refunded."),
    "REFUND_CAPTURE_CURRENCY_MISMATCH": (ErrorKind.INVALID, "A refund is made in the payment's currency."),
    "REFUND_TIME_LIMIT_EXCEEDED": (ErrorKind.INVALID, "PayPal refunds within 180 days only."),
    "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK": (ErrorKind.CONFLICT, "The shopper disputes this payment: it cannot be refunded."),
    "REFUND_FAILED_INSUFFICIENT_FUNDS": (ErrorKind.DECLINED, "The merchant's PayPal balance does not cover the refund."),
    "REFUND_AMOUNT_TOO_LOW": (ErrorKind.INVALID, "So small an amount cannot be refunded."),
    "PARTIAL_REFUND_NOT_ALLOWED": (ErrorKind.INVALID, "This payment can only be refunded whole."),
    "CURRENCY_NOT_SUPPORTED_FOR_COUNTRY": (ErrorKind.INVALID, "PayPal does not take this currency in the merchant's country."),
    "PAYEE_ACCOUNT_RESTRICTED": (ErrorKind.CONFIG, "PayPal has restricted the merchant's account."),
    "PAYEE_ACCOUNT_LOCKED_OR_CLOSED": (ErrorKind.CONFIG, "The merchant's PayPal account is locked or closed."),
    "TRANSACTION_RECEIVING_LIMIT_EXCEEDED": (ErrorKind.CONFIG, "The merchant's PayPal account has reached its limit."),
    "AUTH_CAPTURE_NOT_ENABLED": (ErrorKind.CONFIG, "The merchant's PayPal account cannot authorize first and capture later."),
    "PAYEE_NOT_ENABLED_FOR_CARD_PROCESSING": (ErrorKind.CONFIG, "The merchant's PayPal account cannot take this."),
    "PERMISSION_DENIED": (ErrorKind.CONFIG, "The PayPal app may not do this."),
    "PREVIOUS_REQUEST_IN_PROGRESS": (ErrorKind.OUTCOME_UNKNOWN, "The same request is still being worked on."),
}
"""PayPal's `issue` → what it means here (…/orders/v2/#errors, …/payments/v2/#errors)."""

STATUSES: Mapping[int, tuple[ErrorKind, str]] = {
    400: (ErrorKind.INVALID, "PayPal does not accept the request."),
    401: (ErrorKind.CONFIG, "PayPal does not accept the client id and secret."),
    403: (ErrorKind.CONFIG, "The PayPal app may not do this."),
    404: (ErrorKind.INVALID, "PayPal does not know what the request names."),
    409: (ErrorKind.OUTCOME_UNKNOWN, "The same request is still being worked on."),
    422: (ErrorKind.INVALID, "PayPal cannot do this."),
    429: (ErrorKind.RATE_LIMITED, "PayPal asks us to slow down."),
}
"""HTTP status → the same, where the issue is not listed (developer.paypal.com/api/rest/responses)."""


def error_of(status: int, text: str) -> PluginError:
    """PayPal's refusal as ours. A 5xx, or what is not understood: nobody knows what was done."""
    issue = _issue(text)
    kind, message = ERRORS.get(issue) or STATUSES.get(status) or (ErrorKind.OUTCOME_UNKNOWN, "PayPal's answer was lost.")
    return PluginError(kind, message, issue or str(status))


def _issue(text: str) -> str:
    """The first detail's issue, else the error's name."""
    try:
        told = json.loads(text)
        return str(next((detail["issue"] for detail in told.get("details") or ()), told.get("name") or told.get("error") or ""))[:64]
    except (ValueError, AttributeError, KeyError, TypeError):
        return ""


def value_of(money: Money) -> dict[str, str]:
    """An amount as PayPal writes it. Raises PluginError (invalid) for a part of a unit that PayPal only takes whole."""
    if money.currency not in CURRENCIES:
        raise PluginError(ErrorKind.INVALID, f"PayPal does not take {money.currency}.")
    value = Decimal(money.amount).scaleb(-exponent(money.currency))
    if money.currency in WHOLE:
        if value != value.to_integral_value():
            raise PluginError(ErrorKind.INVALID, f"PayPal takes whole {money.currency} only: round the amount.")
        value = value.to_integral_value()
    return {"currency_code": money.currency, "value": f"{value:f}"}


def money_of(told: Mapping[str, Any]) -> Money:
    """PayPal's amount as ours. Raises PluginError (protocol) if it is no number of minor units."""
    try:
        currency = str(told["currency_code"])
        if NUMBER.fullmatch(told["value"]) is None:
            raise ValueError("not a number")
        minor = Decimal(told["value"]).scaleb(exponent(currency))
        if minor != minor.to_integral_value():
            raise ValueError("a part of a minor unit")
        return Money(int(minor), currency)
    except (KeyError, TypeError, ValueError) as error:
        raise PluginError(ErrorKind.PROTOCOL, "PayPal told of an amount that is not understood") from error


def order_request(request: StartPayment, capture: str) -> dict[str, Any]:
    """The order to create; `capture`: automatic or manual. The shopper comes back to the return URL either way."""
    where = {"return_url": request.return_url, "cancel_url": request.return_url} if request.return_url else {}
    locale = {"locale": request.shopper.locale} if request.shopper.locale else {}
    page = {"user_action": "PAY_NOW", "shipping_preference": "NO_SHIPPING", **where, **locale}
    unit = {
        "custom_id": f"{request.order_id}/{request.payment_id}", "invoice_id": request.payment_id,
        "description": request.description or request.order_id, "amount": value_of(request.amount),
    }  # fmt: skip
    intent = "CAPTURE" if capture == "automatic" else "AUTHORIZE"
    return {"intent": intent, "purchase_units": [unit], "payment_source": {"paypal": {"experience_context": page}}}


def unit_of(order: Mapping[str, Any]) -> Mapping[str, Any]:
    """The order's only purchase unit."""
    unit: Mapping[str, Any] = order["purchase_units"][0]
    return unit


def made_of(order: Mapping[str, Any], kind: Literal["authorizations", "captures", "refunds"]) -> list[Mapping[str, Any]]:
    return list((unit_of(order).get("payments") or {}).get(kind) or ())


def payment_of(order: Mapping[str, Any]) -> PaymentView:
    """An order as a payment. Raises PluginError (protocol) for a status that is not listed."""
    captures, authorizations = made_of(order, "captures"), made_of(order, "authorizations")
    refunds = [refund_of(refund) for refund in made_of(order, "refunds")]
    amount, captured = money_of(unit_of(order)["amount"]), sum(money_of(c["amount"]).amount for c in captures if c["status"] in CAPTURED)
    state = _state(order["status"], captures, authorizations)
    authorized = sum(money_of(a["amount"]).amount for a in authorizations if a["status"] not in ("DENIED", "PENDING"))
    return PaymentView(
        provider_ref=str(order["id"]),
        state=state,
        amount=amount,
        authorized=max(authorized, captured),
        authorized_until=_until(authorizations) if state is State.AUTHORIZED else "",
        captured=captured,
        refunded=sum(r.amount.amount for r in refunds if r.state == "succeeded"),
        fee=sum(_fee(c) for c in captures),
        next_action=_action(order) if state is State.REQUIRES_ACTION else None,
        refunds=tuple(refunds),
    )


def _until(authorizations: Iterable[Mapping[str, Any]]) -> str:
    """Until when the shopper's money is held (payments/v2, `expiration_time`); empty if PayPal does not say."""
    return max((str(one.get("expiration_time") or "") for one in authorizations), default="")


def _state(status: str, captures: Iterable[Mapping[str, Any]], authorizations: Iterable[Mapping[str, Any]]) -> State:
    """The furthest that the order's captures have come; without any, its authorizations; without those, the order itself."""
    for made, words in ((captures, CAPTURES), (authorizations, AUTHORIZATIONS)):
        states = [words.get(one["status"]) for one in made]
        if None in states:
            break
        for state in (State.CAPTURED, State.PENDING, State.AUTHORIZED, State.CANCELED, State.FAILED):
            if state in states:
                return state
    else:
        if status in OPEN:
            return State.REQUIRES_ACTION
        if status == "VOIDED":
            return State.CANCELED
    raise PluginError(ErrorKind.PROTOCOL, "PayPal told of a state that is not known here", str(status))


def _action(order: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Where the shopper approves the payment; once it is approved, that it is to be confirmed."""
    if order["status"] == "APPROVED":
        return {"type": "confirm"}
    links = {link.get("rel"): link.get("href") for link in order.get("links") or ()}
    url = links.get("payer-action") or links.get("approve")
    return {"type": "redirect", "url": url} if url else None


def refund_of(refund: Mapping[str, Any]) -> RefundView:
    """A refund; its op_key is empty if it was not made by us. Raises PluginError (protocol) for a status that is not listed."""
    state = REFUNDS.get(refund["status"])
    if state is None:
        raise PluginError(ErrorKind.PROTOCOL, "PayPal told of a refund's state that is not known here", str(refund["status"]))
    op_key = str(refund.get("custom_id") or "").rpartition("/")[2]
    reason = str((refund.get("status_details") or {}).get("reason") or "")
    ours = op_key if op_key.startswith("op_") else ""
    return RefundView(ours, money_of(refund["amount"]), state, str(refund["id"]), reason if state == "failed" else "")


def _fee(capture: Mapping[str, Any]) -> int:
    """What PayPal kept of a capture, if it tells so in the capture's currency; else 0."""
    fee = (capture.get("seller_receivable_breakdown") or {}).get("paypal_fee")
    if capture["status"] not in CAPTURED or not fee or fee.get("currency_code") != capture["amount"]["currency_code"]:
        return 0
    return money_of(fee).amount
