"""The catalog's desk: decides on what is held, keeps it, and decides again if somebody was quicker."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from functions.catalog.offers.offer import Change, Offer, Party, Recall, approved, recalled, refused, reinstated, sanctioned
from functions.catalog.sanctions.supplier_standing import Standing, decided
from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, NotFound
from shared.messages import ProductApproved, ProductRefused

ATTEMPTS = 4
"""So often is a change decided anew when another one came in between."""

Decide = Callable[[Offer | None], Change | None]


class Contended(Conflict):
    code, title = "changed-meanwhile", "The product is being changed by others: try again"


class Offers(Protocol):
    """Where offers are kept: the store, or a dict in a test."""

    def get(self, supplier_id: str, product_id: str) -> Offer | None: ...

    def save(self, change: Change, held: Offer | None, now: datetime) -> bool:
        """Keep `change` if what is kept is still `held`. Answers whether it was."""
        ...

    def standing(self, supplier_id: str) -> Standing: ...

    def judge(self, standing: Standing, now: datetime) -> bool:
        """Keep `standing`, with its event, if the one before it is kept. Answers whether it was."""
        ...


class Catalog:
    """Every change that an offer can undergo."""

    def __init__(self, offers: Offers, clock: Clock) -> None:
        self._offers, self._clock = offers, clock

    def approve(self, message: ProductApproved) -> None:
        """audit approved a version. Most products are new, so that nothing but the supplier's standing is read before the first write."""
        reason = self._offers.standing(message.supplier_id).reason
        self._settle(message.supplier_id, message.product_id, None, lambda held: approved(held, message, self._clock(), reason))

    def refuse(self, message: ProductRefused) -> None:
        """audit refused a version."""
        held = self._offers.get(message.supplier_id, message.product_id)
        self._settle(message.supplier_id, message.product_id, held, lambda held: refused(held, message, self._clock()))

    def offer(self, supplier_id: str, product_id: str) -> Offer:
        """The supplier's offer. Raises NotFound."""
        return _found(self._offers.get(supplier_id, product_id))

    def recall(self, supplier_id: str, product_id: str, recall: Recall, request: Idempotency) -> Offer:
        """Take it off sale. Raises NotFound, NotOnSale, KeyReused, Contended."""
        return self._answer(supplier_id, product_id, lambda held: recalled(held, recall, request, self._clock()))

    def reinstate(self, supplier_id: str, product_id: str, by: Party, request: Idempotency) -> Offer:
        """Put it back on sale. Raises NotFound, OnSale, NotYourRecall, KeyReused, Contended."""
        reason = self._offers.standing(supplier_id).reason
        return self._answer(supplier_id, product_id, lambda held: reinstated(held, by, request, self._clock(), reason))

    def standing(self, supplier_id: str) -> Standing:
        return self._offers.standing(supplier_id)

    def judge(self, supplier_id: str, reason: str) -> Standing:
        """Suspend a supplier for `reason`, or reinstate it if that is empty; saying it again changes nothing. Raises Contended."""
        for _ in range(ATTEMPTS):
            held, now = self._offers.standing(supplier_id), self._clock()
            standing = decided(held, reason, now)
            if standing is held or self._offers.judge(standing, now):
                return standing
        raise Contended

    def sanction(self, offer: Offer, standing: Standing) -> None:
        """Take one offer off sale for its supplier's suspension, or put it back after it. Raises Contended."""
        self._settle(offer.supplier_id, offer.product_id, offer, lambda held: sanctioned(_found(held), standing.reason, self._clock()))

    def _answer(self, supplier_id: str, product_id: str, decide: Callable[[Offer], Change | None]) -> Offer:
        held = self.offer(supplier_id, product_id)
        return _found(self._settle(supplier_id, product_id, held, lambda found: decide(_found(found))))

    def _settle(self, supplier_id: str, product_id: str, held: Offer | None, decide: Decide) -> Offer | None:
        for _ in range(ATTEMPTS):
            change = decide(held)
            if change is None:
                return held
            if self._offers.save(change, held, self._clock()):
                return change.offer
            held = self._offers.get(supplier_id, product_id)
        raise Contended


def _found(offer: Offer | None) -> Offer:
    if offer is None:
        raise NotFound("no such product among this supplier's approved ones")
    return offer
