"""The contract of a courier plug-in. The core owns states, retries, counters and secrets; a plug-in translates to one courier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from monsoon_plugin.address import Address
from monsoon_plugin.plugin import Config, Ctx, Plugin, RawWebhook

C = TypeVar("C", bound=Config)
Format = Literal["PDF", "ZPL"]
Progress = Literal[
    "manifested", "dispatched", "out_for_delivery", "ready_for_pickup", "delivered", "on_hold", "delivery_failed",
    "returning", "returned", "lost",
]  # fmt: skip
"""What can be said of a parcel's way: a shipment's states, but `dispatched` for in transit."""
GoodsNeed = Literal["weight", "size", "hs_code", "origin"]
DocumentKind = Literal["label", "cn22", "cn23", "commercial_invoice", "other"]


class Packed(BaseModel):
    """What is kept of offers and parcels."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Content(Packed):
    """One line of a parcel, as a customs form asks for it."""

    offer_id: str
    title: str
    quantity: int
    weight: int
    """Grams of all its units; 0: its supplier has not said it, and the courier's `needs_of_goods` do not ask for it."""
    hs_code: str
    """Empty: not said; so is `origin`."""
    origin: str
    value: int = 0
    """What the shopper pays for all its units, minor units of `currency`; 0 in a quote."""
    currency: str = ""


class Package(Packed):
    """One box of a parcel. Grams and millimetres."""

    weight: int
    length: int
    width: int
    height: int
    contents: tuple[Content, ...]


class Parcel(Packed):
    """All that one supplier sends for one order."""

    supplier_id: str
    weight: int
    """Grams; 0: not said of some of its contents."""
    volume: int
    """Cubic millimetres; 0: not said of some of its contents."""
    contents: tuple[Content, ...]
    packages: tuple[Package, ...] = ()
    """How it is packed; at least one wherever a courier is asked."""


class KnownCurrencies(Protocol):
    """Exchange rates, as far as a capability asks for them."""

    def knows(self, currency: str) -> bool:
        """Whether there is a rate for `currency`."""


SupplierId = Annotated[str, Field(max_length=64)]


class CarrierConfig(Config):
    """What every merchant says whose courier fetches parcels and prints labels. Plug-ins extend it."""

    origin: Address = Field(description="where parcels are handed over, and the sender on the label; with a phone number")
    origins: dict[SupplierId, Address] = Field(
        default={}, max_length=50, description="by supplier id, for suppliers that send from elsewhere"
    )
    label_format: Format = Field(default="PDF", description="PDF, or ZPL for label printers")

    def sender(self, supplier_id: str) -> Address:
        return self.origins.get(supplier_id, self.origin)


class Capability(BaseModel):
    """What a plug-in can do with a config. The core checks it before every call."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    currencies: tuple[str, ...] | None = Field(default=None, description="ISO 4217; null: any")
    countries: tuple[str, ...] | None = Field(default=None, description="ISO 3166-1 alpha-2 of the addresses; null: any")
    needs: tuple[Literal["phone", "email", "region", "postal_code"], ...] = Field(
        default=(),
        description="what an address must say before this courier is asked for a price: nobody pays for a parcel that it then refuses; "
        "a region and a postcode only where the country has them",
    )
    needs_of_goods: tuple[GoodsNeed, ...] = Field(
        default=("weight", "size", "hs_code", "origin"),
        description="what must be said of goods before this courier is asked for a price: nobody pays for a parcel that it then refuses; "
        "an HS code and an origin only where the parcel crosses a border of customs; weight and size always of what calls out, for it is "
        "told of boxes",
    )
    volume_tiers: bool = Field(default=False, description="prices fall with the month's shipments, which the core then counts")
    pickup: bool = Field(default=False, description="the shopper collects the parcel and shows a code")
    labels: bool = Field(default=False, description="`buy` answers a label to print")
    formats: tuple[Format, ...] = Field(default=(), description="of labels")
    tracking: Literal["none", "poll", "webhook"] = Field(default="none", description="how the courier tells where a parcel is")
    void: bool = Field(default=True, description="an unused label can be given back")
    label_covers_less: bool = Field(
        default=False, description="a label stays right, in price and papers, when units are taken out of its parcel before it is sent"
    )
    lookup: bool = Field(default=True, description="`fetch` finds a label by our own key")
    customs: bool = Field(default=False, description="the courier makes the customs papers itself")
    max_weight: int | None = Field(default=None, description="grams of one package; heavier parcels are packed in several")
    max_packages: int = Field(default=1, description="of one shipment")

    def reaches(self, country: str) -> bool:
        return self.countries is None or country in self.countries

    def currency(self, wanted: str, rates: Callable[[], KnownCurrencies]) -> str | None:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A price for all parcels of the request together."""

    id: str
    """Names the rate within its installation; comes back in LabelRequest."""
    service: str
    price: int
    """Minor units of `currency`."""
    days: tuple[int, int]
    """Earliest and latest day of delivery, counted from dispatch."""
    currency: str = ""
    """Empty: the request's; another where the courier charges its account in that: the core converts it."""
    carrier: str = ""
    """Who carries it, where the plug-in stands before several carriers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRequest:
    """One supplier's parcel, in one or more packages, to be labelled by the rate that the shopper chose."""

    rate_id: str
    parcel: Parcel
    address: Address
    currency: str = ""
    """Of the contents' values and of `price`."""
    price: int = 0
    """What the quote said, minor units; a courier's own price may have changed since: it never changes the service for that."""
    order_id: str = ""
    """For the label's reference field."""


