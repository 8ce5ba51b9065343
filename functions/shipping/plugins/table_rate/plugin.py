"""Table rate: a merchant's own tariff, zones × weight bands × monthly volume tiers. It calls nobody.

The supplier hands the parcel to a courier of its choice and reports the tracking number.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from functions.shipping.offline_courier import Offline
from monsoon_plugin.courier import Capability, GoodsNeed, Label, LabelRequest, Parcel, Purchase, Rate, RateRequest
from monsoon_plugin.money import MAX_AMOUNT, CurrencyCode
from monsoon_plugin.plugin import Config, Ctx, Manifest

Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|\*)$")]
Price = Annotated[int, Field(ge=0, le=MAX_AMOUNT, description="minor units")]


class Band(Config):
    """The prices of parcels up to a weight."""

    max_weight: int = Field(ge=1, le=1_000_000, description="grams, included")
    prices: list[Price] = Field(min_length=1, max_length=10, description="one for each of `tiers`")


class Zone(Config):
    """Countries of one price."""

    name: str = Field(min_length=1, max_length=60, examples=["Domestic"])
    countries: list[Country] = Field(min_length=1, max_length=250, description="ISO 3166-1 alpha-2; `*`: all that no zone names")
    days: tuple[int, int] = Field(default=(2, 5), description="earliest and latest day of delivery")
    bands: list[Band] = Field(min_length=1, max_length=40, description="by rising weight; heavier parcels are not taken")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not 0 <= self.days[0] <= self.days[1] <= 365:
            raise ValueError("days: an earliest and a latest day from 0 to 365")
        if any(a.max_weight >= b.max_weight for a, b in pairwise(self.bands)):
            raise ValueError("bands: list them by rising max_weight")
        return self


class Tariff(Config):
    """A merchant's tariff."""

    service: str = Field(default="Standard", min_length=1, max_length=60, description="what shoppers read")
    currency: CurrencyCode
    tiers: list[int] = Field(default=[0], min_length=1, max_length=10, description="shipments of a month from which each tier counts")
    cubic_mm_per_gram: int | None = Field(
        default=None, ge=1, le=100_000, description="a bulky parcel weighs its volume divided by this; 5000 is the usual"
    )
    zones: list[Zone] = Field(min_length=1, max_length=30)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.tiers[0] != 0 or any(a >= b for a, b in pairwise(self.tiers)):
            raise ValueError("tiers: start with 0 and rise")
        if any(len(band.prices) != len(self.tiers) for zone in self.zones for band in zone.bands):
            raise ValueError("zones: every band needs one price for each of `tiers`")
        named = [country for zone in self.zones for country in zone.countries]
        if len(named) != len(set(named)):
            raise ValueError("zones: a country may lie in one zone only")
        return self

    def zone(self, country: str) -> Zone | None:
        """The zone that names `country`, else the zone of all others."""
        return next((zone for wanted in (country, "*") for zone in self.zones if wanted in zone.countries), None)


class TableRate(Offline[Tariff]):
    """The plug-in (port.CourierPlugin)."""

    manifest = Manifest(id="table_rate", version="1.0.0", api=1, kind="courier", name={"en": "Table rate", "zh": "运费表"})
    config_model = Tariff

    def capability(self, config: Tariff | None) -> Capability:
        if config is None:
            return Capability(needs_of_goods=("weight", "size"), volume_tiers=True)
        named = [country for zone in config.zones for country in zone.countries]
        countries = None if "*" in named else tuple(named)
        needs: tuple[GoodsNeed, ...] = ("weight", "size") if config.cubic_mm_per_gram else ("weight",)
        return Capability(currencies=(config.currency,), countries=countries, needs_of_goods=needs, volume_tiers=len(config.tiers) > 1)

    def rates(self, ctx: Ctx[Tariff], request: RateRequest) -> Sequence[Rate]:
        tariff = ctx.config
        zone = tariff.zone(request.address.country)
        if zone is None:
            return []
        tier = max(i for i, start in enumerate(tariff.tiers) if start <= request.shipments_this_month)
        prices = [_price(tariff, zone, parcel, tier) for parcel in request.parcels]
        if None in prices:
            return []
        return [Rate(id="standard", service=tariff.service, price=sum(price for price in prices if price is not None), days=zone.days)]

    def buy(self, ctx: Ctx[Tariff], request: LabelRequest, op_key: str) -> Purchase:
        return Purchase(Label())


def _price(tariff: Tariff, zone: Zone, parcel: Parcel, tier: int) -> int | None:
    bulk = -(-parcel.volume // tariff.cubic_mm_per_gram) if tariff.cubic_mm_per_gram else 0
    weight = max(parcel.weight, bulk)
    return next((band.prices[tier] for band in zone.bands if weight <= band.max_weight), None)
