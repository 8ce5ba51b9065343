"""What describes a product, held to what listings can show and filter by; in a shopkeeper's words, by JSON pointer."""

import re
from collections.abc import Iterator

from functions.uploads.products.safe_html import is_too_long
from shared.door.addresses import EMAIL
from shared.errors import FieldError
from shared.goods.html_text import MOST_HTML
from shared.trade.folding import fold
from shared.trade.product import Product

PAGE = re.compile(r"https?://[^\s/?#]+\.[^\s/?#]{2,63}(?:[/?#]\S*)?")
BETWEEN = "|"
"""Stands between options where a listing is narrowed, as `:` does between an option and its value."""


def described_flaws(product: Product) -> Iterator[FieldError]:
    yield from _options(product)
    yield from _alike(product)
    yield from _attributes(product)
    yield from _reachable(product)
    for tag, text in product.texts.items():
        if is_too_long(text):
            yield FieldError(f"/texts/{tag}/description_html", f"as HTML it has more than {MOST_HTML:,} characters: shorten it")


def _reachable(product: Product) -> Iterator[FieldError]:
    """Whoever answers for a product's safety can be written to."""
    for role in ("manufacturer", "responsible"):
        who = getattr(product.safety, role, None)
        if who and not (EMAIL.fullmatch(who.electronic_address) or PAGE.fullmatch(who.electronic_address)):
            detail = "this is neither an e-mail address nor that of a page: write it as safety@example.com or https://example.com/contact"
            yield FieldError(f"/safety/{role}/electronic_address", detail)


def _options(product: Product) -> Iterator[FieldError]:
    for i, option in enumerate(product.options):
        if BETWEEN in option.name or ":" in fold(option.name):
            yield FieldError(f"/options/{i}/name", "name the option without : and |, such as colour")
    for i, variant in enumerate(product.variants):
        for name, value in variant.options.items():
            if BETWEEN in value:
                detail = f"write the value without |, such as {value.replace(BETWEEN, '/')[:100]}"
                yield FieldError(f"/variants/{i}/options/{name}", detail)


def _alike(product: Product) -> Iterator[FieldError]:
    """Options, and variants, that listings and filters would take for one: they read by the one folding."""
    if len({fold(option.name) for option in product.options}) < len(product.options):
        yield FieldError("/options", "two options have the same name, but for case or accents: give each another")
    seen = set[tuple[str, ...]]()
    for i, variant in enumerate(product.variants):
        choice = tuple(fold(variant.options[option.name]) for option in product.options)
        if choice in seen:
            yield FieldError(f"/variants/{i}/options", "another variant has the same values, but for case or accents")
        seen.add(choice)


def _attributes(product: Product) -> Iterator[FieldError]:
    seen = set[str]()
    for i, attribute in enumerate(product.attributes):
        name = fold(attribute.name)
        if name in seen:
            yield FieldError(f"/attributes/{i}/name", "another attribute has this name: give all its values in one")
        seen.add(name)
