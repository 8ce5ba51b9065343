"""An offer that is recalled, or on sale again: all its shipments that are not sent are gone through, twice.

They are found by an index, which may lag: it may not show a shipment that was just written. So it is asked which there are and
nothing else; each is read as it stands. And it is asked again by the sweep, SETTLED later, when it shows all that were written
before the offer changed; those written after it saw the change themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Protocol

from functions.shipping.fulfilment.recall_holds import RecallHolds, hold_of
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.shipment import Shipment
from monsoon_plugin.clock import Clock, TimeLeft
from shared.iteration import sweep_each
from shared.messages import OfferDelisted, OfferPublished, OfferRecalled

SETTLED = timedelta(minutes=2)
"""An index shows after so long what was written: within a second as a rule, later while it is throttled."""
PRODUCT = "prd_"
SPARE = timedelta(seconds=40)
"""With less time left than this, the rest is left to the next sweep: couriers wait for this one too."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Through all shipments of an offer, for its `version`."""

    offer_id: str
    """Or a product's id: for what of it is gone, and was named no more."""
    supplier_id: str
    version: int


class Store(Protocol):
    """What walks read and write of offers and shipments."""

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        """Mark the offer as recalled, unless what is known of it is as new."""
        ...

    def keep_facts(self, facts: ParcelFacts, version: int) -> bool:
        """Replace what is known of the offer, unless it is as new; answers whether shipments may be held for it still."""
        ...

    def retire(self, offer_id: str, version: int, product_id: str) -> bool:
        """Note that the product has the variant no more, which is no recall, unless what is known is as new; answers as `keep_facts`."""
        ...

    def free(self, product_id: str, version: int) -> bool:
        """Note that the product is recalled no more, with what of it is gone, unless what is known is as new; answers as `keep_facts`."""
        ...

    def clear_holds(self, offer_id: str, version: int) -> None:
        """No shipment is held for the offer any more, unless it is recalled, or more than `version` is known of it."""
        ...

    def recalled(self, offer_ids: Sequence[str]) -> Mapping[str, str]: ...

    def unsent_gone(self, supplier_id: str, product_id: str) -> Iterable[str]:
        """The offers in the supplier's unsent shipments, by the index, that are variants which the product has no more."""
        ...

    def unsent(self, supplier_id: str, *offer_ids: str) -> Iterable[str]:
        """The ids of the supplier's shipments that an index shows as not sent yet, and as containing any of the offers."""
        ...

    def standing(self, supplier_id: str, ids: Iterable[str]) -> Iterable[Shipment]:
        """The supplier's shipments of these ids as they stand, in few calls."""
        ...


class Walks(Protocol):
    """The walks that the sweep does again."""

    def note(self, walk: Walk, due: datetime) -> None: ...

    def due(self, now: datetime) -> Iterable[Walk]:
        """Those that are due, the longest first; at most as many as one sweep may do."""
        ...

    def end(self, walk: Walk) -> None: ...


