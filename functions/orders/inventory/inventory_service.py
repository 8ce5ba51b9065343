"""The stock of offers: what the catalog publishes and recalls, and suppliers' own corrections. Orders take units at checkout."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

from functions.orders.counts.stock_count import after_count
from functions.orders.inventory.adjustment import StockAdjustment
from functions.orders.inventory.stock_item import StockItem, after_publication
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.idempotency import AlreadyCreated, Idempotency
from shared.errors import NotFound
from shared.ids import named
from shared.messages import OfferDelisted, OfferPublished, OfferRecalled, StockCounted
from shared.optimistic_retry import Contended, Retry
from shared.variants.offered import Offered


class Stock(Protocol):
    """Where offers with their stock lie."""

    def stock_items(self, offer_ids: Iterable[str]) -> Mapping[str, StockItem]:
        """The offers, as last heard: one read for each 100, and where some are gone, another for their products."""

    def stock_item(self, offer_id: str) -> StockItem | None:
        """The offer as last written."""

    def replace(self, held: StockItem | None, stock: StockItem) -> None:
        """Let `stock` replace `held`, moving the quantity by their difference. Raises Contended if that is not possible any more."""

    def recount(self, held: StockItem | None, stock: StockItem) -> None:
        """Let `stock`'s count replace `held`'s, moving the quantity by their difference. Raises Contended if another count was taken."""

    def ready(self, held: Mapping[str, StockItem]) -> None:
        """Let these offers, which are older than running totals, have them: once in an offer's life. Raises Contended."""

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        """Let nobody order it from now on, unless something newer was heard. Raises Contended."""

    def retire(self, offer_id: str, version: int) -> None:
        """Let nobody order a variant that its product has no more, unless something newer was heard: who ordered it gets it."""

    def mark(self, product_id: str, version: int, reason: str) -> None:
        """Note that the product is recalled, or that it is not (no reason), for what of it is gone and is named no more, unless something
        newer was heard."""

    def adjust(self, adjustment: StockAdjustment, now: datetime) -> None:
        """Record the adjustment and apply it, or nothing. Raises AlreadyCreated, NotFound (not the supplier's), TooFew, Contended."""

    def adjustment(self, supplier_id: str, adjustment_id: str) -> StockAdjustment | None:
        """The adjustment as it was recorded."""


class InventoryService:
    def __init__(self, stock: Stock, clock: Clock, retry: Retry) -> None:
        self._stock, self._clock, self._retry = stock, clock, retry

    def record_count(self, message: StockCounted) -> None:
        """Take a supplier's count, unless a newer one was heard: also of an offer that is not published yet, or is recalled.

        Of a product with variants each by itself, as its publication.
        """
        for offer_id in message.units():
            self._retry(partial(self._recount, message, offer_id))

    def _recount(self, message: StockCounted, offer_id: str) -> None:
        held = self._stock.stock_item(offer_id)
        stock = after_count(held, message, self._clock(), offer_id)
        if stock:
            self._stock.recount(held, stock)

    def record_publication(self, message: OfferPublished) -> None:
        """Put the product's offers on sale and take those off that it has no more: at most 1,000 writes, each guarded by the version.

        Cut short, it is done again by the message's next delivery; an older or newer one may come between, item by item.
        """
        self._withhold(message)
        self._mark(message, "")
        for offer_id in message.gone:
            self._stock.retire(offer_id, message.version)
        for offered in message.offers():
            if message.version > 1 or not self._add_first(message, offered):
                self._retry(partial(self._update, message, offered))

    def _add_first(self, message: OfferPublished, offered: Offered) -> bool:
        """Add the offer without looking, as most publications are first ones; False if the offer was heard of before."""
        stock = after_publication(None, message, offered)
        try:
            if stock:
                self._stock.replace(None, stock)
        except Contended:
            return False
        return True

    def _update(self, message: OfferPublished, offered: Offered) -> None:
        held = self._stock.stock_item(offered.offer_id)
        stock = after_publication(held, message, offered)
        if stock:
            self._stock.replace(held, stock)

    def record_delisting(self, message: OfferDelisted) -> None:
        """Take all the product's offers off sale; orders for them stand."""
        self._withhold(message)
        self._mark(message, "")
        for offer_id in message.offers:
            self._stock.retire(offer_id, message.version)

    def _withhold(self, message: OfferPublished | OfferDelisted) -> None:
        """Let what was dropped while the goods were recalled stay so, though the recall itself may never have been heard."""
        for offer_id in message.withheld:
            self._retry(partial(self._stock.recall, offer_id, message.version, message.withheld_for))

    def _mark(self, message: OfferPublished | OfferDelisted | OfferRecalled, reason: str) -> None:
        if message.more_gone:
            self._retry(partial(self._stock.mark, message.product_id, message.version, reason))

    def record_recall(self, message: OfferRecalled) -> None:
        """Take all the product's offers off sale; nobody shall have them, nor what is gone since so long that it is named no more."""
        self._mark(message, message.reason)
        for offer_id in message.offer_ids():
            self._retry(partial(self._stock.recall, offer_id, message.version, message.reason))

    def stock_item(self, supplier_id: str, offer_id: str) -> StockItem:
        """The supplier's own offer. Raises NotFound."""
        named(offer_id)
        stock = self._stock.stock_item(offer_id)
        if stock is None or stock.offer is None or stock.offer.supplier_id != supplier_id:
            raise NotFound("you have no such offer")
        return stock

    def adjust(self, supplier_id: str, offer_id: str, delta: int, reason: str, idempotency: Idempotency) -> StockAdjustment:
        """Add `delta` units (negative: take away), once for its Idempotency-Key. Raises NotFound, TooFew, KeyReused, Busy."""
        named(offer_id)
        adjustment = StockAdjustment(
            id=idempotency.id("adj"), supplier_id=supplier_id, offer_id=offer_id, delta=delta, reason=reason,
            adjusted_at=rfc3339(self._clock()), fingerprint=idempotency.fingerprint,
        )  # fmt: skip
        try:
            self._retry(lambda: self._stock.adjust(adjustment, self._clock()))
        except AlreadyCreated:
            before = self._stock.adjustment(supplier_id, adjustment.id)
            if before is None:
                raise
            idempotency.same(before.fingerprint)
            return before
        return adjustment
