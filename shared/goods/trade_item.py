"""A trade item (GS1): one thing, whoever sells it. By its id several suppliers' offers of it are known to be of one thing.

The id is derived from what identifies the thing, so that nobody has to look whether another sells it, and two products that are sent
at the same moment meet all the same.
"""

from functools import lru_cache

from shared.ids import derived_id
from shared.trade.gtin import comparable, is_worldwide
from shared.trade.product import Product
from shared.trade.words import words
from shared.variants.offered import flat

UNSAID = (
    "N/A", "NA", "none", "null", "nil", "unknown", "not applicable", "does not apply", "does not exist", "not available", "generic",
    "no brand", "unbranded", "no name", "noname", "nobrand", "various", "other", "OEM", "TBD", "test", "default", "keine", "ohne Marke",
    "markenlos", "entfällt", "aucun", "sans marque", "无", "无品牌", "没有", "通用", "其他", "未知",
)  # fmt: skip
"""What feeds write where there is no brand or part number (Google Merchant names some): it identifies nothing."""


def trade_item_of(product: Product) -> str:
    """By its GTIN, else by its brand and part number, and by its state: a used one is another. Empty if it says neither.

    Empty for a product with variants, too: each is a trade item of its own.
    """
    return "" if product.variants else by_codes(product.gtin, product.brand, product.mpn, product.condition)


def is_identified(product: Product) -> bool:
    """Whether codes say what it is, and of a product with variants what each is."""
    return all(trade_item_of(flat(product, each)) for each in product.variants) if product.variants else bool(trade_item_of(product))


def by_codes(gtin: str | None, brand: str | None, mpn: str | None, condition: str) -> str:
    """What a thing that says these is; empty if it says too little."""
    return by_gtin(gtin, condition) or by_part(brand, mpn, condition)


def by_gtin(gtin: str | None, condition: str) -> str:
    """What has this GTIN; empty without one that is one thing's everywhere."""
    digits = comparable(gtin) if gtin else None
    return derived_id("itm", "gtin", digits, condition) if digits and is_worldwide(digits) else ""


def by_part(brand: str | None, mpn: str | None, condition: str) -> str:
    """What has this part number of this maker; empty without either. Makers give one to a thing in several colours, too: where those who
    say it say different GTINs it links nobody (`storefronts/offers/same_thing.py`)."""
    maker, number = " ".join(_said(brand or "")), _number(_said(mpn or ""))
    return derived_id("itm", "mpn", maker, number, condition) if maker and number.strip("0.") else ""


def ids_of(product_id: str, product: Product, linked: str = "", *, named: bool = False) -> tuple[str, ...]:
    """By which ids a product's thing is known, the surest first; two that have one in common are one thing.

    `linked`: its id by a person's word, beside which its codes say nothing. `named`: whether others were linked with it: they bear its
    own id. Of a product with variants none: each is a thing of its own.
    """
    if product.variants:
        return ()
    own = own_trade_item(product_id) if named else ""
    return tuple(dict.fromkeys(each for each in (linked or trade_item_of(product), own) if each))


def own_trade_item(named: str) -> str:
    """The trade item that no other product's codes say: of what stands alone, and of what a person linked with it.

    `named`: the product's id; of a variant its offer's.
    """
    return derived_id("itm", "product", named)


def _said(text: str) -> list[str]:
    found = words(text)
    return [] if tuple(found) in _unsaid() else found


@lru_cache(1)
def _unsaid() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words(each)) for each in UNSAID)


def _number(found: list[str]) -> str:
    """A part number however it is written, but that 1.5 is not 15: a link too many hides a product, one too few shows it beside."""
    number = ""
    for word in found:
        number += "." + word if number[-1:].isdigit() and word[0].isdigit() else word
    return number
