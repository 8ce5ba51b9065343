"""Nothing was found, but: words that find something by themselves, or are spelled nearly so, and categories that are called so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Protocol

from functions.storefronts.configuration.storefront import Storefront
from functions.storefronts.listings.listing_page import START, Narrowing, Place, Window
from functions.storefronts.offers.priced_card import PricedCard
from functions.storefronts.pages.category_names import CategoryNames
from shared.errors import Invalid
from shared.trade.words import words

MOST_WORDS, MOST_SHOWN = 5, 5
LOOKED_AT = 100
"""Of the newest products, whose titles are what a word may be spelled like."""
NEAR = 0.75
"""Of difflib's ratio: `teepot` is `teapot`, `cup` is not `cap`."""


class Reader(Protocol):
    """See functions.storefronts.listings.storefront_reader.StorefrontReader."""

    def window(self, storefront: Storefront, narrowing: Narrowing) -> Window: ...

    def page(self, window: Window, place: Place, limit: int) -> tuple[list[PricedCard], Place | None]: ...

    def found(self, window: Window) -> int:
        """How many cards the window holds."""
        ...


@dataclass(frozen=True, slots=True)
class NearMisses:
    """`instead`: searches that find something, with how much. `unnarrowed`: how much the search finds without what narrows it."""

    instead: Sequence[tuple[str, int]]
    categories: Sequence[tuple[str, str]]
    unnarrowed: int


def near_misses(storefront: Storefront, asked: Narrowing, reader: Reader, names: CategoryNames) -> NearMisses:
    """What comes near to a question that finds nothing."""
    wide = Narrowing(currency=asked.currency, words=asked.words)

    def count(narrowing: Narrowing) -> int:
        try:
            return reader.found(reader.window(storefront, narrowing))
        except Invalid:  # of signs alone
            return 0

    whole = count(wide) if wide != asked else 0
    said = asked.words or ""
    tried = dict.fromkeys(_other_words(said, storefront, reader)) if not whole else ()
    instead = [(text, found) for text in tried if (found := count(replace(wide, words=text)))]
    categories = [(each, names.name(each)) for each in names.called(said) if count(Narrowing(currency=asked.currency, category=each))]
    return NearMisses(instead[:MOST_SHOWN], categories, whole)


def _other_words(said: str, storefront: Storefront, reader: Reader) -> Iterator[str]:
    """The search with each word that is nearly spelled like one of the shop's put right; then each of its words alone."""
    asked = words(said)[:MOST_WORDS]
    if not asked:
        return
    newest, _ = reader.page(reader.window(storefront, Narrowing()), START, LOOKED_AT)
    known = {word for each in newest for title in each.card.titles.values() for word in words(title)}
    mended = [next(iter(get_close_matches(word, known, 1, NEAR)), word) for word in asked]
    if mended != list(asked):
        yield " ".join(mended)
    yield from (word for word in mended if len(asked) > 1)
