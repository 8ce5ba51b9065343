"""The same product under another sku or from another supplier has the same fingerprint."""

import hashlib
import json

from functions.audit.rules.finding import Finding
from shared.trade.listed_terms import fold
from shared.trade.product import Product


def fingerprint_of(product: Product) -> str:
    """A short text for what the product is: its texts without case, width and spacing, its category, weight and size.

    Left out is what may differ between two offers of one thing (sku, price, stock, tags, destinations, pictures' ids) or is often
    guessed (HS code, origin).
    """
    texts = {tag: [fold(text.title), fold(text.description)] for tag, text in product.texts.items()}
    size = product.size
    told = [texts, product.category, product.weight, [size.length, size.width, size.height], product.gtin]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]


def duplicate_of(product_id: str, supplier_id: str, own_supplier_id: str) -> Finding:
    """The finding that names the product which came first; another supplier's is named by its id alone."""
    whose = "your own product" if supplier_id == own_supplier_id else "another supplier's product"
    evidence = f"texts, category, weight and size are those of {whose} {product_id}"
    remedy = "Change the product that you have instead of sending it again, or say in the texts what is different."
    return Finding("duplicate", "review", evidence, remedy, "/texts")