class RecallWalks:
    """Goes through offers' shipments."""

    def __init__(self, store: Store, walks: Walks, holds: RecallHolds, clock: Clock) -> None:
        self._store, self._walks, self._holds, self._clock = store, walks, holds, clock

    def offer_recalled(self, event: OfferRecalled) -> None:
        """Hold what contains the offer, or any of a product with variants, a write each; what is cut short is gone on with by the next
        delivery, and by the sweep. Raises HoldUnsettled.
        """
        more = [event.product_id] if event.more_gone else []
        self._recall([Walk(each, event.supplier_id, event.version) for each in (*event.offer_ids(), *more)], event.reason)

    def product_published(self, event: OfferPublished) -> None:
        """Keep the facts of each offer of the product; what was held for one that was recalled is released. Raises HoldUnsettled.

        What was held by the product's recall alone may be one of its offers again, and shows that nowhere.
        """
        freed = self._free(event)
        held = [*freed, *self._retired(event, event.gone)]
        facts = (ParcelFacts.of(offered, event.supplier_id) for offered in event.offers())
        held += [each.offer_id for each in facts if self._store.keep_facts(each, event.version) or freed]
        self._walk([Walk(offer_id, event.supplier_id, event.version) for offer_id in held])

    def product_delisted(self, event: OfferDelisted) -> None:
        """None of its offers is quoted any more; what was held for one that was recalled is released. Raises HoldUnsettled."""
        held = [*self._free(event), *self._retired(event, event.offers)]
        self._walk([Walk(offer_id, event.supplier_id, event.version) for offer_id in held])

    def walk_again(self, time_left: TimeLeft) -> int:
        """Do the walks that are due while there is time; answers how many came to their end. Raises as `sweep_each` does."""
        in_time = takewhile(lambda walk: time_left() >= SPARE, self._walks.due(self._clock()))
        return sum(sweep_each(in_time, lambda walk: self._walked(walk, time_left), "walks through an offer's shipments"))

    def _retired(self, event: OfferPublished | OfferDelisted, offer_ids: Iterable[str]) -> list[str]:
        return [offer_id for offer_id in offer_ids if self._store.retire(offer_id, event.version, event.product_id)]

    def _free(self, event: OfferPublished | OfferDelisted) -> list[str]:
        """What of the product is named no more is free with it. What was dropped while the goods were recalled stays so, though the
        recall itself may never have been heard.
        """
        self._withhold(event)
        return [event.product_id] if event.more_gone and self._store.free(event.product_id, event.version) else []

    def _withhold(self, event: OfferPublished | OfferDelisted) -> None:
        self._recall([Walk(offer_id, event.supplier_id, event.version) for offer_id in event.withheld], event.withheld_for)

    def _recall(self, walks: Sequence[Walk], reason: str) -> None:
        for walk in walks:
            self._store.recall(walk.offer_id, walk.version, reason)
            self._walks.note(walk, self._clock() + SETTLED)
        self._hold(walks)

    def _walk(self, walks: Sequence[Walk]) -> None:
        """The first time; the second is noted before it, so that a process that ends on the way leaves no shipment out."""
        for walk in walks:
            self._walks.note(walk, self._clock() + SETTLED)
        self._hold(walks)

    def _hold(self, walks: Sequence[Walk]) -> None:
        """Go through the shipments of these offers of one supplier, all at once."""
        for shipment in self._wrong(walks) if walks else ():
            self._holds.bring_up_to_date(shipment)

    def _walked(self, walk: Walk, time_left: TimeLeft) -> bool:
        """Whether there was time to come to the end of it."""
        for shipment in self._wrong([walk]):
            if time_left() < SPARE:
                return False
            self._holds.bring_up_to_date(shipment)
        self._store.clear_holds(walk.offer_id, walk.version)
        self._walks.end(walk)
        return True

    def _wrong(self, walks: Sequence[Walk]) -> Iterator[Shipment]:
        """The shipments that are not held as the offers are: whoever changes one meanwhile goes through them after that."""
        supplier_id = walks[0].supplier_id
        offer_ids = [offer_id for walk in walks for offer_id in self._offers_of(walk)]
        reasons = self._store.recalled(offer_ids)
        for shipment in self._store.standing(supplier_id, self._store.unsent(supplier_id, *offer_ids)):
            inside = {content.offer_id for content in shipment.parcel.contents}
            wanted = {hold_of(offer_id, reason) for offer_id, reason in reasons.items() if offer_id in inside}
            if shipment.unsent and {hold for hold in shipment.held if hold.offer_id in offer_ids} != wanted:
                yield shipment

    def _offers_of(self, walk: Walk) -> Iterable[str]:
        """The offer that is walked for; of a product's walk, what of it is gone and lies in a parcel."""
        return self._store.unsent_gone(walk.supplier_id, walk.offer_id) if walk.offer_id.startswith(PRODUCT) else (walk.offer_id,)
