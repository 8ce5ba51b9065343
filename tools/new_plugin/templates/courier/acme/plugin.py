"""Acme. It translates between the hub and one courier, and keeps nothing."""

from collections.abc import Sequence

from pydantic import Field, SecretStr

from monsoon_plugin.courier import (
    Capability,
    CarrierConfig,
    Label,
    LabelRequest,
    Purchase,
    Rate,
    RateRequest,
    TrackEvent,
    TrackNotice,
)
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx, Manifest, RawWebhook


class AcmeConfig(CarrierConfig):
    """What a merchant types in, beside the sender's address. Secrets are SecretStr; every field has bounds and a description."""

    api_key: SecretStr = Field(min_length=8, max_length=200, description="from the courier's dashboard")
    notice_secret: SecretStr = Field(min_length=8, max_length=200, description="signs notices to /v1/hooks/couriers/<installation>")


class Acme:
    """The plug-in (monsoon_plugin.courier.CourierPlugin). Every method sends one change at most, and may raise PluginError."""

    manifest = Manifest(
        id="acme", version="0.1", api=1, kind="courier", name={"en": "Acme", "zh": "Acme"}, allowed_hosts=("api.acme.example",)
    )
    config_model = AcmeConfig

    def capability(self, config: AcmeConfig | None) -> Capability:
        """What it can do with `config`; with None, the most. The core asks for nothing else."""
        return Capability(currencies=("GBP",), labels=True, formats=("PDF",), tracking="webhook", max_weight=30_000)

    def check_config(self, ctx: Ctx[AcmeConfig]) -> None:
        """Ask the courier whether the keys work, and are for `ctx.mode`. Raises PluginError (config)."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def rates(self, ctx: Ctx[AcmeConfig], request: RateRequest) -> Sequence[Rate]:
        """What all parcels of the request cost together, by service, in minor units; nothing where a part of it cannot travel."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def buy(self, ctx: Ctx[AcmeConfig], request: LabelRequest, op_key: str) -> Purchase:
        """Buy one parcel's label, once for `op_key`; leave the key with it, so that `fetch` finds it."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def fetch(self, ctx: Ctx[AcmeConfig], op_key: str) -> Purchase | None:
        """The label that was bought with `op_key`; None only if there certainly is none."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def void(self, ctx: Ctx[AcmeConfig], label: Label, op_key: str) -> None:
        """Give back a label that was never scanned; doing it again changes nothing."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def track(self, ctx: Ctx[AcmeConfig], label: Label) -> Sequence[TrackEvent]:
        """All that the courier says of the parcel, the oldest first."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")

    def webhook(self, ctx: Ctx[AcmeConfig], raw: RawWebhook) -> TrackNotice | None:
        """A notice whose signature and time are right; None if it concerns no parcel."""
        raise PluginError(ErrorKind.UNSUPPORTED, "not written yet")
