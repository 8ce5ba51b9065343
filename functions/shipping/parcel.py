"""What is packed: the parcel facts of an offer, and one parcel a supplier. Weights in grams, lengths in millimetres."""

from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import BaseModel, ConfigDict

from shared.messages import OfferPublished


class Packed(BaseModel):
    """What is kept of offers and parcels."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class ParcelFacts(Packed):
    """What shipping must know of an offer, kept up to date by `offer.published`."""

    offer_id: str
    supplier_id: str
    title: str
    weight: int
    volume: int
    """Cubic millimetres of one packed unit."""
    hs_code: str
    origin: str
    ships_to: frozenset[str] = frozenset()
    """Countries, ISO 3166-1 alpha-2; empty: everywhere."""
    size: tuple[int, int, int] | None = None
    """Length, width and height of one packed unit, millimetres; None for what was kept before sizes were."""

    @classmethod
    def of(cls, event: OfferPublished) -> Self:
        product, size = event.product, event.product.size
        return cls(
            offer_id=event.offer_id, supplier_id=event.supplier_id, title=product.text("en").title, weight=product.weight,
            volume=size.length * size.width * size.height, hs_code=product.hs_code, origin=product.origin,
            ships_to=frozenset(product.ships_to), size=(size.length, size.width, size.height),
        )  # fmt: skip

    def goes_to(self, country: str) -> bool:
        return not self.ships_to or country in self.ships_to


class Content(Packed):
    """One line of a parcel, as a customs form asks for it."""

    offer_id: str
    title: str
    quantity: int
    weight: int
    """Grams of all its units."""
    hs_code: str
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
    volume: int
    contents: tuple[Content, ...]
    packages: tuple[Package, ...] = ()
    """How it is packed; at least one wherever a courier is asked."""


def parcels(
    quantities: Mapping[str, int], facts: Mapping[str, ParcelFacts], values: Mapping[str, int] | None = None, currency: str = ""
) -> list[Parcel]:
    """One parcel a supplier, suppliers in the order of their ids; `facts` holds every offer of `quantities`.

    `values`: offer id → what the shopper pays for all its units, minor units of `currency`; absent in a quote.
    """
    by_supplier: dict[str, list[ParcelFacts]] = {}
    for offer_id in quantities:
        by_supplier.setdefault(facts[offer_id].supplier_id, []).append(facts[offer_id])
    return [_parcel(supplier, found, quantities, values or {}, currency) for supplier, found in sorted(by_supplier.items())]


def _parcel(
    supplier_id: str, offers: Sequence[ParcelFacts], quantities: Mapping[str, int], values: Mapping[str, int], currency: str
) -> Parcel:
    contents = tuple(
        Content(
            offer_id=offer.offer_id, title=offer.title, quantity=quantities[offer.offer_id],
            weight=offer.weight * quantities[offer.offer_id], hs_code=offer.hs_code, origin=offer.origin,
            value=values.get(offer.offer_id, 0), currency=currency,
        )
        for offer in offers
    )  # fmt: skip
    volume = sum(offer.volume * quantities[offer.offer_id] for offer in offers)
    return Parcel(supplier_id=supplier_id, weight=sum(content.weight for content in contents), volume=volume, contents=contents)
