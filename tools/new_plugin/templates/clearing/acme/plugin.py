"""Acme. It translates between the hub and one bank's format or one payer, and keeps nothing."""

from collections.abc import Sequence

from pydantic import Field, SecretStr

from monsoon_plugin.clearing import Batch, Capability, ClearingNotice, StatementLine, SubmitBatch
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Config, Ctx, Manifest, RawWebhook


class AcmeConfig(Config):
    """What a merchant types in. Secrets are SecretStr; every field has bounds and says where the merchant finds it."""

    api_key: SecretStr = Field(min_length=8, max_length=200, description="from the provider's dashboard")
    notice_secret: SecretStr = Field(min_length=8, max_length=200, description="signs notices to /v1/hooks/clearing/<installation>")


class Acme:
    """The plug-in (monsoon_plugin.clearing.ClearingPlugin). Every method may raise PluginError."""

    manifest = Manifest(
        id="acme", version="0.1", api=1, kind="clearing", name={"en": "Acme", "zh": "Acme"}, allowed_hosts=("api.acme.example",)
    )
    config_model = AcmeConfig

    def capability(self, config: AcmeConfig | None) -> Capability:
        """What it can do with `config`; with None, the most. The core asks for nothing else."""
        return Capability(currencies=("EUR", "GBP"), pays_to="iban", max_payouts=50)

    def check_config(self, ctx: Ctx[AcmeConfig]) -> None:
        """Ask the provider whether the keys work, and are for `ctx.mode`. Raises PluginError (config)."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def submit(self, ctx: Ctx[AcmeConfig], batch: SubmitBatch) -> Batch:
        """Pay the batch, once for its key; leave each payout's id with it, so that `fetch` finds it."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def fetch(self, ctx: Ctx[AcmeConfig], batch_key: str, payout_ids: Sequence[str]) -> Batch | None:
        """The batch as the provider knows it; None only if it certainly never arrived."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def parse_statement(self, ctx: Ctx[AcmeConfig], content: bytes, media_type: str) -> Sequence[StatementLine]:
        """A statement's lines, in its order; asked only for the media types that the capability lists."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def webhook(self, ctx: Ctx[AcmeConfig], raw: RawWebhook) -> ClearingNotice | None:
        """A notice whose signature and time (five minutes) are right; None if it concerns no batch of ours."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")
