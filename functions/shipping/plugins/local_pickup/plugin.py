"""Local pick-up: the shopper collects the parcel at a place of the merchant's and shows a code. It calls nobody."""

from collections.abc import Sequence

from pydantic import Field

from functions.shipping.offline_courier import Offline
from monsoon_plugin.address import Address
from monsoon_plugin.courier import Capability, Label, LabelRequest, Purchase, Rate, RateRequest
from monsoon_plugin.money import MAX_AMOUNT, CurrencyCode
from monsoon_plugin.plugin import Config, Ctx, Manifest


class PickupPoint(Config):
    """Where and for how much."""

    location: Address = Field(description="its `name` is what shoppers read")
    currency: CurrencyCode
    service: str = Field(default="", max_length=100, description="what shoppers read, in their language; empty: Pick-up at, and the name")
    price: int = Field(default=0, ge=0, le=MAX_AMOUNT, description="minor units, for the whole order")
    ready_in_days: int = Field(default=1, ge=0, le=60, description="days until it can be collected")


class LocalPickup(Offline[PickupPoint]):
    """The plug-in (port.CourierPlugin)."""

    manifest = Manifest(id="local_pickup", version="1.0.0", api=1, kind="courier", name={"en": "Local pick-up", "zh": "到店自取"})
    config_model = PickupPoint

    def capability(self, config: PickupPoint | None) -> Capability:
        if config is None:
            return Capability(pickup=True, needs_of_goods=())
        return Capability(currencies=(config.currency,), countries=(config.location.country,), needs_of_goods=(), pickup=True)

    def rates(self, ctx: Ctx[PickupPoint], request: RateRequest) -> Sequence[Rate]:
        point, days = ctx.config, (ctx.config.ready_in_days, ctx.config.ready_in_days)
        service = point.service or f"Pick-up at {point.location.name}"
        return [Rate(id="pickup", service=service, price=point.price, days=days)]

    def buy(self, ctx: Ctx[PickupPoint], request: LabelRequest, op_key: str) -> Purchase:
        return Purchase(Label(pickup_location=ctx.config.location))
