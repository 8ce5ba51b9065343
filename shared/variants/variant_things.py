"""Which thing each of a product's variants is: by a person's word, else by its own codes. Another's variant or product may be the same."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from shared.goods.trade_item import by_gtin, by_part, own_trade_item
from shared.trade.product import Product
from shared.variants.offered import Offered
from shared.variants.variant_words import VariantWords


class Codes(NamedTuple):
    """By which ids a variant's own codes know it; empty where it says none, or a sibling says the same."""

    gtin: str
    part: str


def codes_of(offers: Sequence[Offered], brand: str | None, condition: str) -> list[Codes]:
    """Of each offer of a product with variants. A code that two of them say is of neither."""
    said = [Codes(by_gtin(each.product.gtin, condition), by_part(brand, each.product.mpn, condition)) for each in offers]
    gtins, parts = Counter(each.gtin for each in said), Counter(each.part for each in said)
    return [Codes(each.gtin if gtins[each.gtin] == 1 else "", each.part if parts[each.part] == 1 else "") for each in said]


def ids_of(words: VariantWords, offers: Sequence[Offered], product: Product, linked: str = "") -> list[tuple[str, ...]]:
    """By which ids each offer's thing is known, the surest first; none where nobody says what it is.

    `linked`: what was said of the whole product, whose variants' codes then say nothing.
    """
    known = []
    for offered, codes in zip(offers, codes_of(offers, product.brand, product.condition), strict=True):
        said = words.items.get(offered.offer_id) or ("" if linked else codes.gtin or codes.part)
        own = own_trade_item(offered.offer_id) if offered.offer_id in words.named else ""
        known.append(tuple(dict.fromkeys(each for each in (said, own) if each)))
    return known
