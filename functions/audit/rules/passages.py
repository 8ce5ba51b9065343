"""All that a supplier wrote of a product and people may read: titles, descriptions and tags."""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.audit.rules.operator_lists import ALWAYS, base_language
from shared.trade.listed_terms import as_read
from shared.trade.product import Product


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text as it is read; `field` is a JSON pointer into the product, `languages` are those whose words it is read against."""

    folded: str
    field: str
    languages: tuple[str, ...]
    is_title: bool = False


def passages(product: Product) -> Iterator[Passage]:
    """Each text in its own language and those of ALWAYS; tags, which say no language, in those of all texts. `_` in a tag is a space."""
    for tag, text in product.texts.items():
        languages = tuple(dict.fromkeys((*ALWAYS, base_language(tag))))
        yield Passage(as_read(text.title), f"/texts/{tag}/title", languages, is_title=True)
        yield Passage(as_read(text.description), f"/texts/{tag}/description", languages)
    languages = tuple(dict.fromkeys((*ALWAYS, *map(base_language, product.texts))))
    for i, tag in enumerate(product.tags):
        yield Passage(as_read(tag.replace("_", " ")), f"/tags/{i}", languages)
