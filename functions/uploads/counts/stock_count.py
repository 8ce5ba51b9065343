"""A supplier's count of a product's stock: a number, and the moment that it is of.

Each upload brings one, whatever becomes of its texts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.errors import FieldError
from shared.goods.stock_mode import StockCounts
from shared.ids import offer_id_of
from shared.messages import StockCounted
from shared.trade.product import Product
from shared.variants.offered import variant_offer_id

OLDEST, EARLY = timedelta(hours=12), timedelta(minutes=5)
"""A count may be of so long ago, and by a clock that is so much ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAsk:
    """What an upload says of the stock."""

    stock: int
    counted_at: datetime | None = None
    """None: when it was received."""
    stock_counts: StockCounts | None = None
    """None: as the product's last count said; `available` if there is none."""
    sku: str = ""
    """The product's, where `variants` are counted."""
    variants: Mapping[str, int] = field(default_factory=dict)
    """Units by the variant's sku; `stock` is then all of them."""

    @classmethod
    def of(cls, product: Product, counted_at: datetime | None = None, stock_counts: StockCounts | None = None) -> Self:
        """What a whole product says of its stock."""
        variants = {variant.sku: variant.stock for variant in product.variants}
        return cls(stock=product.units, counted_at=counted_at, stock_counts=stock_counts, sku=product.sku, variants=variants)

    @classmethod
    def of_some(
        cls, sku: str, units: Mapping[str, int], counted_at: datetime | None = None, stock_counts: StockCounts | None = None
    ) -> Self:
        """A count of these alone that the product `sku` is sold as, by their own sku: what is left of the others stays."""
        variants = units if units.keys() != {sku} else {}
        return cls(stock=sum(units.values()), counted_at=counted_at, stock_counts=stock_counts, sku=sku, variants=variants)

    def units(self, product_id: str) -> dict[str, int]:
        """Offer id → units of each variant that is counted; empty where the product is counted as one."""
        return {variant_offer_id(product_id, self.sku, sku): units for sku, units in self.variants.items()}

    def told(self, product_id: str) -> tuple[int, dict[str, int]]:
        """What is told of the units: of the product's own offer, and of each variant counted.

        Where variants are counted and its own is not among them, that is 0: a release that knows no variants reads this number alone.
        """
        units = self.units(product_id)
        return units.get(offer_id_of(product_id), 0) if units else self.stock, units

    @property
    def says_more(self) -> bool:
        """Whether it says more than a number."""
        return self.counted_at is not None or self.stock_counts is not None

    def is_of(self, held: StockCounted | None) -> bool:
        """Whether it is the very count that is held: it says the same, of the same moment, which it names."""
        if held is None or self.counted_at is None or self.stock_counts not in (None, held.stock_counts):
            return False
        said = (rfc3339(self.counted_at), self.told(held.product_id))
        return (held.counted_at, (held.stock, held.variants)) == said

    def flaws(self, received_at: datetime) -> Iterator[FieldError]:
        """What is wrong with its moment."""
        if self.counted_at and self.counted_at < received_at - OLDEST:
            hours = OLDEST // timedelta(hours=1)
            yield FieldError("/counted_at", f"sales are known for {hours} hours back: count again, or leave it out if the number is of now")
        if self.counted_at and self.counted_at > received_at + EARLY:
            yield FieldError("/counted_at", "this is in the future: send the moment at which the units were counted")


@dataclass(frozen=True, slots=True)
class Upload:
    """Of which product, whose, received when (RFC 3339); and of when is the stock that is known of it already, None for a new product."""

    product_id: str
    supplier_id: str
    received_at: str
    known_at: str | None

    def count(self, held: StockCounted | None, ask: CountAsk) -> StockCounted | None:
        """The count that the upload of a whole product brings; None if it is too late.

        None, too, where the product is new and the upload says no more than a number: its publication brings that.
        """
        return None if self.known_at is None and not ask.says_more else self.next_count(held, ask)

    def brought(self, held: StockCounted | None, ask: CountAsk) -> bool:
        """Whether `held` came with this very upload: its write was done, and its answer lost on the way.

        Another that was received at the same moment may say the same number, of an earlier one.
        """
        mine = (self.received_at, self._counted_at(ask), ask.told(self.product_id))
        return held is not None and (held.received_at, held.counted_at, (held.stock, held.variants)) == mine

    def _counted_at(self, ask: CountAsk) -> str:
        received = from_rfc3339(self.received_at)
        return rfc3339(min(ask.counted_at or received, received))

    def next_count(self, held: StockCounted | None, ask: CountAsk) -> StockCounted | None:
        """The count after `held`, which is the newest so far; None if that, or what is known, is of a later moment."""
        counted_at = self._counted_at(ask)
        newest = (held.counted_at, held.received_at) if held else (self.known_at or "", "")
        if (counted_at, self.received_at) < newest:
            return None
        stock, variants = ask.told(self.product_id)
        return StockCounted(
            version=held.version + 1 if held else 1, offer_id=offer_id_of(self.product_id), product_id=self.product_id,
            supplier_id=self.supplier_id, stock=stock, stock_counts=ask.stock_counts or (held.stock_counts if held else "available"),
            counted_at=counted_at, received_at=self.received_at, variants=variants,
        )  # fmt: skip
