"""Checkout Sessions, Stripe's hosted page, in our words (docs.stripe.com/api/checkout/sessions). Pure: no network, no SDK."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from functions.payments.plugins.stripe.translate import payment_of
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import Money
from monsoon_plugin.payment import PaymentView, StartPayment, State

CHECKOUT = "checkout"
"""The way to pay that is a session; also what a session's PaymentIntent says in its metadata, so that one is known from the other."""
OPEN_FOR = timedelta(minutes=31)
"""…/create#expires_at: half an hour at least, by Stripe's clock."""
LOCALES = frozenset({
    "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu", "id", "it", "ja", "ko", "lt",
    "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
})  # fmt: skip
"""…/create#locale; a language that is not listed is the browser's own."""
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
SETTLED = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
EVENTS = SETTLED | {"checkout.session.expired", "checkout.session.async_payment_failed"}
"""docs.stripe.com/api/events/types: what may change a session."""
COMPLETE = "complete"
STATES: Mapping[str, State] = {"open": State.REQUIRES_ACTION, "expired": State.EXPIRED, COMPLETE: State.PENDING}
"""…/object#status; what became of a completed one its PaymentIntent says."""
UNDER_WAY = frozenset({"succeeded", "requires_capture", "processing"})
"""Of a PaymentIntent that moves a moment before its session is told to be complete."""
UNPAID = frozenset({"requires_payment_method", "requires_confirmation"})
"""Of the PaymentIntent of a completed session: a way to pay that takes days has failed, and nobody can try another on that page."""


@dataclass(frozen=True, slots=True)
class Place:
    """What Stripe calls a payment: `pi_…`; by session `cs_…`, and once somebody has tried to pay there `cs_…/pi_…`."""

    session: str = ""
    intent: str = ""

    @classmethod
    def parse(cls, provider_ref: str) -> Self:
        session, _, intent = provider_ref.partition("/") if provider_ref.startswith("cs_") else ("", "", provider_ref)
        return cls(session, intent)

    def __str__(self) -> str:
        return "/".join(part for part in (self.session, self.intent) if part)


def session_request(request: StartPayment, capture: str, now: datetime) -> dict[str, Any]:
    """The session to create; the shopper comes back to the return URL either way. Raises PluginError (invalid) without one.

    Without Adaptive Pricing: the shopper pays in the order's currency what the order says.
    """
    r = request
    if not r.return_url:
        raise PluginError(ErrorKind.INVALID, "Stripe's page needs a return_url, where the shopper comes back to.", "return_url")
    known, about = {"payment_id": r.payment_id, "order_id": r.order_id, "tenant": r.tenant}, r.description or r.order_id
    price = {"currency": r.amount.currency.lower(), "unit_amount": r.amount.amount, "product_data": {"name": about}}
    return {
        "mode": "payment", "client_reference_id": r.payment_id, "metadata": known,
        "line_items": [{"quantity": 1, "price_data": price}], "adaptive_pricing": {"enabled": False},
        "payment_intent_data": {"capture_method": capture, "description": about, "metadata": {**known, "by": CHECKOUT}},
        "success_url": r.return_url, "cancel_url": r.return_url, "expires_at": int((now + OPEN_FOR).timestamp()),
        **({"locale": locale} if (locale := _locale(r.shopper.locale)) else {}),
        **({"customer_email": r.shopper.email} if EMAIL.fullmatch(r.shopper.email) else {}),
    }  # fmt: skip


def session_of(
    session: Mapping[str, Any], refunds: Iterable[Mapping[str, Any]] = (), disputes: Iterable[Mapping[str, Any]] = ()
) -> PaymentView:
    """A session as a payment, its PaymentIntent expanded. Raises PluginError (protocol) for a status that is not listed.

    While it is open the shopper may try another card: a declined one kills nothing.
    """
    status, intent, ref = session["status"], session["payment_intent"], str(place_of(session))
    if status not in STATES:
        raise PluginError(ErrorKind.PROTOCOL, "Stripe told of a session's state that is not known here", str(status))
    if status == COMPLETE:
        return replace(_completed(session, refunds, disputes), provider_ref=ref)
    if intent and intent["status"] in UNDER_WAY:
        return replace(payment_of(intent, "", refunds, disputes), provider_ref=ref)
    action = {"type": "redirect", "url": session["url"]} if STATES[status] is State.REQUIRES_ACTION else None
    return PaymentView(provider_ref=ref, state=STATES[status], amount=_amount(session), next_action=action)


def place_of(session: Mapping[str, Any]) -> Place:
    intent = session["payment_intent"]
    return Place(session["id"], intent["id"] if isinstance(intent, Mapping) else intent or "")


def names_of_session(event: Mapping[str, Any]) -> tuple[str, str] | None:
    """Our payment's id and its order's, from a verified event that tells of a session; None for other events, and of others' sessions."""
    told = event["data"]["object"]
    ours = (told.get("metadata") or {}) if event["type"] in EVENTS and told["object"] == "checkout.session" else {}
    return (ours["payment_id"], ours["order_id"]) if "payment_id" in ours and "order_id" in ours else None


def says_paid(event: Mapping[str, Any]) -> bool:
    """Whether it says no more than that all has been captured; one that is authorized, or takes days, completes unpaid."""
    return event["type"] in SETTLED and event["data"]["object"].get("payment_status") == "paid"


def _completed(session: Mapping[str, Any], refunds: Iterable[Mapping[str, Any]], disputes: Iterable[Mapping[str, Any]]) -> PaymentView:
    intent = session["payment_intent"]
    if not intent:
        raise PluginError(ErrorKind.PROTOCOL, "Stripe told of a completed session in which nothing is paid", session["payment_status"])
    view = replace(payment_of(intent, "", refunds, disputes), next_action=None)
    if view.state is not State.REQUIRES_ACTION:
        return view
    return replace(view, state=State.FAILED if intent["status"] in UNPAID else State.PENDING)


def _amount(session: Mapping[str, Any]) -> Money:
    """Raises PluginError (protocol) where it is no number of minor units."""
    amount = session["amount_total"]
    if type(amount) is not int:
        raise PluginError(ErrorKind.PROTOCOL, "Stripe told of an amount that is not understood")
    return Money(amount, session["currency"].upper())


def _locale(tag: str) -> str:
    return next((one for one in (tag, tag.partition("-")[0]) if one in LOCALES), "")
