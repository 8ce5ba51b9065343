"""Terms of the operator's word lists, and the texts that they are looked for in, read alike: audit's rules and the loader of lists agree.

Two texts that read alike are one (`as_read`); an English plural is told from its singular (`stem`); a term is plain or not (`is_plain`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from shared.trade.folding import lettered, table

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KEPT = 32
"""Texts whose words are remembered: each of a product's is held to one list after another."""
HAN_SIGN = re.compile(f"[{HAN}]")


@lru_cache(1)
def _word() -> re.Pattern[str]:
    """Vowels that are written as marks belong to their word."""
    letter = rf"(?:[^\W_{HAN}][{table().marks}]*)"
    return re.compile(rf"{letter}+(?:['’]{letter}+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text without case, as it is and without a plural's ending, and where it stands."""

    text: str
    stem: str
    start: int
    end: int


def as_read(text: str) -> str:
    """`text` without case, width, invisible characters and repeated spaces; simplified Chinese for traditional, accents as they are.

    An accent tells words apart in many languages (Spanish `año`, Vietnamese `lon` and `lồn`), so audit takes none off a text.
    """
    return " ".join(lettered(text).split())


def stem(word: str) -> str:
    """`word` without an English plural's ending: boxes → box, knives → knive, panties → panty, glass stays."""
    word = word.removesuffix("'s").removesuffix("’s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def is_plain(term: str) -> bool:
    """Whether `term` can hardly mean anything else: two words or four Chinese characters can, `paint` and 烟花 cannot."""
    read = as_read(term)
    return len(words_of(read)) >= 2 or len(HAN_SIGN.findall(read)) >= 4


def has_han(text: str) -> bool:
    """Whether `text` has a Chinese character."""
    return HAN_SIGN.search(text) is not None


def singular(term: str) -> str:
    """`term` with its last word in the singular, so that it matches both numbers."""
    head, gap, last = as_read(term).rpartition(" ")
    return head + gap + stem(last)


@lru_cache(KEPT)
def words_of(read: str) -> tuple[Word, ...]:
    """Of what `as_read` answers."""
    return tuple(Word(found[0], stem(found[0]), found.start(), found.end()) for found in _word().finditer(read))
