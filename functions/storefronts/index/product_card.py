"""A card: the little that a listing shows of a product, and the detail that only the product's own page shows."""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Self

from monsoon_plugin.clock import from_rfc3339
from monsoon_plugin.money import Money
from monsoon_plugin.value import Value
from shared.messages import OfferPublished
from shared.trade.product import Size, Text, Tier
from shared.trade.selling_rule import Facts

RANK_BITS = 20
"""Of a rank that tell products of one millisecond apart."""
CODE = "#"
"""Begins the GTIN where a card is kept: among the tags, none of which begins so. The release before, which runs beside this one for a
quarter of an hour, reads no card with a field that it does not know; a field of its own is for the release after."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One product, for every storefront alike; its price is the supplier's."""

    product_id: str
    offer_id: str
    supplier_id: str
    version: int
    category: str
    cost: Money
    titles: dict[str, str]
    picture: str | None
    rank: int
    """The later a product was first on sale, the higher; it never changes."""
    tags: tuple[str, ...] = ()
    ships_to: tuple[str, ...] = ()
    """Countries; empty: everywhere."""
    changed_at: str = ""
    """RFC 3339."""
    in_stock: bool = True
    gtin: str | None = None
    stock_version: int = 0
    """Of the availability that was last heard; 0: only the publication's own stock is known."""

    @classmethod
    def of(cls, message: OfferPublished, now: str) -> Self:
        """The card of a publication; `now` (RFC 3339) is when it changed, and stands for the first sale where that is not told."""
        product = message.product
        return cls(
            product_id=message.product_id, offer_id=message.offer_id, supplier_id=message.supplier_id, version=message.version,
            category=product.category, cost=product.price.money, titles={tag: text.title for tag, text in product.texts.items()},
            picture=product.pictures[0] if product.pictures else None, rank=rank(message.first_published_at or now, message.product_id),
            tags=tuple(product.tags), ships_to=tuple(product.ships_to), changed_at=now, in_stock=product.stock > 0,
            gtin=product.gtin,
        )  # fmt: skip

    @cached_property
    def facts(self) -> Facts:
        """What a storefront's rule looks at."""
        return Facts.of_replica(
            self.product_id, self.supplier_id, category=self.category, cost=self.cost, tags=self.tags, ships_to=self.ships_to,
            titles=self.titles.values(),
        )  # fmt: skip

    def title(self, language: str) -> tuple[str, str]:
        """The language and the title in `language`, else in its base language, else in English, else the first there is."""
        for tag in (language, language.split("-")[0], "en"):
            if tag in self.titles:
                return tag, self.titles[tag]
        return next(iter(self.titles.items()))

    def to_json(self) -> str:
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "gtin"} | {"cost": asdict(self.cost)}
        if self.gtin:
            values["tags"] = [*self.tags, CODE + self.gtin]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """What `to_json` wrote."""
        held = json.loads(text)
        codes = [tag for tag in held["tags"] if tag.startswith(CODE)]
        held |= {"cost": Money(**held["cost"]), "ships_to": tuple(held["ships_to"]), "gtin": codes[0][1:] if codes else None}
        held["tags"] = tuple(tag for tag in held["tags"] if tag not in codes)
        return cls(**{name: value for name, value in held.items() if name in KNOWN})


KNOWN = frozenset(each.name for each in fields(Card))
"""What else a card tells was written by a later release, and is passed over."""


class Detail(Value):
    """What a product's own page shows besides its card."""

    texts: dict[str, Text]
    pictures: list[str]
    tiers: list[Tier]
    weight: int
    size: Size
    origin: str

    @classmethod
    def of(cls, message: OfferPublished) -> Self:
        product = message.product
        return cls(
            texts=product.texts,
            pictures=product.pictures,
            tiers=product.tiers,
            weight=product.weight,
            size=product.size,
            origin=product.origin,
        )


def rank(first_published_at: str, product_id: str) -> int:
    """Milliseconds since 1970, then bits of the product's id: two products share a rank once in a million in one millisecond."""
    moment = int(from_rfc3339(first_published_at).timestamp() * 1000)
    mark = int.from_bytes(hashlib.blake2b(product_id.encode(), digest_size=4).digest(), "big") >> (32 - RANK_BITS)
    return moment << RANK_BITS | mark
