"""UPS, FedEx, USPS and DHL Express through Karrio, which runs in a Lambda function of its own (functions/shipping/karrio_handler.py).

None of the four can be asked for a label by our own key, so a lost answer waits for staff: it is never bought again.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from functions.shipping.plugins.karrio.carriers import (
    FEDEX,
    MYDHL,
    UPS,
    USPS,
    Carrier,
    FedexConfig,
    KarrioConfig,
    MydhlConfig,
    UpsConfig,
    UspsConfig,
    settings_of,
)
from functions.shipping.plugins.karrio.translate import GIVEN_BACK, events_of, purchase_of, rate_request, rates_of, shipment_request
from functions.shipping.quotes.combined_rates import combined_rates
from monsoon_plugin.courier import Capability, Label, LabelRequest, Purchase, Rate, RateRequest, TrackEvent, TrackNotice
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx, Manifest, RawWebhook

if TYPE_CHECKING:
    from functions.shipping.plugins.karrio.client import Account

TIMEOUT = timedelta(seconds=25)


def _manifest(carrier: Carrier) -> Manifest:
    hosts = (carrier.host,) if carrier.test_host == carrier.host else (carrier.host, carrier.test_host)
    return Manifest(
        id=carrier.id,
        version="1.0",
        api=1,
        kind="courier",
        name={"en": carrier.name, "zh": carrier.name},
        allowed_hosts=hosts,
        timeout=TIMEOUT,
    )


class Karrio:
    """What the four have in common (port.CourierPlugin)."""

    carrier: ClassVar[Carrier]
    manifest: ClassVar[Manifest]
    config_model: ClassVar[type[KarrioConfig]]

    def capability(self, config: KarrioConfig | None) -> Capability:
        carrier = self.carrier
        return Capability(
            countries=carrier.countries, needs=carrier.needs, labels=True, formats=("PDF", "ZPL"), tracking="poll",
            void=carrier.void, lookup=False,
            max_weight=carrier.max_weight, max_packages=carrier.max_packages,
        )  # fmt: skip

    def check_config(self, ctx: Ctx[Any]) -> None:
        self._account(ctx).check(self.carrier.question)

    def rates(self, ctx: Ctx[Any], request: RateRequest) -> Sequence[Rate]:
        account, carrier = self._account(ctx), self.carrier
        documents = [rate_request(ctx.config, parcel, request, metric=carrier.metric) for parcel in request.parcels]
        return combined_rates(
            [account.ask("rate", document, lambda told: rates_of(told, carrier.name, ctx.config.days)) for document in documents]
        )

    def buy(self, ctx: Ctx[Any], request: LabelRequest, op_key: str) -> Purchase:
        carrier, wanted = self.carrier, ctx.config.label_format
        document = shipment_request(ctx.config, request, op_key, metric=carrier.metric, invoice_total=carrier.invoice_total)
        return self._account(ctx).ask("shipment", document, lambda told: purchase_of(told, carrier.name, wanted))

    def fetch(self, ctx: Ctx[Any], op_key: str) -> Purchase | None:
        raise PluginError(ErrorKind.UNSUPPORTED, f"{self.carrier.name} finds no label by our key")

    def void(self, ctx: Ctx[Any], label: Label, op_key: str) -> None:
        if not self.carrier.void:
            raise PluginError(ErrorKind.UNSUPPORTED, f"{self.carrier.name} voids no labels")
        try:
            self._account(ctx).ask("cancel_shipment", {"shipment_identifier": label.provider_ref}, bool)
        except PluginError as error:
            if error.provider_code not in GIVEN_BACK:
                raise

    def track(self, ctx: Ctx[Any], label: Label) -> Sequence[TrackEvent]:
        number = label.tracking_number
        return self._account(ctx).ask("tracking", {"tracking_numbers": [number]}, lambda told: events_of(number, told))

    def webhook(self, ctx: Ctx[Any], raw: RawWebhook) -> TrackNotice | None:
        raise PluginError(ErrorKind.SIGNATURE, f"{self.carrier.name} sends this installation no notices")

    def _account(self, ctx: Ctx[Any]) -> "Account":
        from functions.shipping.plugins.karrio.client import Account  # noqa: PLC0415 (most of a CPU second, and only where it is called)

        carrier, live = self.carrier, ctx.mode == "live"
        given = ctx.base_url.rstrip("/")
        base = f"https://{carrier.test_host}" if not live and given == f"https://{carrier.host}" else given
        base += carrier.path if live else carrier.test_path
        return Account(
            ctx=ctx,
            until=time.monotonic() + ctx.seconds,
            carrier=carrier.id,
            name=carrier.name,
            base=base,
            settings=settings_of(carrier, ctx.config),
        )


class Ups(Karrio):
    carrier, manifest, config_model = UPS, _manifest(UPS), UpsConfig


class Fedex(Karrio):
    carrier, manifest, config_model = FEDEX, _manifest(FEDEX), FedexConfig


class Usps(Karrio):
    carrier, manifest, config_model = USPS, _manifest(USPS), UspsConfig


class Mydhl(Karrio):
    carrier, manifest, config_model = MYDHL, _manifest(MYDHL), MydhlConfig
