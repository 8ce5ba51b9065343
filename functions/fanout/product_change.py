"""The change log: for each product of the catalog its last change, and nothing before it, as client sites follow it.

So the log is as long as the catalog, not as its history: a new site reads it from the start and has everything, a site
that was away goes on at its cursor, and an event that comes twice or late changes nothing.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, Self, TypedDict

from functions.fanout.earlier_costs import EarlierCosts, costs_of, only_costs_differ
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.bounds.kept import kept
from shared.ids import offer_id_of
from shared.messages import OfferAvailabilityChanged, OfferDelisted, OfferPublished, OfferRecalled
from shared.pictures.product_pictures import Shown, of_lines
from shared.trade.product import Product
from shared.variants.sale import Priced
from shared.variants.variant_stock import VariantStock
from shared.variants.variant_words import VariantWords

SHARDS = 4
"""Over so many partitions the changes are spread. A product's are all in one, so each product's come in order."""
LAG = timedelta(seconds=5)
"""A change is shown once it is this old. It is stamped, announced and written within WRITTEN_WITHIN, so that none appears behind a
cursor that has passed its stamp; the rest is for the clocks."""
ANNOUNCED_WITHIN, WRITTEN_WITHIN = timedelta(seconds=1), timedelta(seconds=4)
"""Of its stamp; what takes longer is stamped anew."""
INDEX_LAG = timedelta(hours=1)
"""By so much the index may be behind, and readers miss nothing. AWS promises no bound: it is a fraction of a second as a rule, and seconds
where an index is throttled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChange:
    """A product's last change. `at` is its moment and the product's id, `product` its JSON; None while it is not on sale.

    `version` counts what the catalog said (0: nothing yet), `stock_version` what orders said of its stock (0: nothing yet).
    """

    product_id: str
    offer_id: str
    supplier_id: str
    version: int
    at: str
    product: str | None
    in_stock: bool = False
    stock_version: int = 0
    """Of a product with variants, the sum of theirs."""
    variant_stock: str | None = None
    """JSON of VariantStock: what orders said of each offer; None where it said nothing of any variant."""
    full: str | None = None
    """JSON, beside `variant_stock`: the offers of which nothing more may be ordered beyond the stock."""
    variant: str | None = None
    """Of what orders says of a variant: its offer's id."""
    is_full: bool = False
    """Whether orders says that nothing more of it may be ordered beyond the stock."""
    earlier: str | None = None
    """JSON of EarlierCosts, where only costs have changed since the state before."""
    trade_item: str | None = None
    """The thing that it is an offer of, by a person's word; None where its codes say it, or nobody."""
    named: bool = False
    """Whether others were linked with it."""
    variant_words: str | None = None
    """JSON of what people said of its variants: VariantWords; None where nobody did."""
    prices: str | None = None
    """JSON of as of when its prices are told, and the lowest of before; None where nothing is reduced."""

    is_announced: bool = False
    """Whether its stamp was announced already."""
    shown: str | None = None
    """JSON of the lines and blurs of its pictures that are shown; None where none is."""
    media_url: str = ""
    """What stands before each picture's key, where it is read: an operator may change it."""

    @classmethod
    def published(cls, message: OfferPublished, now: datetime) -> Self:
        """In stock is what the supplier says, for as long as orders has said nothing."""
        product = message.product.model_dump_json(exclude_defaults=True)
        told = _stamped(message, now)
        in_stock, item = message.product.is_there, message.trade_item or None
        change = cls(**told, version=message.version, product=product, in_stock=in_stock, trade_item=item)
        words = _words(message)
        return replace(change, named=message.named, variant_words=words, prices=_prices(message), shown=_shown(message))

    @classmethod
    def recalled(cls, message: OfferRecalled | OfferDelisted, now: datetime) -> Self:
        return cls(**_stamped(message, now), version=message.version, product=None)

    @classmethod
    def stocked(cls, message: OfferAvailabilityChanged, now: datetime) -> Self:
        """What orders said of the stock; it says nothing of the product."""
        told = cls(**_stamped(message, now), version=0, product=None, in_stock=message.in_stock, stock_version=message.version)
        told = replace(told, is_full=message.backorder == "full")
        return replace(told, variant=message.offer_id, offer_id=offer_id_of(message.product_id)) if message.variant else told

    @property
    def stock(self) -> VariantStock:
        """What orders said of each offer; of a product that has no variants, or had none until now, of its own."""
        if self.variant_stock is not None:
            return VariantStock.from_json(self.variant_stock, self.full)
        return VariantStock({self.offer_id: (self.stock_version, self.in_stock)} if self.stock_version else {})

    @property
    def pictures(self) -> Shown:
        return of_lines(*json.loads(self.shown)) if self.shown else ()

    @property
    def priced(self) -> Priced:
        at, lowest = json.loads(self.prices) if self.prices else ("", ())
        return Priced.told(at, lowest)

    @property
    def revision(self) -> int:
        """Rises with every write of the product's change, since each raises one of the two versions and neither ever falls."""
        return self.version + self.stock_version

    @property
    def earlier_costs(self) -> EarlierCosts:
        """What it cost since anything else of it changed, before it cost what it does."""
        return EarlierCosts.from_json(self.earlier, self.revision)

    def following(self, held: Self) -> Self:
        """This publication, as it is kept after `held`: what orders said of the stock stays, and what it cost is kept beside it, unless
        something is reduced, now or then: what that is compared with is news of its own."""
        change = replace(self, variant_stock=held.variant_stock, full=held.full, stock_version=held.stock_version)
        change = replace(change, in_stock=held.in_stock) if held.stock_version else change
        if held.product is None or self.product is None or held.prices or self.prices:
            return change
        if held._told_beside != self._told_beside:
            return change
        before = kept(Product, held.product)
        if not only_costs_differ(before, kept(Product, self.product)):
            return change
        earlier = held.earlier_costs.and_then(moment_of(held.at), costs_of(before))
        return replace(change, earlier=earlier.to_json(change.revision))

    @property
    def _told_beside(self) -> tuple[object, ...]:
        """What of its publication is not in the product."""
        return self.trade_item, self.named, self.variant_words, self.shown

    @property
    def words(self) -> VariantWords:
        return VariantWords(*json.loads(self.variant_words)) if self.variant_words else VariantWords()

    @property
    def shard(self) -> str:
        return str(zlib.crc32(self.product_id.encode()) % SHARDS)

    @property
    def stamped(self) -> datetime:
        return from_rfc3339(moment_of(self.at))

    def stamped_anew(self, now: datetime) -> Self:
        return replace(self, at=_at(now, self.product_id), is_announced=False)


