"""Adyen, by payment links: the shopper pays on Adyen's page, by any way that the merchant's account has for country and currency."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from functions.payments.plugins.adyen.client import Client, understood
from functions.payments.plugins.adyen.notices import item_of, notice_of, refused, verify
from functions.payments.plugins.adyen.translate import (
    HELD_DAYS,
    UNLIKE_ISO,
    Place,
    change_request,
    link_request,
    payment_of,
    refund_of,
    taken_on,
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

TEST, LIVE = "checkout-test.adyen.com", "*-checkout-live.adyenpayments.com"
VERSION = "v71"
OPERATIONS = [OperationKind.START, OperationKind.CAPTURE, OperationKind.CANCEL, OperationKind.REFUND]


def _as_iso(currency: str) -> str:
    if currency in UNLIKE_ISO:
        raise ValueError(f"Adyen counts {currency} in other units than ISO 4217: it is not offered here")
    return currency


def _plausible(secret: SecretStr) -> SecretStr:
    if not 20 <= len(secret.get_secret_value()) <= 500 or not secret.get_secret_value().isascii():
        raise ValueError("this is not an API key of Adyen's")
    return secret


def _hexadecimal(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if len(text) != 64 or not all(c in "0123456789abcdefABCDEF" for c in text):
        raise ValueError("an HMAC key of Adyen's has 64 hexadecimal digits")
    return secret


class AdyenConfig(Config):
    api_key: Annotated[SecretStr, AfterValidator(_plausible)]
    merchant_account: str = Field(pattern=r"^[0-9A-Za-z_-]{1,80}$")
    live_prefix: str | None = Field(
        default=None, pattern=r"^[0-9A-Za-z]+(-[0-9A-Za-z]+)*$", max_length=100, description="of the live endpoints; live mode needs it"
    )
    hmac_key: Annotated[SecretStr, AfterValidator(_hexadecimal)] | None = Field(
        default=None, description="of the standard webhook to /v1/hooks/payments/<installation>; without it notices are refused"
    )
    capture: Literal["automatic", "manual"] = Field(default="automatic", description="manual: authorize first, capture by hand")
    currencies: list[Annotated[CurrencyCode, AfterValidator(_as_iso)]] = Field(min_length=1, max_length=50)


class Adyen:
    """Sources: docs.adyen.com/unified-commerce/pay-by-link and docs.adyen.com/api-explorer/Checkout/71.

    A link can be asked for by its id; the payment made through it cannot, and captures, cancellations and refunds are answered
    `received` only. So `lookup` is false: the outcome of those, and the end of an authorization, come by notice. A link whose answer was
    lost can never be paid, for nobody has its address; it expires. Each change carries its op_key as Idempotency-Key, which Adyen does
    once within 7 days.
    """

    manifest = Manifest(
        id="adyen",
        version="1.0",
        api=1,
        kind="payment",
        name={"en": "Adyen", "zh": "Adyen"},
        allowed_hosts=(TEST, LIVE),
        acknowledgement="[accepted]",
    )
    config_model = AdyenConfig
    confirmation_model = ConfirmationData

    def capability(self, config: AdyenConfig | None) -> Capability:
        manual = config is None or config.capture == "manual"
        return Capability(
            methods=["hosted_page"], pages={"hosted_page": "redirect"},
            currencies=[] if config is None else config.currencies, operations=OPERATIONS,
            captures="by_hand" if manual else "at_once", partial_capture=manual, authorized_days=HELD_DAYS if manual else None,
            native_idempotency=True, lookup=False, disputes=True,
        )  # fmt: skip

    def check_config(self, ctx: Ctx[AdyenConfig]) -> None:
        _client(ctx).check(ctx.config.merchant_account)

    def start(self, ctx: Ctx[AdyenConfig], request: StartPayment) -> PaymentView:
        link = link_request(request, ctx.config.merchant_account, by_hand=ctx.config.capture == "manual")
        with understood():
            return payment_of(_client(ctx).create(link, request.op_key))

    def confirm(self, ctx: Ctx[AdyenConfig], request: Amend, data: ConfirmationData) -> PaymentView:
        """There is nothing to confirm: the shopper pays at Adyen. Raises PluginError (unsupported)."""
        raise PluginError(ErrorKind.UNSUPPORTED, "Adyen asks for no confirmation: the shopper pays on its page.")

    def capture(self, ctx: Ctx[AdyenConfig], request: Amend) -> PaymentView:
        body = change_request(request, ctx.config.merchant_account, request.amount)
        psp = Place.parse(request.provider_ref).paid()
        with understood():
            return taken_on(_client(ctx).capture(psp, body, request.op_key), request)

    def cancel(self, ctx: Ctx[AdyenConfig], request: Amend) -> PaymentView:
        """End the link, or cancel the payment made through it, which Adyen's notice then confirms."""
        place = Place.parse(request.provider_ref)
        with understood():
            if place.psp:
                body = change_request(request, ctx.config.merchant_account)
                return taken_on(_client(ctx).cancel(place.psp, body, request.op_key), request)
            view = payment_of(_client(ctx).expire(place.link))
        if view.state is not State.EXPIRED:
            raise PluginError(ErrorKind.CONFLICT, "The payment is in another state by now.", view.state)
        return replace(view, state=State.CANCELED)

    def refund(self, ctx: Ctx[AdyenConfig], request: Amend) -> RefundView:
        body = change_request(request, ctx.config.merchant_account, request.amount)
        psp = Place.parse(request.provider_ref).paid()
        with understood():
            return refund_of(_client(ctx).refund(psp, body, request.op_key), request)

    def fetch(
        self, ctx: Ctx[AdyenConfig], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()
    ) -> PaymentView | None:  # fmt: skip
        """By the link's id. Without it the link can never be paid (see the class), which is as good as none."""
        if not provider_ref:
            return None
        place = Place.parse(provider_ref)
        with understood():
            link = _client(ctx).find(place.link)
            return None if link is None else payment_of(link, place)

    def webhook(self, ctx: Ctx[AdyenConfig], raw: RawWebhook) -> WebhookResult | None:
        if ctx.config.hmac_key is None:
            raise refused("this installation has no hmac_key: notices cannot be verified")
        item = item_of(raw.body, ctx.mode)
        verify(item, ctx.config.hmac_key.get_secret_value(), ctx.config.merchant_account)
        with understood():
            return notice_of(item)


def _client(ctx: Ctx[AdyenConfig]) -> Client:
    """At Adyen's own address of the mode, or at a stand-in's, which serves the paths of the published OpenAPI."""
    base_url = ctx.base_url
    if base_url == f"https://{TEST}":
        base_url = f"{base_url}/{VERSION}" if ctx.mode == "test" else _live(ctx.config.live_prefix)
    return Client(ctx.config.api_key.get_secret_value(), base_url, ctx.seconds)


def _live(prefix: str | None) -> str:
    """Raises PluginError (config)."""
    if prefix is None:
        raise PluginError(ErrorKind.CONFIG, "Live mode needs live_prefix, the prefix of your live endpoints.")
    return f"https://{LIVE.replace('*', prefix)}/checkout/{VERSION}"
