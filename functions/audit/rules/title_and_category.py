"""A product needs a title that people can read, and a category that the hub knows."""

import re
from collections.abc import Iterator, Sequence

from functions.audit.rules.finding import Finding
from functions.audit.rules.operator_lists import OperatorLists
from functions.audit.rules.passages import Passage
from shared.trade.folding import fold
from shared.trade.listed_terms import has_han
from shared.trade.product import Product, Text

MIN_LETTERS = 2
"""A title has at least so many letters, or one Chinese character: 碗 or `ox`, not `?` or `12/3 x`."""
NUMBERED = re.compile(r"\d")
A_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{4,}(?![^\W_])")
"""Four letters and more by themselves. What has no code is known by its title as its shop's address has it (`buchweizen`, `omega-3`):
that is its sku here."""


def title_and_category(product: Product, read: Sequence[Passage], lists: OperatorLists) -> Iterator[Finding]:
    """A readable title in one language at least; a known category."""
    for tag, text in product.texts.items():
        if not _readable(text, product.sku):
            is_open = _has_other(product, tag) or A_WORD.search(text.title)
            severity, shown = ("review" if is_open else "refuse"), text.title[:100]
            remedy = "Write a title that tells a shopper what the product is."
            yield Finding("title-unreadable", severity, f'the title is "{shown}"', remedy, f"/texts/{tag}/title")  # type: ignore[arg-type]
    for field, category in (("/category", product.category), *((f"/categories/{i}", each) for i, each in enumerate(product.categories))):
        if category not in lists.categories:
            remedy = "Choose a category from GET /v1/taxonomy."
            yield Finding("category-unknown", "refuse", f"there is no category {category}", remedy, field)


def _readable(text: Text, sku: str) -> bool:
    letters = sum(sign.isalpha() for sign in text.title)
    is_code = fold(text.title) == fold(sku) and NUMBERED.search(sku)
    return (letters >= MIN_LETTERS or has_han(text.title)) and not is_code


def _has_other(product: Product, tag: str) -> bool:
    return any(_readable(text, product.sku) for other, text in product.texts.items() if other != tag)
