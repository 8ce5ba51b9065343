"""Whether each variant of a product is in stock, as orders told of each by itself, kept beside one another by who shows the product."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from shared.trade.product import MOST_VARIANTS

MOST = 2 * MOST_VARIANTS
"""Offers of one product of which something is kept."""
GONE = ""
Told = tuple[int, bool]
"""The version of what orders told of an offer, which counts that alone, and whether units are left."""


@dataclass(frozen=True, slots=True)
class VariantStock:
    """What was told, by offer id, the latest last."""

    told: Mapping[str, Told] = field(default_factory=dict)
    full: Mapping[str, int] = field(default_factory=dict)
    """The offers of which it was told that as much is ordered beyond the stock as may be, and by which version. Kept beside `told`: a
    release that does not know of it tells something newer, and it counts no more."""

    @classmethod
    def from_json(cls, text: str, full: str | None = None) -> "VariantStock":
        told = {offer_id: (int(version), bool(in_stock)) for offer_id, (version, in_stock) in json.loads(text).items()}
        return cls(told, json.loads(full) if full else {})

    def full_json(self) -> str | None:
        """None where there is none."""
        full = {offer_id: version for offer_id, version in self.full.items() if self.is_full(offer_id)}
        return json.dumps(full, separators=(",", ":")) if full else None

    def is_full(self, offer_id: str) -> bool:
        """Whether nothing of it may be ordered beyond the stock."""
        return self.full.get(offer_id, 0) == self.told.get(offer_id, (-1, False))[0]

    def to_json(self) -> str:
        told = {offer_id: [version, int(in_stock)] for offer_id, (version, in_stock) in self.told.items()}
        return json.dumps(told, separators=(",", ":"))

    def after(self, offer_id: str, version: int, in_stock: bool, *, full: bool = False) -> "VariantStock":
        """With one more message; the same if it is no newer than what was told of its offer."""
        if self.told.get(offer_id, (0, False))[0] >= version:
            return self
        others = {other: told for other, told in self.told.items() if other != offer_id}
        return VariantStock(others | {offer_id: (version, in_stock)}, {**self.full, offer_id: version} if full else self.full)

    @property
    def version(self) -> int:
        """Rises with each message that was taken."""
        return sum(version for version, _ in self.told.values())

    def of(self, offer_id: str, published: bool) -> bool:
        """Whether the offer is in stock; where nothing was told, as it was published."""
        return self.told.get(offer_id, (0, published))[1]

    def within_bounds(self, shown: Collection[str]) -> "VariantStock":
        """At most MOST offers: the `shown`, then those told of last. The others' versions stay in the sum, which may not fall."""
        if len(self.told) <= MOST:
            return self
        others = [offer_id for offer_id in self.told if offer_id not in shown and offer_id != GONE]
        room = MOST - 1 - sum(offer_id in self.told for offer_id in shown)
        dropped = {GONE, *others[: max(0, len(others) - room)]}
        gone = sum(version for offer_id, (version, _) in self.told.items() if offer_id in dropped)
        kept = {offer_id: told for offer_id, told in self.told.items() if offer_id not in dropped}
        return VariantStock({GONE: (gone, False)} | kept, self.full)
