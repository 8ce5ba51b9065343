"""Where fanout keeps each product's last change: `product#<product>`, `change`; `by_time` lists a shard's by their stamps, late maybe.

In the same table lie storefronts' rules (rule_store), webhook subscriptions (subscription_store) and their log (delivery_log_store).
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pynamodb.exceptions import UpdateError

from functions.fanout.announcement_store import AnnouncementStore
from functions.fanout.change_items import CHANGE, PRODUCT, ByTime, ChangeItem, StampedItem
from functions.fanout.product_change import ANNOUNCED_WITHIN, INDEX_LAG, WRITTEN_WITHIN, LogPage, ProductChange, product_of
from functions.fanout.storefront_view import ParsedChange
from monsoon_plugin.clock import Clock, rfc3339
from shared.aws.answers import is_unanswered
from shared.aws.dynamo import bind, refused, write_over
from shared.messages import OfferPublished
from shared.optimistic_retry import Contended, Retry
from shared.variants.variant_stock import MOST, VariantStock

EARLIEST, LAST = "0", "~"
"""Sort before and after every character that `at` has after a moment."""
ANNOUNCED_READ = 100
"""Announcements that are read at once: so many products can be read in one call."""
ATTEMPTS = 3
"""Stamps that a change is given at most, where announcing or writing it takes too long."""


class ChangeStore:
    """The change log (product_change.ChangeLog)."""

    def __init__(self, table: str, clock: Clock, retry: Retry, media_url: str = "") -> None:
        """`media_url`: what stands before each picture's key; whoever only writes needs none."""
        bind(table, ChangeItem, StampedItem)
        self._clock, self._retry, self._announcements, self._media_url = clock, retry, AnnouncementStore(table), media_url
        self._announced: dict[str, ProductChange] = {}

    def announce(self, messages: Iterable[OfferPublished]) -> None:
        """Announce, in one call, those of these first publications of which nothing is known, looked for in another. Each is then kept by
        one write, if it is kept so soon after as its stamp wants it; else it is announced anew."""
        now = self._clock()
        changes = {each.product_id: ProductChange.published(each, now) for each in messages}
        keys = [(PRODUCT + product_id, CHANGE) for product_id in changes]
        known = {item.pk for item in ChangeItem.batch_get(keys, attributes_to_get=["pk", "version"]) if item.version}
        new = {product_id: change for product_id, change in changes.items() if PRODUCT + product_id not in known}
        self._announcements.announce_all([(change.shard, change.at) for change in new.values()], now)
        self._announced = {product_id: replace(change, is_announced=True) for product_id, change in new.items()}

    def keep(self, change: ProductChange) -> None:
        """Keep what the catalog says of a product, unless as much or more is known. What orders said of its stock stays.

        Raises RuntimeError if it could not be written soon enough after its stamp: the queue brings it again.
        """
        if (announced := self._announced.pop(change.product_id, None)) and announced.version == change.version:
            self._keep_after(None, announced, StampedItem.earlier.remove(), is_new=True)
            return
        kept = False
        with suppress(Contended):  # others write it all the while: what it cost before is then not known
            if change.product and change.version > 1:
                kept = self._retry(lambda: self._keep_with_costs(change), Contended)
        if not kept:
            self._keep_after(None, change, StampedItem.earlier.remove())

    def _keep_with_costs(self, change: ProductChange) -> bool:
        """Keep it, with what the product cost before, if nothing else has changed. Answers True: it is kept. Raises Contended."""
        held = _now(change.product_id)
        if held is not None and held.version >= change.version:
            return True
        change = change.stamped_anew(self._clock())
        if held is None or not (earlier := change.following(held).earlier):
            self._keep_after(None, change, StampedItem.earlier.remove(), is_new=True)
        elif not self._keep_after(held, change, StampedItem.earlier.set(earlier)):
            raise Contended
        return True

    def _keep_after(self, held: ProductChange | None, change: ProductChange, *more: Any, is_new: bool = False) -> bool:
        """Keep what the catalog says; if `held` is given, only after just that. Answers whether it was written. `is_new`: nobody need
        look again whether as much is known."""
        product, listed = StampedItem.product, StampedItem.listed
        told = [product.set(change.product), listed.set(change.in_stock)] if change.product else [product.remove(), listed.remove()]
        unchanged = StampedItem.at == held.at if held else None
        item, named, prices = StampedItem.trade_item, StampedItem.named, StampedItem.prices
        more = (
            *more,
            named.set(True) if change.named else named.remove(),
            item.set(change.trade_item) if change.trade_item else item.remove(),
        )
        shown, words = StampedItem.shown, StampedItem.variant_words
        more = (*more, words.set(change.variant_words) if change.variant_words else words.remove())
        more = (*more, prices.set(change.prices) if change.prices else prices.remove())
        more = (*more, shown.set(change.shown) if change.shown else shown.remove())
        write = self._write_once if held or is_new else self._write
        return write(change, StampedItem.version, change.version, [*told, *more], unchanged)

    def keep_stock(self, change: ProductChange) -> None:
        """Keep what orders says of a product's stock, unless as much or more is known; even before the catalog says anything.

        Raises as `keep` does; also where others say something of the same product's variants all the while.
        """
        plain = StampedItem.variant_stock.does_not_exist()
        if change.variant is None and not change.is_full:
            told = [StampedItem.in_stock.set(change.in_stock)]
            written = self._write(change, StampedItem.stock_version, change.stock_version, told, plain)
            if written or _held_item(change.product_id, "variant_stock", consistent=True) is None:
                return
        others = f"the stock of {change.product_id} is being changed by others"
        self._retry(lambda: self._keep_beside(change), lambda: RuntimeError(others))

    def _keep_beside(self, change: ProductChange) -> None:
        """Keep what is said of one offer beside what was said of the others. Raises Contended where those have changed since."""
        held = _now(change.product_id)
        before = held.stock if held else VariantStock()
        after = before.after(change.variant or change.offer_id, change.stock_version, change.in_stock, full=change.is_full)
        if after is before:
            return
        if len(after.told) > MOST:
            after = after.within_bounds({offered.offer_id for offered in ParsedChange(held).offers} if held else ())
        unchanged = StampedItem.stock_version.does_not_exist() | (StampedItem.stock_version == before.version)
        text, full = StampedItem.variant_stock, StampedItem.full
        unchanged &= text == held.variant_stock if held and held.variant_stock is not None else text.does_not_exist()
        beside = replace(change.stamped_anew(self._clock()), stock_version=after.version)
        told = [text.set(after.to_json()), full.set(several) if (several := after.full_json()) else full.remove()]
        if not self._write_once(beside, StampedItem.stock_version, after.version, told, unchanged):
            raise Contended

    def between(self, shard: str, after: str, until: str, limit: int) -> LogPage:
        """As the index has them, and what was announced and the index does not show. Where it shows all: half a read unit, and one.

        One look, at `limit` changes and ANNOUNCED_READ announcements: where a whole catalog was sent twice within INDEX_LAG, nearly all
        of the first sending's mean nothing any more, and a reader passes ANNOUNCED_READ of them with each page.
        """
        beyond = after + LAST if after else EARLIEST
        if beyond > until:
            return LogPage((), until)
        found = [item.change(self._media_url) for item in ChangeItem.by_time.query(shard, ByTime.at.between(beyond, until), limit=limit)]
        end = found[-1].at if len(found) == limit else until
        earliest = max(beyond, rfc3339(self._clock() - INDEX_LAG))
        if earliest <= end:
            found, end = self._with_hidden(shard, found, earliest, end)
        return LogPage(found, end) if len(found) <= limit else LogPage(found[:limit], found[limit - 1].at)

    def _with_hidden(self, shard: str, shown: Sequence[ProductChange], earliest: str, end: str) -> tuple[list[ProductChange], str]:
        """What the index shows up to `end`, with what it does not show yet; less of both where more is announced than is read at once."""
        announced = self._announcements.between(shard, earliest, end, ANNOUNCED_READ)
        if len(announced) == ANNOUNCED_READ:
            end = announced[-1]
        hidden = self._written(set(announced) - {change.at for change in shown})
        return sorted([*(change for change in shown if change.at <= end), *hidden], key=lambda change: change.at), end

    def changes(self, product_ids: Iterable[str]) -> list[ProductChange]:
        """The products' last changes as they are this moment, in no order; at most 100 products."""
        keys = [(PRODUCT + product_id, CHANGE) for product_id in product_ids]
        return [item.change(self._media_url) for item in ChangeItem.batch_get(keys, consistent_read=True)]

    def _written(self, announced: Collection[str]) -> list[ProductChange]:
        """Those that were written and are the products' last: a later one is announced by itself."""
        found = self.changes({product_of(at) for at in announced}) if announced else []
        return [change for change in found if change.at in announced]

    def _write(self, change: ProductChange, counter: Any, version: int, told: list[Any], unchanged: Any = None) -> bool:
        """Announce the change and write it; nothing, and no announcement, if the counter is as high. Again with a new stamp where that took
        too long, or its answer was lost: it may be done when readers have passed its stamp.

        Answers whether it was written, which it is not either where `unchanged` does not hold.
        """
        if int(_held_item(change.product_id, counter.attr_name) or 0) >= version:
            return False
        return self._write_once(change, counter, version, told, unchanged)

    def _write_once(self, change: ProductChange, counter: Any, version: int, told: list[Any], unchanged: Any = None) -> bool:
        """As `_write`, of a change that is known to be newer than what is held: who has just read the item does not look again."""
        condition = counter.does_not_exist() | (counter < version)
        condition = condition if unchanged is None else condition & unchanged
        written, tried, announced = False, list[str](), change.is_announced
        for _ in range(ATTEMPTS):
            if not announced:
                self._announcements.announce(change.shard, change.at, change.stamped)
            announced = False
            if self._age(change) <= ANNOUNCED_WITHIN:
                ours = (condition | (counter == version) & StampedItem.at.is_in(*tried)) if tried else condition
                done = _update(change, [counter.set(version), *told], ours)
                written, tried = written or bool(done), [*tried, change.at]
                if done is False or (done and self._age(change) <= WRITTEN_WITHIN):
                    return written
            change = change.stamped_anew(self._clock())
        raise RuntimeError(f"the change of {change.product_id} could not be written within {WRITTEN_WITHIN} of its stamp")

    def _age(self, change: ProductChange) -> timedelta:
        return self._clock() - change.stamped


