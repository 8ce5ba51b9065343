"""Variants that are trade items of their own, as their product's card keeps them: by these another supplier's offer of one is found."""

import base64
import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from shared.goods.identity import Condition
from shared.ids import derived_id, offer_id_of
from shared.variants.offered import Offered
from shared.variants.variant_things import codes_of


class VariantItem(NamedTuple):
    """A variant that says a GTIN, or a part number, that none of its siblings says; codes are places among its card's, -1 for none."""

    sku: str
    """Empty: it is sold by the product's own offer."""
    gtin: int
    """0: the card's own."""
    mpn: int
    price: int
    """Minor units of the card's currency."""
    in_stock: bool

    def offer_id(self, product_id: str) -> str:
        return derived_id("off", product_id, self.sku) if self.sku else offer_id_of(product_id)


class Codes(NamedTuple):
    """What a card says of its own and its variants' codes."""

    brand: str | None
    condition: Condition
    gtins: Sequence[str | None]
    """The card's own first."""
    mpns: Sequence[str]

    def items_of(
        self, offers: Sequence[Offered], product_sku: str, known: Collection[str] = (), *, mute: bool = False
    ) -> tuple[VariantItem, ...]:
        """The variants that others could sell, too. A code that two of them say is of neither.

        `known`: the offers of which a person said what they are, or with which others were linked; `mute`: codes say nothing.
        """
        said = zip(offers, codes_of(offers, self.brand, self.condition), strict=True)
        return tuple(
            VariantItem(
                "" if each.product.sku == product_sku else each.product.sku,
                _place(self.gtins, each.product.gtin) if codes.gtin and not mute else -1,
                _place(self.mpns, each.product.mpn) if codes.part and not mute else -1,
                each.product.price.amount,
                each.product.is_there,
            )
            for each, codes in said
            if (any(codes) and not mute) or each.offer_id in known
        )


def packed(items: Iterable[VariantItem]) -> str:
    """As a text that a card of 250 variants has room for: column by column, compressed (a tenth of the same as JSON)."""
    columns = list(zip(*([*each[:-1], int(each.in_stock)] for each in items), strict=True))
    return base64.b85encode(zlib.compress(json.dumps(columns, separators=(",", ":")).encode(), 9)).decode()


def unpacked(text: str) -> tuple[VariantItem, ...]:
    """What `packed` wrote."""
    rows = zip(*json.loads(zlib.decompress(base64.b85decode(text))), strict=True)
    return tuple(VariantItem(sku, gtin, mpn, price, bool(left)) for sku, gtin, mpn, price, left in rows)


def _place(codes: Sequence[str | None], code: str | None) -> int:
    return codes.index(code)
