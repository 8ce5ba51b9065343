"""What a courier must be told of goods before it is asked for a price, and what their suppliers have not said. Nothing is guessed.

An HS code and an origin are asked for only where a parcel crosses a border of customs, which shows where the courier's config says where
parcels are sent from. A courier that is never told that makes no customs papers, and none are made for it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from functions.shipping.parcels.customs_borders import crosses
from functions.shipping.parcels.parcel_facts import ParcelFacts
from monsoon_plugin.courier import Capability, CarrierConfig, GoodsNeed, Parcel
from monsoon_plugin.plugin import Config

NAMES: Mapping[GoodsNeed, str] = {
    "weight": "its weight", "size": "its packed size", "hs_code": "its HS code, which customs ask for",
    "origin": "its country of origin, which customs ask for",
}  # fmt: skip
REMEDY = "ask the supplier to send it with the product's next version, then have the parcel labelled"
NAMED, LONGEST = 3, 80
"""So many things are named, each by so many letters of its title: a parcel holds fifty, and a title has five hundred letters."""
BOXES: frozenset[GoodsNeed] = frozenset({"weight", "size"})
"""What every courier needs that is called: it is told of boxes."""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What a courier needs to know of an offer and is not told."""

    offer_id: str
    need: GoodsNeed

    @property
    def detail(self) -> str:
        return f"its supplier has not said {NAMES[self.need]}: the supplier sends it with the product's next version"


def unsaid(
    parcels: Iterable[Parcel], facts: Mapping[str, ParcelFacts], needs_of_goods: Collection[GoodsNeed], config: Config, country: str
) -> list[Unsaid]:
    """What a courier that needs this of goods lacks of these, to be sent to `country`."""
    found = []
    for parcel in parcels:
        abroad = isinstance(config, CarrierConfig) and crosses(config.sender(parcel.supplier_id).country, country)
        needs = [need for need in NAMES if need in needs_of_goods and (abroad or need in BOXES)]
        found += [
            Unsaid(content.offer_id, need) for content in parcel.contents for need in needs if not _says(facts[content.offer_id], need)
        ]
    return found


def _says(fact: ParcelFacts, need: GoodsNeed) -> bool:
    return bool(fact.volume if need == "size" else getattr(fact, need))


def unsaid_to_customs(parcel: Parcel, capability: Capability, config: Config, country: str) -> str:
    """Why this courier is not asked for the label of a parcel that was planned; empty if it may be.

    What was said at the quote may have been taken back by its supplier before the order was confirmed.
    """
    known = {
        c.offer_id: ParcelFacts(offer_id=c.offer_id, supplier_id="", title="", hs_code=c.hs_code, origin=c.origin) for c in parcel.contents
    }
    return in_words(parcel, unsaid([parcel], known, set(capability.needs_of_goods) - BOXES, config, country))


def unsaid_of_boxes(parcel: Parcel, facts: Mapping[str, ParcelFacts]) -> str:
    """Whose weight or size is not said by now, so that the parcel is in no boxes; empty if all are."""
    lacking = [Unsaid(c.offer_id, need) for c in parcel.contents for need in NAMES if need in BOXES and not _says(facts[c.offer_id], need)]
    return in_words(parcel, lacking)


def in_words(parcel: Parcel, lacking: Iterable[Unsaid]) -> str:
    """What is lacking of each thing, by its title, and what to do; empty if nothing is."""
    titles = {content.offer_id: content.title for content in parcel.contents}
    of_each: dict[str, list[str]] = {}
    for one in lacking:
        of_each.setdefault(one.offer_id, []).append(NAMES[one.need])
    said = [f"{titles[offer_id][:LONGEST]}: its supplier has not said {' and '.join(names)}" for offer_id, names in of_each.items()]
    more = [f"and of {len(said) - NAMED} things more"] if len(said) > NAMED else []
    return "; ".join([*said[:NAMED], *more, REMEDY]) if said else ""