def _now(product_id: str) -> ProductChange | None:
    try:
        return ChangeItem.get(PRODUCT + product_id, CHANGE, consistent_read=True).change()
    except ChangeItem.DoesNotExist:
        return None


def _held_item(product_id: str, name: str, *, consistent: bool = False) -> Any:
    """An attribute as it is, or, at half the price, as it was a moment ago: what comes twice or late is mostly known by its counter.

    None if there is none.
    """
    try:
        return getattr(ChangeItem.get(PRODUCT + product_id, CHANGE, consistent_read=consistent, attributes_to_get=[name]), name)
    except ChangeItem.DoesNotExist:
        return None


def _update(change: ProductChange, told: list[Any], condition: Any) -> bool | None:
    """One UpdateItem that stamps the item and sets what is told. Answers whether the condition held; None if no answer came."""
    own = change.offer_id if change.variant is None else StampedItem.offer_id | change.offer_id
    stamped = [
        StampedItem.shard.set(change.shard), StampedItem.at.set(change.at), StampedItem.offer_id.set(own),
        StampedItem.supplier_id.set(change.supplier_id),
    ]  # fmt: skip
    try:
        write_over(StampedItem(PRODUCT + change.product_id, CHANGE), [*stamped, *told], condition)
    except UpdateError as error:
        if is_unanswered(error):
            return None
        if not refused(error):
            raise
        return False
    return True
