"""PayPal, by Orders v2: the shopper approves the payment at PayPal and comes back; then it is captured, or authorized, by `confirm`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr

from functions.payments.plugins.paypal.certificates import CERTIFICATES
from functions.payments.plugins.paypal.client import Client, understood
from functions.payments.plugins.paypal.notices import CERTIFICATE_HOSTS, Signed, capture_of, notice_of, refund_notice, refused
from functions.payments.plugins.paypal.translate import (
    CURRENCIES,
    HELD_DAYS,
    made_of,
    order_request,
    payment_of,
    refund_of,
    unit_of,
    value_of,
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
from monsoon_plugin.plugin import Config, Ctx, Fee, Manifest, RawWebhook

LIVE, SANDBOX = "api-m.paypal.com", "api-m.sandbox.paypal.com"
FEES = (
    Fee(country="US", basis_points=349, fixed=49, currency="USD", of="PayPal Checkout", as_of="2026-11-23",
        source="https://www.paypal.com/us/webapps/mpp/merchant-fees"),
)  # fmt: skip


def _taken(currency: str) -> str:
    if currency not in CURRENCIES:
        raise ValueError(f"PayPal does not take {currency}")
    return currency


def _plausible(secret: SecretStr) -> SecretStr:
    if not 20 <= len(secret.get_secret_value()) <= 250 or not secret.get_secret_value().isascii():
        raise ValueError("this is not the secret of a PayPal REST app")
    return secret


class PayPalConfig(Config):
    client_id: str = Field(pattern=r"^[0-9A-Za-z_-]{20,250}$", description="of the REST app at developer.paypal.com")
    client_secret: Annotated[SecretStr, AfterValidator(_plausible)]
    webhook_id: str | None = Field(
        default=None, pattern=r"^[0-9A-Za-z]{5,50}$",
        description="of the app's webhook to /v1/hooks/payments/<installation>; without it notices are refused",
    )  # fmt: skip
    capture: Literal["automatic", "manual"] = Field(default="automatic", description="manual: authorize first, capture by hand")
    currencies: list[Annotated[CurrencyCode, AfterValidator(_taken)]] = Field(min_length=1, max_length=50)


class PayPal:
    """Sources: developer.paypal.com/docs/api/orders/v2 and /payments/v2.

    PayPal finds no order by our id. It need not: the answer to `start` alone holds the link by which an order can be approved, so
    one whose answer was lost can never be paid, and expires. Each change carries its op_key as PayPal-Request-Id, which PayPal does
    once: 6 hours for orders, 45 days for captures and refunds.
    """

    manifest = Manifest(
        id="paypal",
        version="1.0",
        api=1,
        kind="payment",
        name={"en": "PayPal", "zh": "PayPal"},
        allowed_hosts=(LIVE, SANDBOX, *CERTIFICATE_HOSTS.values()),
        fees=FEES,
    )
    config_model = PayPalConfig
    confirmation_model = ConfirmationData

    def capability(self, config: PayPalConfig | None) -> Capability:
        manual = config is None or config.capture == "manual"
        return Capability(
            methods=["paypal"], pages={"paypal": "redirect"},
            currencies=list(CURRENCIES) if config is None else config.currencies, operations=list(OperationKind),
            captures="by_hand" if manual else "on_confirmation", confirmed_by="shopper", partial_capture=manual,
            authorized_days=HELD_DAYS if manual else None, native_idempotency=True, disputes=True,
            disputes_are_refunds=True,
        )  # fmt: skip

    def check_config(self, ctx: Ctx[PayPalConfig]) -> None:
        _client(ctx).check()

    def start(self, ctx: Ctx[PayPalConfig], request: StartPayment) -> PaymentView:
        order = order_request(request, ctx.config.capture)
        with understood():
            return payment_of(_client(ctx, requests=2).create(order, request.op_key))

    def confirm(self, ctx: Ctx[PayPalConfig], request: Amend, data: ConfirmationData) -> PaymentView:
        """Capture or authorize what the shopper has approved."""
        capture = ctx.config.capture == "automatic"
        with understood():
            return payment_of(_client(ctx, requests=2).take(request.provider_ref, request.op_key, capture=capture))

    def capture(self, ctx: Ctx[PayPalConfig], request: Amend) -> PaymentView:
        """Capture once; what is not captured goes back to the shopper."""
        client = _client(ctx, requests=3)
        with understood():
            order = client.order(request.provider_ref)
            authorization = _only(made_of(order, "authorizations"), "there is nothing authorized to capture")
            capture = client.capture(authorization["id"], value_of(request.amount), request.op_key)
            return payment_of(_with_capture(order, capture))

    def cancel(self, ctx: Ctx[PayPalConfig], request: Amend) -> PaymentView:
        """Void the authorization. An order without one needs no call: only we could still capture it, and never shall."""
        client = _client(ctx, requests=3)
        with understood():
            order = client.order(request.provider_ref)
            view = payment_of(order)
            if view.state is State.AUTHORIZED:
                client.void(_only(made_of(order, "authorizations"), "there is nothing authorized")["id"], request.op_key)
            elif view.state not in (State.REQUIRES_ACTION, State.CANCELED):
                raise PluginError(ErrorKind.CONFLICT, "The payment is in another state by now.", view.state)
            return replace(view, state=State.CANCELED, next_action=None)

    def refund(self, ctx: Ctx[PayPalConfig], request: Amend) -> RefundView:
        client = _client(ctx, requests=3)
        with understood():
            order = client.order(request.provider_ref)
            capture = _only(made_of(order, "captures"), "there is nothing captured to refund")
            body = {"amount": value_of(request.amount), "custom_id": f"{unit_of(order)['custom_id']}/{request.op_key}"}
            refund = refund_of(client.refund(capture["id"], body, request.op_key))
        if refund.state == "failed":
            raise PluginError(ErrorKind.DECLINED, "PayPal could not pay this back.", refund.reason)
        return replace(refund, op_key=request.op_key)

    def fetch(
        self, ctx: Ctx[PayPalConfig], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()
    ) -> PaymentView | None:  # fmt: skip
        """By PayPal's order id. Without it the order can never be paid (see the class), which is as good as none."""
        if not provider_ref:
            return None
        with understood():
            order = _client(ctx, requests=2).find(provider_ref)
            return None if order is None else payment_of(order)

    def webhook(self, ctx: Ctx[PayPalConfig], raw: RawWebhook) -> WebhookResult | None:
        if ctx.config.webhook_id is None:
            raise refused("this installation has no webhook_id: notices cannot be verified")
        signed = Signed.of(raw, ctx.config.webhook_id, ctx.mode, ctx.now)
        signed.verify(CERTIFICATES.signer(signed.certificate_url, ctx.mode, ctx.now))
        with understood():
            return notice_of(raw.body) or self._of_capture(ctx, raw.body)

    def _of_capture(self, ctx: Ctx[PayPalConfig], body: bytes) -> WebhookResult | None:
        """A refund's notice that names no payment of ours: its capture does, and is asked for."""
        capture_id = capture_of(body)
        found = _client(ctx, requests=2).found_capture(capture_id) if capture_id else None
        return refund_notice(body, found.get("custom_id")) if found else None


def _only(made: list[Any], otherwise: str) -> Any:
    """The one authorization or capture that an order of ours has. Raises PluginError (conflict)."""
    if len(made) != 1:
        raise PluginError(ErrorKind.CONFLICT, otherwise)
    return made[0]


def _with_capture(order: Any, capture: Any) -> Any:
    """`order` as it stands after `capture`, which a repeated request may find in it already."""
    unit = unit_of(order)
    made = [one for one in made_of(order, "captures") if one["id"] != capture["id"]]
    return {**order, "purchase_units": [{**unit, "payments": {**unit["payments"], "captures": [*made, capture]}}]}


def _client(ctx: Ctx[PayPalConfig], requests: int = 1) -> Client:
    """A client whose `requests` together, the one for a token among them, end by the deadline."""
    own = f"https://{LIVE}"
    base_url = f"https://{SANDBOX}" if ctx.mode == "test" and ctx.base_url == own else ctx.base_url
    config = ctx.config
    return Client(config.client_id, config.client_secret.get_secret_value(), base_url, ctx.seconds / requests)
