"""All that a supplier wrote of a product and people may read: titles, descriptions, bullets, names, codes, tags, attributes, options, what
pictures show."""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.audit.rules.operator_lists import base_language
from shared.goods.html_text import html_text
from shared.trade.listed_terms import as_read, has_han
from shared.trade.product import Product

WITH_HAN = ("zh", "ja", "ko", "yue")
"""Languages that write Chinese characters."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text as it is read; `field` is a JSON pointer into the product, `languages` are those whose words it is read against."""

    folded: str
    field: str
    languages: tuple[str, ...]
    is_title: bool = False
    is_name: bool = False
    """What it is called by its maker or its supplier: a brand, a part number, a group; and what it is warned of. It says nothing of what
    the thing is."""
    written: str = ""
    """As its supplier wrote it."""

    @property
    def is_prose(self) -> bool:
        """Sentences about the thing: what they name may be inside it, or beside it."""
        return (
            self.field.endswith(("/description", "/description_html")) or "/bullets/" in self.field or self.field.startswith("/attributes/")
        )

    @property
    def is_code(self) -> bool:
        """A name that is no word of any language."""
        return self.is_name and self.field != "/brand"


def passages(product: Product) -> Iterator[Passage]:
    """Each text in its own language; tags and options, which say no language, in those of all texts.

    `_` in a tag is a space.

    A word of one language may be another's curse (`negro` is Spanish for black), so no other list is read but where the script itself
    says that the language is another: Chinese characters in what is said to be neither Chinese, Japanese nor Korean.
    """
    for tag, text in product.texts.items():
        languages = _languages(tag, text.title + text.description)
        yield Passage(as_read(text.title), f"/texts/{tag}/title", languages, is_title=True, written=text.title)
        yield Passage(as_read(text.description), f"/texts/{tag}/description", languages, written=text.description)
        if text.description_html and (read := html_text(text.description_html)) != text.description:
            yield Passage(as_read(read), f"/texts/{tag}/description_html", _languages(tag, read), written=read)
        for i, bullet in enumerate(text.bullets or ()):
            yield Passage(as_read(bullet), f"/texts/{tag}/bullets/{i}", _languages(tag, bullet), written=bullet)
    for picture, words in product.alt_texts.items():
        for tag, said in words.items():
            yield Passage(as_read(said), f"/alt_texts/{picture}/{tag}", _languages(tag, said), written=said)
    yield from _names(product)
    for i, tag in enumerate(product.tags):
        yield Passage(as_read(tag.replace("_", " ")), f"/tags/{i}", _all_languages(product, tag), written=tag)
    for i, attribute in enumerate(product.attributes):
        for at, said in (("name", attribute.name), *((f"values/{n}", value) for n, value in enumerate(attribute.values))):
            yield Passage(as_read(said), f"/attributes/{i}/{at}", _all_languages(product, said), written=said)
    for i, option in enumerate(product.options):
        for name in (option.name, *option.names.values()):
            yield Passage(as_read(name), f"/options/{i}", _all_languages(product, name), written=name)
        values = {variant.options[option.name]: n for n, variant in reversed(list(enumerate(product.variants)))}
        for value, n in values.items():
            yield Passage(as_read(value), f"/variants/{n}/options", _all_languages(product, value), written=value)


def _names(product: Product) -> Iterator[Passage]:
    """Codes, and warnings, in which a word is no fault by itself."""
    for field, name in (("/brand", product.brand), ("/item_group", product.item_group), *_part_numbers(product)):
        if name:
            yield Passage(as_read(name), field, _all_languages(product, name), is_name=True, written=name)
    for tag, warning in product.safety.warnings.items() if product.safety else ():
        yield Passage(as_read(warning), f"/safety/warnings/{tag}", _languages(tag, warning), is_name=True, written=warning)


def _part_numbers(product: Product) -> Iterator[tuple[str, str | None]]:
    yield "/mpn", product.mpn
    yield from ((f"/variants/{i}/mpn", variant.mpn) for i, variant in enumerate(product.variants))


def _all_languages(product: Product, text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for language in product.texts for each in _languages(language, text)))


def _languages(tag: str, text: str) -> tuple[str, ...]:
    base = base_language(tag)
    return (base, "zh") if base not in WITH_HAN and has_han(text) else (base,)
