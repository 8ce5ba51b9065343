"""The same product under another sku or from another supplier has the same fingerprint."""

import hashlib
import json
import unicodedata
from collections.abc import Callable
from typing import Any

from functions.audit.rules.finding import Finding
from functions.audit.verdicts.ruling import FirstHolder
from shared.goods.html_text import html_text
from shared.trade.listed_terms import as_read
from shared.trade.product import Product, Text

DUPLICATE = "duplicate"
"""The finding's code."""
NAMED = ("brand", "mpn", "condition")
"""What tells two things of one text apart, where it is said: a used one is not the new one."""


def fingerprint_of(product: Product, read: Callable[[str], str] = as_read) -> str:
    """A short text for what the product is: its texts as they are read, its category, weight, size and variants, maker, state
    and attributes.

    Left out is what may differ between two offers of one thing (sku, price, stock, tags, destinations, pictures' ids) or is often
    guessed (HS code, origin).
    """
    texts = {tag: [read(t.title), read(t.description), *map(read, t.bullets or ()), *_html(t, read)] for tag, t in product.texts.items()}
    size = product.size
    sides = [size.length, size.width, size.height] if size else None
    told: list[Any] = [texts, product.category, product.weight, sides, product.gtin]
    if product.variants:
        told.append(sorted((sorted((read(n), read(v)) for n, v in each.options.items()), each.gtin or "") for each in product.variants))
    if product.attributes:
        told.append(sorted([read(each.name), *sorted(map(read, each.values))] for each in product.attributes))
    if named := {name: read(value) for name in NAMED if (value := getattr(product, name)) and value != "new"}:
        told.append(named)
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:32]


def _html(text: Text, read: Callable[[str], str]) -> list[str]:
    return [read(html_text(text.description_html))] if text.description_html else []


def former_fingerprint_of(product: Product) -> str:
    """The fingerprint as it was made until 2026-11-30: what was kept by it still is the first, and still approved.

    It may go once no product on sale has a verdict from before that day: then no twin of theirs would pass, and no new version of one that
    a person approved would wait for a person again.
    """
    return fingerprint_of(product, _read_formerly)


def _read_formerly(text: str) -> str:
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(seen.casefold().split())


def duplicate_of(first: FirstHolder, own_supplier_id: str) -> Finding:
    """The finding that names the product which came first: one's own by its sku, too, another supplier's by its id alone."""
    own = first.supplier_id == own_supplier_id
    named = f"your own product {first.sku}".rstrip() + f" ({first.product_id})" if own else f"another supplier's product {first.product_id}"
    evidence = f"texts, category, weight and size are those of {named}"
    remedy = "Change the product that you have instead of sending it again, or say in the texts what is different."
    if not own:
        remedy = "If it is the same thing, say its GTIN, or its brand and part number: both are sold then. Else say how it differs."
    return Finding(DUPLICATE, "review", evidence, remedy, "/texts")
