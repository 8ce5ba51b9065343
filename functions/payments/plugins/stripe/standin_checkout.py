"""Checkout Sessions for Stripe's stand-in, which localstripe lacks: written by us from docs.stripe.com/api/checkout/sessions.

What a request may hold is held to Stripe's published OpenAPI (papers/checkout_sessions.json). The page at `url` is ours: it needs no
script, and takes a card that pays, one that is declined, and one whose bank answers later.
What it leaves out: wallets, 3-D Secure on the page, Adaptive Pricing, an e-mail that Stripe asks for.
"""

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
from aiohttp import web
from localstripe import resources
from localstripe.resources import Event, PaymentIntent, StripeObject, UserError
from localstripe.webhooks import schedule_webhook

PAPER = Path(__file__).parent / "papers" / "checkout_sessions.json"
LEAST, LONGEST = 30 * 60, 24 * 3600
"""Seconds from now to `expires_at`; of the least a few are let pass, for the clocks of tests."""
CARDS = {
    "pm_card_visa": "Pay by card",
    "pm_card_chargeCustomerFail": "Pay by a card that is declined",
    "later": "Pay by a bank that answers later",
}
TEXTS = ("metadata", "client_reference_id", "name", "description")
"""What may look like a number and is none."""
PAGE = "/_config/checkout/"
"""Where the shopper pays: an address that localstripe wants no key for."""
address = "http://127.0.0.1:8420"


def strict(schema: Any) -> Any:
    """A schema that lets pass only what it names, as Stripe does ("Received unknown parameter")."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return ({"additionalProperties": False} if "properties" in schema else {}) | {name: strict(one) for name, one in schema.items()}


CREATE: dict[str, Any] = strict(json.loads(PAPER.read_text(encoding="utf-8"))["create"])


def whole(form: Any) -> Any:
    """A form's texts as OpenAPI means them: digits are integers, true and false booleans."""
    if isinstance(form, dict):
        return {name: value if name in TEXTS else whole(value) for name, value in form.items()}
    if isinstance(form, list):
        return [whole(value) for value in form]
    return {"true": True, "false": False}.get(form, int(form) if str(form).isdigit() else form)


class CheckoutSession(StripeObject):  # type: ignore[misc]  # localstripe has no types
    object, _id_prefix = "checkout.session", "cs_test_"

    def __init__(self, **form: Any) -> None:
        told = whole(form)
        try:
            jsonschema.validate(told, CREATE)
            (item,) = told["line_items"]
            assert LEAST - 5 <= told.get("expires_at", time.time() + LONGEST) - time.time() <= LONGEST
            assert told["mode"] == "payment"
            assert urlsplit(told["success_url"]).scheme in ("http", "https")
        except (jsonschema.ValidationError, AssertionError, KeyError, ValueError) as error:
            raise UserError(400, f"Invalid request: {str(error)[:200]}") from None
        super().__init__()
        self.client_reference_id, self.metadata = told.get("client_reference_id"), told.get("metadata") or {}
        self.amount_total, self.currency = item["price_data"]["unit_amount"] * item["quantity"], item["price_data"]["currency"]
        self.expires_at, self.success_url, self.cancel_url = told.get("expires_at"), told["success_url"], told.get("cancel_url")
        self.mode, self.payment_intent = "payment", None
        self._status, self._data = "open", told.get("payment_intent_data") or {}

    @property
    def status(self) -> str:
        over = self._status == "open" and self.expires_at and self.expires_at <= time.time()
        return "expired" if over else self._status

    @property
    def url(self) -> str | None:
        return f"{address}{PAGE}{self.id}" if self.status == "open" else None

    @property
    def payment_status(self) -> str:
        intent = self.payment_intent and PaymentIntent._api_retrieve(self.payment_intent)
        return "paid" if intent and intent.status == "succeeded" else "unpaid"

    def _pay(self, card: str) -> bool:
        """What the shopper does on the page; whether the card was taken."""
        if self.status != "open":
            raise UserError(400, "This Checkout Session is not open")
        intent = self._intent()
        intent._held = card == "later"
        intent.payment_method, intent.latest_charge = "pm_card_visa" if intent._held else card, None
        try:
            intent._confirm(on_failure_now=intent._report_failure)
        except UserError:
            return False
        self._status = "complete"
        schedule_webhook(Event("checkout.session.completed", self))
        return True

    def _intent(self) -> Any:
        if self.payment_intent is None:
            capture, metadata = self._data.get("capture_method"), self._data.get("metadata") or {}
            made = PaymentIntent(amount=self.amount_total, currency=self.currency, metadata=metadata, capture_method=capture)
            self.payment_intent = made.id
        return PaymentIntent._api_retrieve(self.payment_intent)


