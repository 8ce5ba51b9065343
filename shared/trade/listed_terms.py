"""Terms of the operator's word lists, and the texts that they are looked for in, read alike: audit's rules and the loader of lists agree.

Two texts that read alike are one (`fold`); an English plural is told from its singular (`stem`); a term is plain or not (`is_plain`).
"""

import re
import unicodedata
from dataclasses import dataclass

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_SIGN = re.compile(f"[{HAN}]")
_WORD = re.compile(rf"[^\W_{HAN}]+(?:['’][^\W_{HAN}]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text without case, as it is and without a plural's ending, and where it stands."""

    text: str
    stem: str
    start: int
    end: int


def fold(text: str) -> str:
    """`text` without case, width, invisible characters and repeated spaces: two texts that read alike are one."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(seen.casefold().split())


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
    folded = fold(term)
    return len(words_of(folded)) >= 2 or len(HAN_SIGN.findall(folded)) >= 4


def has_han(text: str) -> bool:
    """Whether `text` has a Chinese character."""
    return HAN_SIGN.search(text) is not None


def singular(term: str) -> str:
    """`term` with its last word in the singular, so that it matches both numbers."""
    head, gap, last = fold(term).rpartition(" ")
    return head + gap + stem(last)


def words_of(folded: str) -> list[Word]:
    return [Word(found[0], stem(found[0]), found.start(), found.end()) for found in _WORD.finditer(folded)]
