"""Acme. It translates between the hub and one provider, and keeps nothing."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field, SecretStr

from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.payment import Amend, Capability, ConfirmationData, OperationKind, PaymentView, RefundView, StartPayment, WebhookResult
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook


class AcmeConfig(Config):
    """What a merchant types in. Secrets are SecretStr; every field has bounds and says where the merchant finds it."""

    api_key: SecretStr = Field(min_length=8, max_length=200, description="from the provider's dashboard")
    notice_secret: SecretStr = Field(min_length=8, max_length=200, description="signs notices to /v1/hooks/payments/<installation>")


class AcmeData(ConfirmationData):
    """What the shopper's side gives, such as a card's token; no field: the shopper pays at the provider."""


class Acme:
    """The plug-in (monsoon_plugin.payment.PaymentPlugin). Every method sends one request at most, and may raise PluginError."""

    manifest = Manifest(
        id="acme", version="0.1", api=1, kind="payment", name={"en": "Acme", "zh": "Acme"}, allowed_hosts=("api.acme.example",)
    )
    config_model = AcmeConfig
    confirmation_model = AcmeData

    def capability(self, config: AcmeConfig | None) -> Capability:
        """What it can do with `config`; with None, the most. The core asks for nothing else."""
        kinds = [OperationKind.START, OperationKind.CANCEL, OperationKind.REFUND]
        return Capability(methods=["card"], currencies=["EUR", "GBP", "JPY"], operations=kinds, captures="at_once", native_idempotency=True)

    def check_config(self, ctx: Ctx[AcmeConfig]) -> None:
        """Ask the provider whether the keys work, and are for `ctx.mode`. Raises PluginError (config)."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def start(self, ctx: Ctx[AcmeConfig], request: StartPayment) -> PaymentView:
        """Begin a payment with the idempotency key `request.op_key`; leave `request.payment_id` with it, so that `fetch` finds it."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def confirm(self, ctx: Ctx[AcmeConfig], request: Amend, data: AcmeData) -> PaymentView:
        """Finish what the shopper has acted for; asked only where the capability lists CONFIRM."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def capture(self, ctx: Ctx[AcmeConfig], request: Amend) -> PaymentView:
        """Take `request.amount` of what was authorized; asked only where the capability lists CAPTURE."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def cancel(self, ctx: Ctx[AcmeConfig], request: Amend) -> PaymentView:
        """Give up what was not captured."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def refund(self, ctx: Ctx[AcmeConfig], request: Amend) -> RefundView:
        """Pay `request.amount` back, once for `request.op_key`."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def fetch(
        self, ctx: Ctx[AcmeConfig], payment_id: str, provider_ref: str, since: datetime, refunds: Sequence[str] = ()
    ) -> PaymentView | None:
        """The payment by the provider's reference or, without one, by our id; None only if the provider certainly does not know it."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def webhook(self, ctx: Ctx[AcmeConfig], raw: RawWebhook) -> WebhookResult | None:
        """A notice whose signature and time (five minutes) are right; None if it concerns no payment of ours."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")
