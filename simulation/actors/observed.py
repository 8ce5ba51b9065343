"""What people outside the hub saw and did: the truth that the hub's own books are held to."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.api.caller import Caller
from shared.variants.sale import Sale
from simulation.actors.commons.gallery import Gallery
from simulation.actors.mail.correspondence import Correspondence
from simulation.actors.setting import Shop
from simulation.actors.shop_pages.said import Shown
from simulation.actors.sites.client_site import ClientSite


@dataclass(frozen=True)
class Span:
    """From the moment that something was asked until the hub said yes to it; it took effect in between."""

    start: datetime
    end: datetime

    def surely_before(self, other: "Span") -> bool:
        return self.end < other.start


@dataclass(frozen=True)
class Moved:
    """A number that a supplier sent: a count, or a correction of the stock."""

    offer_id: str
    number: int
    span: Span
    told: Span | None = None
    """When it was said, where that is not when it was counted."""
    feed_id: str = ""
    """Of the file that said it, if one did."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a supplier said of a product by one version of it, as far as it said it."""

    product_id: str
    version: int
    """As the receipt had it."""
    span: Span
    status: str | None = None
    amount: int | None = None
    answered: bool | None = None
    """Whether somebody answers for its safety in the EU."""
    sales: tuple[Sale, ...] | None = None
    """Its sale, or none."""


@dataclass(frozen=True)
class DefaultsSet:
    """What a supplier's uploads are from then on, where they say nothing of it."""

    supplier_id: str
    values: tuple[Any, ...]
    """Of the fields FILLED, in their order."""
    span: Span


@dataclass(frozen=True)
class CompleteFeed:
    """A file that says all that its supplier has."""

    who: Caller
    feed_id: str
    arrived: datetime
    lacks: frozenset[str]
    """Products of the supplier that are not in it."""


@dataclass(frozen=True)
class Told:
    """That what a complete file lacks is to be archived, said when its supplier was seen to be asked: nothing was archived before."""

    feed_id: str
    at: datetime


@dataclass(frozen=True)
class Sent:
    """A parcel that its supplier handed over, after the hub had said yes to it."""

    shipment_id: str
    order_id: str
    units: dict[str, int]
    """Offer → units, as the shipment said when it went."""
    asked: datetime
    """When its supplier asked whether it may go."""


@dataclass(frozen=True)
class RefundAsked:
    """A refund that the hub said yes to."""

    order_id: str
    restock: bool
    """Whether the merchant said that the units are to be sold again."""


@dataclass(frozen=True)
class Placing:
    """A request that placed an order."""

    shop: Shop
    key: str
    body: dict[str, Any]
    order_id: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class LabelWord:
    """What an owner said of a parcel's label, after the hub had said yes to it."""

    shipment_id: str
    purchases: int
    """How often its label had been tried to be bought by then."""
    settled: bool = False
    number: str = ""
    none_by: str = ""
    """The purchase's key by which none was bought, if that was said."""


@dataclass
class Bought:
    """An order whose buyer said who they are."""

    shop: Shop
    order_id: str
    number: str
    ticket: str
    """Of its link."""
    email: str
    asked: datetime | None = None
    """When it was first asked to erase them."""
    erased: datetime | None = None
    """When the hub had said that they are."""


@dataclass
class Observed:
    """What was seen from outside."""

    orders: dict[str, str] = field(default_factory=dict)
    """Order → the storefront at which it was placed."""
    short: set[str] = field(default_factory=set)
    """Offers of which an order was refused for want of stock."""
    placings: list[Placing] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    refunds: list[RefundAsked] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    """Orders of whose cancellation the hub said `cancelled`."""
    adjusted: list[Moved] = field(default_factory=list)
    """What suppliers found or lost."""
    counted: list[Moved] = field(default_factory=list)
    """What suppliers counted."""
    feeds: list[tuple[Caller, str]] = field(default_factory=list)
    """Whose feeds arrived, and their ids."""
    said: list[Said] = field(default_factory=list)
    """Products that suppliers sent, or changed."""
    defaults: list[DefaultsSet] = field(default_factory=list)
    complete: list[CompleteFeed] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    in_union: list[Placing] = field(default_factory=list)
    """Orders to be sent to the EU, where the hub demands that somebody answers for the goods' safety."""
    safety_demanded: bool = False
    needless: list[str] = field(default_factory=list)
    """What people were asked, and cannot answer: nobody outside knows of it."""
    unsaid: list[str] = field(default_factory=list)
    """Parcels that waited for a courier that was away, and did not say so."""
    words: list[LabelWord] = field(default_factory=list)
    bought: list[Bought] = field(default_factory=list)
    misled: list[str] = field(default_factory=list)
    """What guests were shown, or not shown, and should not have been."""
    shown: Shown = field(default_factory=Shown)
    """What pages said."""
    mail: Correspondence = field(default_factory=Correspondence)
    """What merchants said of mail to them."""
    emails: dict[str, str] = field(default_factory=dict)
    """Order → the e-mail that its buyer gave."""
    gallery: Gallery | None = None
    """Who plays with the commons, and what they did."""
    sites: list[ClientSite] = field(default_factory=list)
    """Client sites that keep a copy of what their storefront sells."""

    def units_sent(self, order_id: str) -> Counter[str]:
        found: Counter[str] = Counter()
        for parcel in self.sent:
            if parcel.order_id == order_id:
                found.update(parcel.units)
        return found
