"""What a shopper types, as questions to the index in the order of their answers.

First what has the words in its title as they were typed, or is the product of the GTIN or part number typed, then all else that holds
them in any form; each the newest first. It is not ranked by BM25, whose scores move whenever any product is published: no page could be
followed by the next without showing a product twice or losing one. A tier and a rank stay what they are.
"""

import re

from functions.storefronts.index.index_query import All, AnyOf, Not, Numbered, Phrase, Query, Search
from shared.errors import Invalid
from shared.goods.part_number import part_number
from shared.trade.gtin import comparable
from shared.trade.words import joined, readings, runs

DIGIT = re.compile(r"\d")
"""Part numbers without one are found as other words are."""


def tiers(text: str) -> tuple[Query, ...]:
    """The questions that `text` asks; no card answers two of them. Raises Invalid for a text without a letter or digit."""
    asked = tuple(dict.fromkeys(ways for piece in text.split() if (ways := _ways(piece))))
    if not asked:
        raise Invalid.field("query/q", "type at least one letter or digit")
    typed: list[Query] = [Phrase(tuple(reading)) for reading in readings(text)]
    typed += [Numbered(number) for number in dict.fromkeys((comparable(text), part_number(text))) if number and DIGIT.search(number)]
    exact = typed[0] if len(typed) == 1 else AnyOf(tuple(typed))
    return exact, All((*_searched(asked), Not(exact)))


Run = tuple[str, ...]
"""Words that stand together."""


def _ways(piece: str) -> tuple[tuple[Run, ...], ...]:
    """The one or two ways to read what stands between two spaces: `T-shirt` is two words and one."""
    split, together = (tuple(dict.fromkeys(map(tuple, runs(way)))) for way in (piece, joined(piece)))
    return tuple(way for way in dict.fromkeys((split, together)) if way)


def _searched(asked: tuple[tuple[tuple[Run, ...], ...], ...]) -> list[Query]:
    """One question for all pieces that read in one way, and one for each that reads in two."""
    plain = tuple(dict.fromkeys(run for ways in asked if len(ways) == 1 for run in ways[0]))
    either = [AnyOf(tuple(Search(way) for way in ways)) for ways in asked if len(ways) > 1]
    return [Search(plain), *either] if plain else list(either)
