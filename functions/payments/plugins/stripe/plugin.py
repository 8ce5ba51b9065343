"""Stripe, by PaymentIntents: cards, at once or authorized first. The shopper confirms in the browser, or the shop's server does.

Or by Checkout Sessions: the shopper pays on Stripe's page, which needs nothing of the shop's, by any way that the merchant's account has.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr

from functions.payments.plugins.stripe.client import Client, verified
from functions.payments.plugins.stripe.sessions import CHECKOUT, Place, names_of_session, place_of, says_paid, session_of, session_request
from functions.payments.plugins.stripe.translate import (
    FEES,
    HELD_DAYS,
    MOST,
    UNLIKE_ISO,
    check_step,
    intent_of,
    limits_of,
    names_of,
    payment_of,
    refunded,
)
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.money import CurrencyCode
from monsoon_plugin.payment import (
    Amend,
    Capability,
    ConfirmationData,
    OperationKind,
    PaymentView,
    RefundView,
    StartPayment,
    State,
    WebhookResult,
)
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook

TOLERANCE = 300
"""Seconds by which a notice's time may differ from ours (docs.stripe.com/webhooks, "Preventing replay attacks")."""


def _as_iso(currency: str) -> str:
    if currency in UNLIKE_ISO:
        raise ValueError(f"Stripe counts {currency} in other units than ISO 4217: it is not offered here")
    return currency


def _secret(pattern: str, meant: str) -> Any:
    def check(secret: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, secret.get_secret_value()):
            raise ValueError(f"this is not {meant}")
        return secret

    return AfterValidator(check)


class StripeConfig(Config):
    secret_key: Annotated[SecretStr, _secret(r"(sk|rk)_(test|live)_\w{4,250}", "a secret key: sk_test_…, sk_live_… or rk_…")]
    publishable_key: str = Field(pattern=r"^pk_(test|live)_[0-9A-Za-z]+$", max_length=255, description="goes to the shopper's browser")
    webhook_secret: Annotated[SecretStr, _secret(r"whsec_\S{4,250}", "a signing secret: whsec_…")] | None = Field(
        default=None, description="of the endpoint /v1/hooks/payments/<installation>; without it notices are refused"
    )
    capture: Literal["automatic", "manual"] = Field(default="automatic", description="manual: authorize first, capture by hand")
    currencies: list[Annotated[CurrencyCode, AfterValidator(_as_iso)]] = Field(min_length=1, max_length=50)


class CardData(ConfirmationData):
    """What the shopper's browser made of the card."""

    payment_method: str = Field(pattern=r"^pm_[0-9A-Za-z_]+$", max_length=100, examples=["pm_card_visa"])