def retrieve(id: str) -> Any:
    return CheckoutSession._api_retrieve(id)


def listed(
    created: dict[str, str] | None = None, payment_intent: str | None = None, limit: str = "10", starting_after: str | None = None
) -> Any:  # fmt: skip
    """The newest first."""
    found = CheckoutSession._api_list_all("/v1/checkout/sessions", limit=limit, starting_after=starting_after)
    since = int((created or {}).get("gte", 0))
    every = [one for one in reversed(found._list) if one.created >= since]
    found._list = [one for one in every if payment_intent in (None, one.payment_intent)]
    return found


def expire(id: str) -> Any:
    session = CheckoutSession._api_retrieve(id)
    if session.status != "open":
        raise UserError(400, f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {session.status}')
    session._status = "expired"
    if session.payment_intent:
        PaymentIntent._api_retrieve(session.payment_intent)._canceled = True
    return session


async def page(request: web.Request) -> web.StreamResponse:
    """Stripe's page: GET shows it, POST pays by the card that is named and goes back to the shop."""
    session = CheckoutSession._api_retrieve(request.match_info["id"])
    card, declined = (await request.post()).get("card", "") if request.method == "POST" else "", ""
    if card in CARDS:
        if session._pay(str(card)):
            raise web.HTTPSeeOther(session.success_url)
        declined = "<p role=alert>Your card was declined. Try another one.</p>"
    if session.status != "open":
        return web.Response(
            text=f"<!doctype html><title>Stripe's stand-in</title><p>This session is {session.status}.", content_type="text/html"
        )
    buttons = "".join(f"<p><button name=card value={name}>{words}</button>" for name, words in CARDS.items())
    text = f"""<!doctype html><html lang=en><meta name=viewport content="width=device-width"><title>Stripe's stand-in</title>
<h1>{session.amount_total} {session.currency.upper()}</h1><p>A stand-in of Stripe's page: no money moves.</p>{declined}
<form method=post>{buttons}</form><p><a href="{session.cancel_url}">Back to the shop</a>"""
    return web.Response(text=text, content_type="text/html")


def settle(id: str, paid: str = "true") -> Any:
    """The bank that answers later answers."""
    intent = PaymentIntent._api_retrieve(id)
    intent._held = False
    if paid != "true":
        intent.latest_charge._set_auth_failure()
    return intent


def status_of(own: Any) -> Any:
    """An intent's status, where its bank may answer later."""
    return property(lambda intent: "processing" if getattr(intent, "_held", False) and intent.latest_charge else own.fget(intent))


def install(app: web.Application, at: str) -> None:
    """Serve sessions beside what localstripe serves, their pages at `at`."""
    global address  # noqa: PLW0603 (the process is one stand-in)
    address = at
    app.router.add_route("*", PAGE + "{id}", page)


PaymentIntent.status = status_of(PaymentIntent.status)
resources.extra_apis.extend((
    ("POST", "/v1/checkout/sessions/{id}/expire", expire),
    ("GET", "/v1/checkout/sessions/{id}", retrieve),
    ("GET", "/v1/checkout/sessions", listed),
    ("POST", "/v1/checkout/sessions", CheckoutSession._api_create),
    ("POST", "/_config/settled/{id}", settle),
))  # fmt: skip
