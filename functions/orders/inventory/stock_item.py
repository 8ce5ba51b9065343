"""An offer with its stock: what is left of it, and whether it may be sold at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from functions.orders.counts.running_totals import Move, RunningTotals
from functions.orders.inventory.offer import Offer
from shared.goods.stock_mode import ENDLESS, StockCounts, floor_of
from shared.messages import OfferPublished
from shared.variants.offered import Offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The supplier's count that an offer's stock stands on. A higher version is a newer count."""

    version: int
    stock: int
    counted_at: str
    """RFC 3339."""
    stock_counts: StockCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class StockItem:
    """An offer with its stock."""

    offer_id: str
    version: int
    """The catalog's, of the last publication or recall that was heard."""
    quantity: int
    """Units that may still be sold; negative: so many are owed, for more was ordered than the supplier then counted, or on backorder."""
    declared: int | None
    """The stock that the supplier's last publication declared; None if none was heard so far."""
    sellable: bool
    offer: Offer | None
    reason: str = ""
    """Why it was recalled; empty while it is sellable."""
    counted: Counted | None = None
    """None: its first publication's stock, and what differed in later ones."""
    totals: RunningTotals | None = None
    """None: the item is older than totals are, and nothing moved since."""
    floor: int = 0
    """Orders may take it down to here: below 0 where it is sold beyond its stock (shared.goods.stock_mode)."""
    gone: bool = False
    """Whether it is a variant that its product has no more: not sold, but sent where it was ordered."""

    @property
    def is_recalled(self) -> bool:
        """Whether nobody shall have it, not even who ordered it; or it was not published yet."""
        return not self.sellable and not self.gone

    @property
    def in_stock(self) -> bool:
        """Whether units are left, or it never runs out; a recall does not change that."""
        return self.quantity > 0 or self.is_endless

    @property
    def is_endless(self) -> bool:
        return self.floor == -ENDLESS

    @property
    def is_full(self) -> bool:
        """Whether as much is ordered beyond the stock as may be: nothing more is sold until units come, or orders are taken back."""
        return -ENDLESS < self.floor < 0 and self.quantity <= self.floor

    @property
    def left(self) -> int:
        """Units that are there and may still be sold."""
        return max(0, self.quantity)

    @property
    def owed(self) -> int:
        """Units that were ordered and that the supplier, by its own count, does not have, nor said it would get."""
        return max(0, self.floor + self._lacking)

    @property
    def backordered(self) -> int:
        """Units that were ordered and are awaited, as their supplier said they may be."""
        return 0 if self.is_endless else min(-self.floor, self._lacking)

    @property
    def _lacking(self) -> int:
        """Units that were ordered beyond what was there and wait still: what was sent was there, whatever was counted."""
        beyond = max(0, -self.quantity)
        return beyond if self.totals is None else min(beyond, max(0, self.totals.now.committed))

    def with_product(self, recalled: Mapping[str, str]) -> "StockItem":
        """As it is if its product is among those that are recalled, by their ids, and why: what is gone of one is recalled with it."""
        reason = recalled.get(self.offer.product_id) if self.gone and self.offer else None
        return replace(self, gone=False, reason=reason) if reason else self

    def after(self, move: Move, now: datetime) -> "StockItem":
        return replace(self, quantity=self.quantity + move.quantity, totals=(self.totals or RunningTotals()).after(move, now))

    def waited(self, units: int) -> "StockItem":
        """With units of orders that are older than its totals, and that no count of the shelf has taken off until now: they wait still."""
        on_shelf = self.counted is not None and self.counted.stock_counts == "on_hand"
        return replace(self, quantity=self.quantity - units * on_shelf, totals=(self.totals or RunningTotals()).waited(units))


def after_publication(held: StockItem | None, message: OfferPublished, offered: Offered) -> StockItem | None:
    """One of the product's offers with its stock after a publication; None if that is older than what is held.

    Its stock is the first count of an offer that was never counted, and says nothing of one that was: counts come by themselves. Of an
    offer of which no count ever came, a later publication whose stock differs moves what is left by the difference, never below 0: so
    an upload of before there were counts still takes effect. What is on backorder stays so; what never ran out until now begins with
    what is declared.
    """
    if held and held.version >= message.version:
        return None
    offer, declared = Offer.of(message.product_id, message.supplier_id, offered), offered.product.stock
    floor = floor_of(offer.stock_mode)
    if held is None:
        return StockItem(offer_id=offered.offer_id, version=message.version, quantity=declared, declared=declared, sellable=True,
                         offer=offer, totals=RunningTotals(), floor=floor)  # fmt: skip
    published = replace(held, version=message.version, declared=declared, sellable=True, offer=offer, reason="", gone=False, floor=floor)
    if held.counted:
        return published
    if held.is_endless:
        return published if published.is_endless else replace(published, quantity=declared)
    moved = held.quantity + declared - (held.declared or 0)
    return replace(published, quantity=moved if held.declared is None or held.floor else max(0, moved))