class Stripe:
    manifest = Manifest(
        id="stripe",
        version="1.0",
        api=1,
        kind="payment",
        name={"en": "Stripe", "zh": "Stripe"},
        allowed_hosts=("api.stripe.com",),
        fees=FEES,
    )
    config_model = StripeConfig
    confirmation_model = CardData

    def capability(self, config: StripeConfig | None) -> Capability:
        manual = config is None or config.capture == "manual"
        limits: dict[str, Any] = {} if config is None else {"currencies": config.currencies, "limits": limits_of(config.currencies)}
        return Capability(
            methods=["card", CHECKOUT], pages={CHECKOUT: "redirect"},
            max_amount=MOST, operations=list(OperationKind), captures="by_hand" if manual else "at_once",
            confirmed_by="shopper", authorized_days=HELD_DAYS if manual else None, partial_capture=manual, native_idempotency=True,
            disputes=True, **limits,
        )  # fmt: skip

    def check_config(self, ctx: Ctx[StripeConfig]) -> None:
        for key in (ctx.config.secret_key.get_secret_value(), ctx.config.publishable_key):
            if key.split("_")[1] != ctx.mode:
                raise PluginError(ErrorKind.CONFIG, f"this installation is {ctx.mode}, a key is not")
        with _client(ctx) as client:
            client.check()

    def start(self, ctx: Ctx[StripeConfig], request: StartPayment) -> PaymentView:
        r = request
        check_step(r.amount)
        if r.method == CHECKOUT:
            return self._start_session(ctx, r)
        params = {
            "amount": r.amount.amount, "currency": r.amount.currency.lower(), "capture_method": ctx.config.capture,
            "payment_method_types": ["card"],
            "metadata": {"payment_id": r.payment_id, "order_id": r.order_id, "tenant": r.tenant},
        }  # fmt: skip
        if isinstance(r.data, CardData):
            params |= {"confirm": True, "payment_method": r.data.payment_method}
            params |= {"return_url": r.return_url} if r.return_url else {}
        with _client(ctx) as client:
            return payment_of(client.create(params, r.op_key), ctx.config.publishable_key)

    def _start_session(self, ctx: Ctx[StripeConfig], request: StartPayment) -> PaymentView:
        if request.data is not None:
            raise PluginError(ErrorKind.INVALID, "a card is not given to Stripe's page: the shopper types it there")
        with _client(ctx) as client:
            return session_of(client.create_session(session_request(request, ctx.config.capture, ctx.now), request.op_key))

    def confirm(self, ctx: Ctx[StripeConfig], request: Amend, data: CardData) -> PaymentView:
        if Place.parse(request.provider_ref).session:
            raise PluginError(ErrorKind.UNSUPPORTED, "There is nothing to confirm: the shopper pays on Stripe's page.")
        return self._amend(ctx, "confirm", request, {"payment_method": data.payment_method})

    def capture(self, ctx: Ctx[StripeConfig], request: Amend) -> PaymentView:
        return self._amend(ctx, "capture", request, {"amount_to_capture": request.amount.amount})

    def cancel(self, ctx: Ctx[StripeConfig], request: Amend) -> PaymentView:
        """A session is expired, for Stripe cancels its intent no other way until the money is held (…/payment_intents/cancel)."""
        place = Place.parse(request.provider_ref)
        if not place.session:
            return self._amend(ctx, "cancel", request, {})
        with _client(ctx, requests=2) as client:
            view = session_of(session := client.session(place.session))
            if view.state is State.AUTHORIZED:
                intent = client.amend("cancel", place_of(session).intent, {}, request.op_key)
                return replace(payment_of(intent, ""), provider_ref=view.provider_ref)
            if view.state is State.REQUIRES_ACTION:
                view = session_of(client.expire_session(place.session, request.op_key))
        if view.state is not State.EXPIRED:
            raise PluginError(ErrorKind.CONFLICT, "The payment is in another state by now.", view.state)
        return replace(view, state=State.CANCELED)

    def refund(self, ctx: Ctx[StripeConfig], request: Amend) -> RefundView:
        metadata = {"op_key": request.op_key, "payment_id": request.payment_id}
        with _client(ctx, requests=2) as client:
            params = {"payment_intent": _intent(client, request), "amount": request.amount.amount, "metadata": metadata}
            return refunded(client.refund(params, request.op_key))

    def fetch(
        self, ctx: Ctx[StripeConfig], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()
    ) -> PaymentView | None:
        with _client(ctx, requests=4) as client:
            place = Place.parse(provider_ref) if provider_ref else client.find(payment_id, since)
            told = client.known(place) if place else None
            if place is None or told is None:
                return None
            intent: Mapping[str, Any] = (told["payment_intent"] or {}) if place.session else told
            charge = intent.get("latest_charge") or {}
            paid_back = client.refunds(intent["id"]) if charge else []
            disputes = client.disputes(intent["id"]) if charge.get("disputed") else []
            if place.session:
                return session_of(told, paid_back, disputes)
            return payment_of(told, ctx.config.publishable_key, paid_back, disputes)

    def webhook(self, ctx: Ctx[StripeConfig], raw: RawWebhook) -> WebhookResult | None:
        if ctx.config.webhook_secret is None:
            raise PluginError(ErrorKind.SIGNATURE, "this installation has no webhook_secret: notices cannot be verified")
        header = raw.headers.get("stripe-signature", "")
        event = verified(raw.body, header, ctx.config.webhook_secret.get_secret_value())
        at = int(header.split("t=", 1)[1].split(",", 1)[0])
        if abs(ctx.now.timestamp() - at) > TOLERANCE:
            raise PluginError(ErrorKind.SIGNATURE, "the notice's time is more than five minutes from ours")
        return self._named(ctx, event)

    def _named(self, ctx: Ctx[StripeConfig], event: Mapping[str, Any]) -> WebhookResult | None:
        """Whose payment a verified event tells of; of refunds and disputes, which do not say, Stripe is asked."""
        if named := names_of_session(event):
            return WebhookResult(event["id"], *named, settled=says_paid(event))
        intent_id, told = intent_of(event), event["data"]["object"]
        if intent_id is None:
            return None
        if told["object"] != "payment_intent":
            with _client(ctx) as client:
                told = client.retrieve(intent_id)
        names = names_of(told)
        return names and WebhookResult(event["id"], *names, settled=event["type"] == "payment_intent.succeeded")

    def _amend(self, ctx: Ctx[StripeConfig], verb: str, request: Amend, params: dict[str, Any]) -> PaymentView:
        place = Place.parse(request.provider_ref)
        with _client(ctx, requests=2 if place.session else 1) as client:
            intent = client.amend(verb, _intent(client, request), params, request.op_key)
        view = payment_of(intent, ctx.config.publishable_key)
        return replace(view, provider_ref=str(replace(place, intent=intent["id"]))) if place.session else view


def _intent(client: Client, request: Amend) -> str:
    """The intent to change; of a session whose intent was not told yet it is asked for. Raises PluginError (conflict) while it has none."""
    place = Place.parse(request.provider_ref)
    intent = place.intent or place_of(client.session(place.session)).intent
    if not intent:
        raise PluginError(ErrorKind.CONFLICT, "Nobody has paid on Stripe's page yet.")
    return intent


@contextmanager
def _client(ctx: Ctx[StripeConfig], requests: int = 1) -> Iterator[Client]:
    """A client whose `requests` together end by the deadline."""
    seconds = (ctx.deadline - ctx.now).total_seconds() / requests
    client = Client(ctx.config.secret_key.get_secret_value(), ctx.base_url, seconds)
    try:
        yield client
    finally:
        client.close()