class Label(BaseModel):
    """What the courier gave for a parcel."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    tracking_number: str = Field(default="", max_length=64, description="empty until the courier's own number is reported")
    pickup_location: Address | None = None
    tracking_numbers: tuple[Annotated[str, Field(max_length=64)], ...] = Field(
        default=(), max_length=100, description="of all packages, if there are several"
    )
    provider_ref: str = Field(default="", max_length=200, description="the courier's own id of the shipment")
    carrier: str = Field(default="", max_length=60)
    cost: int | None = Field(default=None, description="what the courier charged, minor units of `currency`, if it says so")
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper to print. The core keeps it encrypted, and hands out links that soon end."""

    kind: DocumentKind
    media_type: str
    """application/pdf, application/zpl or image/png."""
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A label that was bought, and its papers."""

    label: Label
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class TrackEvent:
    """One thing that the courier says happened to a parcel."""

    id: str
    """The same for the same event, however often it is told."""
    state: Progress
    occurred_at: str
    """RFC 3339 UTC."""
    description: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True)
class TrackNotice:
    """A courier's verified notice: what it says of which parcel."""

    event_id: str
    tracking_number: str
    events: tuple[TrackEvent, ...]
    """Empty: the core asks `track`."""


class CourierPlugin(Plugin[C], Protocol[C]):
    """One courier. Stateless; every method may raise PluginError and sends at most one request that changes something."""

    def capability(self, config: C | None) -> Capability: ...

    def rates(self, ctx: Ctx[C], request: RateRequest) -> Sequence[Rate]:
        """All rates at which the whole request can travel; none if a part of it cannot."""
        ...

    def buy(self, ctx: Ctx[C], request: LabelRequest, op_key: str) -> Purchase:
        """Buy one label; the same `op_key` buys none again. Without an answer it raises outcome_unknown, and `fetch` is asked."""
        ...

    def fetch(self, ctx: Ctx[C], op_key: str) -> Purchase | None:
        """The label that was bought with `op_key`, None if there certainly is none. Asked when the answer of `buy` may have been lost.

        Where the courier cannot be asked (`lookup` False) it raises unsupported: staff decide.
        """
        ...

    def void(self, ctx: Ctx[C], label: Label, op_key: str) -> None:
        """Give a label back that was never scanned; doing it again changes nothing."""
        ...

    def track(self, ctx: Ctx[C], label: Label) -> Sequence[TrackEvent]:
        """All that the courier says of the parcel, the oldest first; nothing if it has not seen it yet."""
        ...

    def webhook(self, ctx: Ctx[C], raw: RawWebhook) -> TrackNotice | None:
        """A notice, verified; None if it concerns no parcel. Raises PluginError (signature) for what is forged or stale."""
        ...
