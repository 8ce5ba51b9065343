"""What is packed: the parcel facts of an offer, and one parcel a supplier. Weights in grams, lengths in millimetres."""

from collections.abc import Mapping, Sequence
from typing import Self

from monsoon_plugin.courier import Content, Packed, Parcel
from shared.variants.offered import Offered, titled


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
    def of(cls, offered: Offered, supplier_id: str) -> Self:
        product, size = offered.product, offered.product.size
        return cls(
            offer_id=offered.offer_id, supplier_id=supplier_id, title=titled(product.text("en").title, offered.choice),
            weight=product.weight,
            volume=size.length * size.width * size.height, hs_code=product.hs_code, origin=product.origin,
            ships_to=frozenset(product.ships_to), size=(size.length, size.width, size.height),
        )  # fmt: skip

    def goes_to(self, country: str) -> bool:
        return not self.ships_to or country in self.ships_to


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


def units_in(parcel: Parcel) -> dict[str, int]:
    """Offer id → units in it."""
    return {content.offer_id: content.quantity for content in parcel.contents}
