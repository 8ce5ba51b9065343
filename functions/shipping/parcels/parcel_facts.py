"""What is packed: the parcel facts of an offer, and one parcel a supplier. Weights in grams, lengths in millimetres."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from monsoon_plugin.courier import Content, Packed, Parcel
from shared.goods.order_quantity import OrderQuantity
from shared.goods.safety import unanswered
from shared.variants.offered import Offered, titled


class ParcelFacts(Packed):
    """What shipping must know of an offer, kept up to date by `offer.published`."""

    offer_id: str
    supplier_id: str
    title: str
    weight: int = 0
    """Grams of one packed unit; 0: its supplier has not said it. So is `volume`; and the texts are empty."""
    volume: int = 0
    """Cubic millimetres of one packed unit."""
    hs_code: str = ""
    origin: str = ""
    ships_to: frozenset[str] = frozenset()
    """Countries, ISO 3166-1 alpha-2; empty: everywhere."""
    size: tuple[int, int, int] | None = None
    """Length, width and height of one packed unit, millimetres; None where it is not said, or was kept before sizes were."""

    order_quantity: OrderQuantity | None = None
    answered: bool = False
    """Whether its supplier has said who answers for its safety in the EU; what was kept before that was asked says nothing."""
    virtual: bool = False
    """Whether it travels in no parcel; then nothing above is said of what would."""

    @classmethod
    def of(cls, offered: Offered, supplier_id: str) -> Self:
        product, size, title = offered.product, offered.product.size, titled(offered.product.text("en").title, offered.choice)
        if not product.requires_shipping:
            return cls(
                offer_id=offered.offer_id, supplier_id=supplier_id, title=title, ships_to=frozenset(product.ships_to),
                order_quantity=product.order_quantity, virtual=True,
            )  # fmt: skip
        return cls(
            offer_id=offered.offer_id, supplier_id=supplier_id, title=title,
            weight=product.weight or 0, volume=size.length * size.width * size.height if size else 0,
            hs_code=product.hs_code or "", origin=product.origin or "", ships_to=frozenset(product.ships_to),
            answered=unanswered(product.safety) is None, order_quantity=product.order_quantity,
            size=(size.length, size.width, size.height) if size else None,
        )  # fmt: skip

    def to_json(self) -> str:
        """As it is kept: what is not said of what came later is left out, so that it is the text of before."""
        return self.model_dump_json(exclude={name for name in ("answered", "order_quantity", "virtual") if not getattr(self, name)})

    @property
    def without_parcel(self) -> Self:
        """Of an order that sold it as virtual goods, whatever it has become since."""
        return self.model_copy(update={"weight": 0, "volume": 0, "hs_code": "", "origin": "", "size": None, "virtual": True})

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
    volume = total(offer.volume * quantities[offer.offer_id] for offer in offers)
    weight = total(content.weight for content in contents)
    return Parcel(supplier_id=supplier_id, weight=weight, volume=volume, contents=contents)


def total(measures: Iterable[int]) -> int:
    """Of all contents; 0, which is not said, where it is not said of one."""
    found = list(measures)
    return sum(found) if all(found) else 0


def completed(parcel: Parcel, facts: Mapping[str, ParcelFacts]) -> Parcel:
    """The parcel with what was not said of its contents when it was planned, and is said by now."""

    def complete(content: Content) -> Content:
        fact = facts[content.offer_id]
        told = {
            "weight": content.weight or fact.weight * content.quantity, "hs_code": content.hs_code or fact.hs_code,
            "origin": content.origin or fact.origin,
        }  # fmt: skip
        return content.model_copy(update=told)

    if parcel.weight and parcel.volume and all(content.hs_code and content.origin for content in parcel.contents):
        return parcel
    contents = tuple(complete(content) for content in parcel.contents)
    volume = parcel.volume or total(facts[content.offer_id].volume * content.quantity for content in contents)
    return parcel.model_copy(update={"contents": contents, "weight": total(c.weight for c in contents), "volume": volume})


def is_told(parcel: Parcel, facts: Mapping[str, ParcelFacts]) -> bool:
    """Whether weight and size are said of all that is in it, by now too: who takes one back leaves it in the parcel's plan alone."""
    known = [facts[content.offer_id] for content in parcel.contents]
    return bool(parcel.weight and parcel.volume) and all(fact.weight and fact.volume for fact in known)


def units_in(parcel: Parcel) -> dict[str, int]:
    """Offer id → units in it."""
    return {content.offer_id: content.quantity for content in parcel.contents}
