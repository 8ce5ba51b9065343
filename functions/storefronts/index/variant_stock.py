"""Whether each variant of a product is in stock, as orders told of each by itself, and what that comes to for the product."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from functions.storefronts.index.product_card import Card, Detail
from shared.messages import OfferAvailabilityChanged
from shared.trade.product import MOST_VARIANTS

MOST = 2 * MOST_VARIANTS
"""Offers of one product of which something is kept."""
GONE = ""
Told = tuple[int, bool]
"""The version of what orders told of an offer, which counts that alone, and whether units are left."""


@dataclass(frozen=True, slots=True)
class VariantStock:
    """What was told, by offer id."""

    told: Mapping[str, Told] = field(default_factory=dict)

    @classmethod
    def from_json(cls, text: str) -> "VariantStock":
        return cls({offer_id: (int(version), bool(in_stock)) for offer_id, (version, in_stock) in json.loads(text).items()})

    def to_json(self) -> str:
        told = {offer_id: [version, int(in_stock)] for offer_id, (version, in_stock) in self.told.items()}
        return json.dumps(told, separators=(",", ":"))

    def after(self, message: OfferAvailabilityChanged) -> "VariantStock":
        """With one more message; the same if it is no newer than what was told of its offer."""
        if self.told.get(message.offer_id, (0, False))[0] >= message.version:
            return self
        return replace(self, told={**self.told, message.offer_id: (message.version, message.in_stock)})

    @property
    def version(self) -> int:
        """Rises with each message that was taken."""
        return sum(version for version, _ in self.told.values())

    def shown(self, detail: Detail) -> Detail:
        """The detail, with what was told of its variants."""
        now = [v.model_copy(update={"in_stock": self.told.get(v.offer_id, (0, v.in_stock))[1]}) for v in detail.variants]
        return detail.model_copy(update={"variants": now})

    def in_stock(self, card: Card | None, detail: Detail | None) -> bool:
        """Whether anything of the product is left: as its publication says, where nothing was told; while it is off sale, as was told."""
        if card is None or detail is None:
            return any(in_stock for _, in_stock in self.told.values())
        if not detail.variants:
            return self.told.get(card.offer_id, (0, card.in_stock))[1]
        return any(variant.in_stock for variant in self.shown(detail).variants)

    def within_bounds(self, detail: Detail) -> "VariantStock":
        """Without variants that are gone, once those are many; their versions stay in the sum, which may not fall."""
        if len(self.told) <= MOST:
            return self
        shown = {variant.offer_id for variant in detail.variants}
        gone = sum(version for offer_id, (version, _) in self.told.items() if offer_id not in shown)
        return VariantStock({GONE: (gone, False)} | {offer_id: told for offer_id, told in self.told.items() if offer_id in shown})
