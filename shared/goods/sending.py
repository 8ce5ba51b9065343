"""What sending costs a storefront's shoppers, as its rule says it to compare offers of one trade item: a tariff in short."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from monsoon_plugin.money import MAX_AMOUNT, CurrencyCode
from monsoon_plugin.value import Value
from shared.trade.product import Country

ZoneCountry = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|\*)$")]
Duty = Annotated[int, Field(ge=0, le=10_000)]
MOST_ZONES, MOST_BANDS, MOST_COUNTRIES = 10, 10, 60


class SendingBand(Value):
    max_weight: int = Field(ge=1, le=1_000_000, description="grams, packed, included")
    price: int = Field(ge=0, le=MAX_AMOUNT, description="minor units of `currency`")


class SendingZone(Value):
    """Countries of one price, as in the config of the courier `table_rate`."""

    countries: list[ZoneCountry] = Field(min_length=1, max_length=MOST_COUNTRIES, description="`*`: all that no zone names")
    bands: list[SendingBand] = Field(min_length=1, max_length=MOST_BANDS, description="by rising weight; heavier parcels are not taken")

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if any(a.max_weight >= b.max_weight for a, b in pairwise(self.bands)):
            raise ValueError("bands: list them by rising max_weight")
        return self


class Sending(Value):
    """For one unit. It charges nobody: what a shopper pays is what a courier quotes."""

    to: Country = Field(description="where most shoppers are, ISO 3166-1 alpha-2; a listing's `destination` goes before it")
    currency: CurrencyCode
    zones: list[SendingZone] = Field(min_length=1, max_length=MOST_ZONES)
    duties: dict[Country, Duty] = Field(
        default={}, max_length=MOST_COUNTRIES,
        description="what crossing the border into `to` adds, in thousandths of the price, by the country where the goods were made",
        examples=[{"CN": 120}],
    )  # fmt: skip

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = [country for zone in self.zones for country in zone.countries]
        if len(named) != len(set(named)):
            raise ValueError("zones: a country may lie in one zone only")
        if self.to not in named and "*" not in named:
            raise ValueError(f"zones: none is of {self.to}; name it in one, or * for all others")
        return self

    def is_sent(self, country: str) -> bool:
        return self._zone(country) is not None

    def price(self, country: str, weight: int) -> int | None:
        """Of a parcel of so many grams, in minor units; None where none of such a weight is taken, or none at all."""
        zone = self._zone(country)
        return next((band.price for band in zone.bands if weight <= band.max_weight), None) if zone else None

    def duty(self, country: str, origin: str) -> int:
        """Thousandths of the price; only the border of `to` is known."""
        return self.duties.get(origin, 0) if country == self.to else 0

    def _zone(self, country: str) -> SendingZone | None:
        return next((zone for wanted in (country, "*") for zone in self.zones if wanted in zone.countries), None)
