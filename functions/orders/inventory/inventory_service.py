"""The stockroom: what other services tell of offers and storefronts, and suppliers' own corrections of their stock."""

from datetime import datetime, timedelta
from typing import Protocol

from functions.orders.checkout.storefront import Storefront
from functions.orders.inventory.stock_item import Adjustment, Shelf, published
from functions.orders.writes import AlreadyThere, Contended, Patience
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import Idempotency
from shared.errors import NotFound
from shared.ids import named
from shared.messages import OfferPublished, OfferRecalled, StorefrontConfigured, SupplierReinstated, SupplierSuspended

KEPT = timedelta(days=30)
"""So long a reinstatement is kept, against older news of the supplier: no queue holds any for more than 14 days."""


class Shelves(Protocol):
    """Where offers with their stock lie."""

    def shelf(self, offer_id: str) -> Shelf | None:
        """The offer as last written."""

    def stock(self, held: Shelf | None, shelf: Shelf) -> None:
        """Let `shelf` replace `held`, moving the quantity by their difference. Raises Contended if that is not possible any more."""

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        """Let nobody order it from now on, unless something newer was heard. Raises Contended."""

    def configure(self, account_id: str, storefront_id: str, storefront: Storefront, version: int) -> None:
        """Keep the storefront's rules, unless newer ones were heard."""

    def sanction(self, supplier_id: str, version: int, reason: str | None, until: datetime | None) -> None:
        """Keep why the supplier is suspended (None: it is not), unless newer news was heard; from `until` on it may be forgotten."""

    def adjust(self, adjustment: Adjustment) -> None:
        """Record the adjustment and apply it, or nothing. Raises AlreadyThere, NotFound (not the supplier's), TooFew, Contended."""

    def adjustment(self, supplier_id: str, adjustment_id: str) -> Adjustment | None:
        """The adjustment as it was recorded."""


class Stockroom:
    def __init__(self, shelves: Shelves, clock: Clock, patience: Patience) -> None:
        self._shelves, self._clock, self._patience = shelves, clock, patience

    def published(self, message: OfferPublished) -> None:
        if message.version > 1 or not self._first(message):
            self._patience(lambda: self._later(message))

    def _first(self, message: OfferPublished) -> bool:
        """Stock the shelf without looking, as most publications are first ones; False if the offer was heard of before."""
        shelf = published(None, message)
        try:
            if shelf:
                self._shelves.stock(None, shelf)
        except Contended:
            return False
        return True

    def _later(self, message: OfferPublished) -> None:
        held = self._shelves.shelf(message.offer_id)
        shelf = published(held, message)
        if shelf:
            self._shelves.stock(held, shelf)

    def recalled(self, message: OfferRecalled) -> None:
        self._patience(lambda: self._shelves.recall(message.offer_id, message.version, message.reason))

    def configured(self, message: StorefrontConfigured) -> None:
        storefront = Storefront(open=message.open, suspended=message.suspended, selection=message.selection, price_rule=message.price_rule)
        self._shelves.configure(message.account_id, message.storefront_id, storefront, message.version)

    def suspended(self, message: SupplierSuspended) -> None:
        self._shelves.sanction(message.supplier_id, message.version, message.reason, None)

    def reinstated(self, message: SupplierReinstated) -> None:
        self._shelves.sanction(message.supplier_id, message.version, None, self._clock() + KEPT)

    def shelf(self, supplier_id: str, offer_id: str) -> Shelf:
        """The supplier's own offer. Raises NotFound."""
        named(offer_id)
        shelf = self._shelves.shelf(offer_id)
        if shelf is None or shelf.offer is None or shelf.offer.supplier_id != supplier_id:
            raise NotFound("you have no such offer")
        return shelf

    def adjust(self, supplier_id: str, offer_id: str, delta: int, reason: str, idempotency: Idempotency) -> Adjustment:
        """Add `delta` units (negative: take away), once for its Idempotency-Key. Raises NotFound, TooFew, KeyReused, Busy."""
        named(offer_id)
        adjustment = Adjustment(
            id=idempotency.id("adj"), supplier_id=supplier_id, offer_id=offer_id, delta=delta, reason=reason,
            adjusted_at=rfc3339(self._clock()), fingerprint=idempotency.fingerprint,
        )  # fmt: skip
        try:
            self._patience(lambda: self._shelves.adjust(adjustment))
        except AlreadyThere:
            before = self._shelves.adjustment(supplier_id, adjustment.id)
            if before is None:
                raise
            idempotency.same(before.fingerprint)
            return before
        return adjustment
