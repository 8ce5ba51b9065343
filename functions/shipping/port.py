"""The contract of a courier plug-in. The core owns states, retries, counters and secrets; a plug-in translates to one courier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from functions.shipping.parcel import Parcel
from shared.address import Address
from shared.fx import Rates
from shared.providers.plugin import Config, Ctx, Plugin

C = TypeVar("C", bound=Config)


class Capability(BaseModel):
    """What a plug-in can do with a config. The core checks it before every call."""

    model_config = ConfigDict(frozen=True)
    currencies: tuple[str, ...] | None = Field(default=None, description="ISO 4217; null: any")
    countries: tuple[str, ...] | None = Field(default=None, description="ISO 3166-1 alpha-2 of the addresses; null: any")
    volume_tiers: bool = Field(default=False, description="prices fall with the month's shipments, which the core then counts")
    pickup: bool = Field(default=False, description="the shopper collects the parcel and shows a code")

    def reaches(self, country: str) -> bool:
        return self.countries is None or country in self.countries

    def currency(self, wanted: str, rates: Callable[[], Rates]) -> str | None:
        """In which currency to ask it: `wanted`, else one of its own that `rates` convert into that; None if there is none."""
        if self.currencies is None or wanted in self.currencies:
            return wanted
        return next((own for own in self.currencies if rates().knows(own) and rates().knows(wanted)), None)


@dataclass(frozen=True, slots=True)
class RateRequest:
    """What shall travel where."""

    parcels: Sequence[Parcel]
    address: Address
    currency: str
    shipments_this_month: int
    """Those that this installation has shipped in the current month (UTC); 0 without `volume_tiers`."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A price for all parcels of the request together."""

    id: str
    """Names the rate within its installation; comes back in LabelRequest."""
    service: str
    price: int
    """Minor units of the request's currency."""
    days: tuple[int, int]
    """Earliest and latest day of delivery, counted from dispatch."""


@dataclass(frozen=True, slots=True)
class LabelRequest:
    """One parcel to be labelled by the rate that the shopper chose."""

    rate_id: str
    parcel: Parcel
    address: Address


class Label(BaseModel):
    """What the courier gave for a parcel."""

    model_config = ConfigDict(frozen=True)
    tracking_number: str = Field(default="", max_length=64, description="empty until the courier's own number is reported")
    pickup_location: Address | None = None


class CourierPlugin(Plugin[C], Protocol[C]):
    """One courier. Stateless; every method may raise PluginError."""

    def capability(self, config: C | None) -> Capability: ...

    def rates(self, ctx: Ctx[C], request: RateRequest) -> Sequence[Rate]:
        """All rates at which the whole request can travel; none if a part of it cannot."""
        ...

    def buy(self, ctx: Ctx[C], request: LabelRequest, op_key: str) -> Label:
        """Buy one label; the same `op_key` buys none again."""
        ...

    def fetch(self, ctx: Ctx[C], op_key: str) -> Label | None:
        """The label that was bought with `op_key`, None if there is none. Asked when the answer of `buy` may have been lost."""
        ...

    def void(self, ctx: Ctx[C], label: Label, op_key: str) -> None:
        """Give a label back that was never scanned; doing it again changes nothing."""
        ...