@dataclass(frozen=True, slots=True)
class LogPage:
    """The next changes of a shard, by `at`, and up to where they are all: there, and not at the last one, a reader goes on."""

    changes: Sequence[ProductChange]
    until: str


class ChangeLog(Protocol):
    """Where changes are read: the table, or a list in a test."""

    def between(self, shard: str, after: str, until: str, limit: int) -> LogPage:
        """At most `limit` changes of the shard, later than `after` and not later than `until`: perhaps none in a look, though more follow.

        The page ends later than `after`, and at `until` only if nothing is left. Up to its end none that is LAG old is missing. What a
        product was up to INDEX_LAG ago may be among them, at its own `at`.
        """
        ...


class _Stamped(TypedDict):
    """Whose change it is, and its moment."""

    product_id: str
    offer_id: str
    supplier_id: str
    at: str


def _prices(message: OfferPublished) -> str | None:
    return json.dumps([message.priced_at, message.lowest], separators=(",", ":")) if message.priced_at else None


def _words(message: OfferPublished) -> str | None:
    if not message.variant_items and not message.variants_named:
        return None
    return json.dumps(
        VariantWords.told(message.offers(), message.variant_items, message.variants_named), separators=(",", ":"), sort_keys=True
    )


def _shown(message: OfferPublished) -> str | None:
    return json.dumps([message.shown, message.blurs], separators=(",", ":")) if message.shown else None


def _stamped(message: OfferPublished | OfferRecalled | OfferDelisted | OfferAvailabilityChanged, now: datetime) -> _Stamped:
    at = _at(now, message.product_id)
    return _Stamped(product_id=message.product_id, offer_id=message.offer_id, supplier_id=message.supplier_id, at=at)


def _at(now: datetime, product_id: str) -> str:
    return f"{rfc3339(now)}#{product_id}"


def moment_of(at: str) -> str:
    return at.split("#", 1)[0]


def product_of(at: str) -> str:
    return at.split("#", 1)[1]
