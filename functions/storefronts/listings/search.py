"""What a shopper types, as questions to the index in the order of their answers.

First what has the words in its title as they were typed, then all else that holds them in any form; each the newest first. It is
not ranked by BM25, whose scores move whenever any product is published: no page could be followed by the next without showing a
product twice or losing one. A tier and a rank stay what they are.
"""

import re
import unicodedata
from itertools import groupby

from functions.storefronts.index.index_query import All, Not, Phrase, Query, Search
from shared.errors import Invalid
from shared.trade.words import words

_PIECE = re.compile(r"\w+")


def tiers(text: str) -> tuple[Query, ...]:
    """The questions that `text` asks; no card answers two of them. Raises Invalid for a text without a letter or digit."""
    asked = runs(text)
    if not asked:
        raise Invalid.field("query/q", "type at least one letter or digit")
    exact = Phrase(tuple(words(text)))
    return exact, All((Search(asked), Not(exact)))


def runs(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of `text`; Chinese, Japanese and Korean characters that stand together are one, given as its characters."""
    found: list[tuple[str, ...]] = []
    for piece in _PIECE.findall(unicodedata.normalize("NFKC", text)):
        for together, group in groupby(words(piece), _ideograph):
            alike = tuple(group)
            found += [alike] if together else [(word,) for word in alike]
    return tuple(dict.fromkeys(found))


def _ideograph(word: str) -> bool:
    """Whether the word is a character that needs no spaces: twice it is two words."""
    return words(word * 2) == [word, word]
