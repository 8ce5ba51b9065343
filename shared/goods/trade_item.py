"""A trade item (GS1): one thing, whoever sells it. By its id several suppliers' offers of it are known to be of one thing.

The id is derived from what identifies the thing, so that nobody has to look whether another sells it, and two products that are sent
at the same moment meet all the same.
"""

from shared.goods.part_number import part_number
from shared.ids import derived_id
from shared.trade.gtin import comparable
from shared.trade.product import Product
from shared.trade.words import words


def trade_item_of(product: Product) -> str:
    """By its GTIN, else by its brand and part number, and by its state: a used one is another. Empty if it says neither.

    Empty for a product with variants, too: each is a trade item of its own, and it is listed as one card already.
    """
    return "" if product.variants else by_codes(product.gtin, product.brand, product.mpn, product.condition)


def by_codes(gtin: str | None, brand: str | None, mpn: str | None, condition: str) -> str:
    """What a thing that says these is; empty if it says too little."""
    if gtin and (digits := comparable(gtin)):
        return derived_id("itm", "gtin", digits, condition)
    maker, number = " ".join(words(brand or "")), part_number(mpn or "")
    return derived_id("itm", "mpn", maker, number, condition) if maker and number else ""


def own_trade_item(product_id: str) -> str:
    """The trade item that no other product's codes say: of a product that stands alone, and of those that a person linked with it."""
    return derived_id("itm", "product", product_id)
