"""Adyen's words and ours (docs.adyen.com/api-explorer/Checkout/71). Pure: no network, no SDK."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import Amend, PaymentView, RefundView, StartPayment, State

UNLIKE_ISO = frozenset({"CLP", "CVE", "IDR", "ISK"})
"""Currencies whose minor units Adyen counts otherwise than ISO 4217 (docs.adyen.com/development-resources/currency-codes, "differs
from standard"); not offered."""
AT_ONCE, BY_HAND = "at-once", "by-hand"
HELD_DAYS = 28
"""docs.adyen.com/online-payments/adjust-authorisation, "Authorisation validity": what Adyen keeps an authorization for, unless told."""

LINK_STATES: Mapping[str, State] = {
    "active": State.REQUIRES_ACTION, "paymentPending": State.PENDING, "completed": State.AUTHORIZED, "paid": State.AUTHORIZED,
    "expired": State.EXPIRED,
}  # fmt: skip
"""…/get/paymentLinks/_linkId_; what is completed without `manualCapture` is captured by Adyen itself."""

ERRORS: Mapping[str, tuple[ErrorKind, str]] = {
    "010": (ErrorKind.CONFIG, "The Adyen API key may not do this."),
    "100": (ErrorKind.INVALID, "Adyen asks for an amount."),
    "137": (ErrorKind.INVALID, "Adyen does not take this amount."),
    "138": (ErrorKind.INVALID, "Adyen does not take this currency."),
    "167": (ErrorKind.CONFLICT, "Adyen does not know the payment that is to be changed."),
    "704": (ErrorKind.OUTCOME_UNKNOWN, "The same request is still being worked on."),
    "901": (ErrorKind.CONFIG, "Adyen does not know the merchant account."),
    "903": (ErrorKind.OUTCOME_UNKNOWN, "Adyen failed."),
}
"""Adyen's `errorCode` → what it means here (docs.adyen.com/development-resources/error-codes)."""

STATUSES: Mapping[int, tuple[ErrorKind, str]] = {
    400: (ErrorKind.INVALID, "Adyen does not accept the request."),
    401: (ErrorKind.CONFIG, "Adyen does not accept the API key."),
    403: (ErrorKind.CONFIG, "The Adyen API key may not do this."),
    404: (ErrorKind.INVALID, "Adyen does not know what the request names."),
    409: (ErrorKind.OUTCOME_UNKNOWN, "The same request is still being worked on."),
    422: (ErrorKind.INVALID, "Adyen cannot do this."),
    429: (ErrorKind.RATE_LIMITED, "Adyen asks us to slow down."),
}
"""HTTP status → the same, where the code is not listed (docs.adyen.com/development-resources/response-handling)."""


def error_of(status: int, text: str) -> PluginError:
    """Adyen's refusal as ours. A 5xx, or what is not understood: nobody knows what was done."""
    try:
        code = str(json.loads(text)["errorCode"])
    except (ValueError, KeyError, TypeError):
        code = ""
    kind, message = ERRORS.get(code) or STATUSES.get(status) or (ErrorKind.OUTCOME_UNKNOWN, "Adyen's answer was lost.")
    return PluginError(kind, message, code or str(status))


@dataclass(frozen=True, slots=True)
class Reference:
    """What we call a payment or a change of it at Adyen: `order.payment.what`, the ids without their kinds; at most 80 characters.

    Adyen signs it in every notice, which it does not do for metadata, so that a notice tells for sure whose it is.
    """

    order_id: str
    payment_id: str
    what: str
    """How the payment is captured, or the op_key of a change."""

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for what is not ours."""
        order, _, rest = text.partition(".")
        payment, _, what = rest.partition(".")
        if not (order and payment and what):
            return None
        return cls(f"ord_{order}", f"pay_{payment}", what if what in (AT_ONCE, BY_HAND) else f"op_{what}")

    @property
    def op_key(self) -> str:
        """Empty for the payment itself."""
        return "" if self.what in (AT_ONCE, BY_HAND) else self.what

    def __str__(self) -> str:
        return ".".join(part.rpartition("_")[2] for part in (self.order_id, self.payment_id, self.what))


@dataclass(frozen=True, slots=True)
class Place:
    """What Adyen calls a payment: its link, and once somebody has paid, the payment made through it (`PL…/PSPREFERENCE`)."""

    link: str
    psp: str

    @classmethod
    def parse(cls, provider_ref: str) -> Self:
        link, _, psp = provider_ref.partition("/")
        return cls(link, psp)

    def __str__(self) -> str:
        return f"{self.link}/{self.psp}" if self.psp else self.link

    def paid(self) -> str:
        """The payment's PSP reference. Raises PluginError (unavailable) until Adyen's notice has told it: then it is tried again."""
        if not self.psp:
            raise PluginError(ErrorKind.UNAVAILABLE, "Adyen's notice of this payment has not come yet. It will be tried again.")
        return self.psp


def link_request(request: StartPayment, merchant_account: str, *, by_hand: bool) -> dict[str, Any]:
    """The link to create."""
    r = request
    told = {
        "returnUrl": r.return_url, "countryCode": r.country, "shopperEmail": r.shopper.email, "shopperLocale": r.shopper.locale,
    }  # fmt: skip
    capture = {"manualCapture": True} if by_hand else {"manualCapture": False, "captureDelayHours": 0}
    return {
        "merchantAccount": merchant_account, "amount": amount_of(r.amount), "description": r.description or r.order_id,
        "reference": str(Reference(r.order_id, r.payment_id, BY_HAND if by_hand else AT_ONCE)),
        "metadata": {"order_id": r.order_id, "payment_id": r.payment_id}, "reusable": False,
        **capture, **{name: value for name, value in told.items() if value},
    }  # fmt: skip


def change_request(request: Amend, merchant_account: str, amount: Money | None = None) -> dict[str, Any]:
    """A capture, refund or, without `amount`, a cancellation; its reference tells Adyen's notice whose it is."""
    reference = str(Reference(request.order_id, request.payment_id, request.op_key))
    named = {"merchantAccount": merchant_account, "reference": reference}
    return named | ({"amount": amount_of(amount)} if amount else {})


def amount_of(money: Money) -> dict[str, Any]:
    return {"currency": money.currency, "value": money.amount}


def money_of(told: Mapping[str, Any]) -> Money:
    """Raises PluginError (protocol) if it is no number of minor units."""
    value = told["value"]
    if type(value) is not int:
        raise PluginError(ErrorKind.PROTOCOL, "Adyen told of an amount that is not understood")
    return Money(value, str(told["currency"]))


def payment_of(link: Mapping[str, Any], place: Place | None = None) -> PaymentView:
    """A link as a payment. Raises PluginError (protocol) for a status that is not listed.

    What was captured by hand, refunded or disputed is not in it: only notices tell.
    """
    state, amount = LINK_STATES.get(link["status"]), money_of(link["amount"])
    if state is None:
        raise PluginError(ErrorKind.PROTOCOL, "Adyen told of a link's state that is not known here", str(link["status"]))
    if state is State.EXPIRED and place and place.psp:
        state = State.AUTHORIZED  # a link that expired says nothing of the payment that was made through it
    if state is State.AUTHORIZED and not link.get("manualCapture"):
        state = State.CAPTURED
    done = amount.amount if state in (State.AUTHORIZED, State.CAPTURED) else 0
    return PaymentView(
        provider_ref=str(place or link["id"]),
        state=state,
        amount=amount,
        authorized=done,
        captured=done if state is State.CAPTURED else 0,
        next_action={"type": "redirect", "url": link["url"]} if state is State.REQUIRES_ACTION else None,
    )


def taken_on(answer: Mapping[str, Any], request: Amend) -> PaymentView:
    """Adyen's word that it will capture or cancel; its notice says what became of it. Raises PluginError (protocol)."""
    _received(answer, request)
    if "amount" in answer and money_of(answer["amount"]) != request.amount:
        raise PluginError(ErrorKind.PROTOCOL, "Adyen took on another amount than was asked for")
    return PaymentView(provider_ref=request.provider_ref, state=State.AUTHORIZED, amount=request.paid, accepted=True)


def refund_of(answer: Mapping[str, Any], request: Amend) -> RefundView:
    """Adyen's word that it will refund. Raises PluginError (protocol)."""
    _received(answer, request)
    return RefundView(request.op_key, money_of(answer["amount"]), "pending", str(answer["pspReference"]))


def _received(answer: Mapping[str, Any], request: Amend) -> None:
    """Only an explicit `received` for this payment counts."""
    if answer["status"] != "received" or answer["paymentPspReference"] != Place.parse(request.provider_ref).psp:
        raise PluginError(ErrorKind.PROTOCOL, "Adyen's answer was not understood", str(answer["status"]))
