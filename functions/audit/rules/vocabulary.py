"""Finds the words and phrases of a list in a text: whole words only, the longest first, in scripts with and without spaces.

How a text and a term are read alike says shared/trade/listed_terms.py.

Words (Latin, Cyrillic …) are compared without case, and with their accents; a text that is written without any is also held to the
listed words without theirs, since many leave all of them out (`cabron` for `cabrón`). A text's plural matches a term in the singular,
not the other way, since `balls` may be listed and `ball` harmless. A phrase's words follow one another with a space or a hyphen between.

Chinese has no spaces: of the terms that begin at a character the longest counts, and what it covers is not looked at again; a
term of one character counts only where no other Chinese character touches it, since 日 is in 日本.

Terms with signs of their own (`s&m`, `b!tch`) are looked for as they are written.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from shared.trade.folding import fold, table
from shared.trade.listed_terms import HAN, HAN_SIGN, Word, as_read, words_of

T = TypeVar("T")
_GAPS = {" ", "-"}
_ENDS_A_NAME = frozenset(
    ["and", "or", "with", "in", "on", "for", "of", "from", "by", "to", "at", "as", "w", "set", "pack", "pc", "x", "asstd", "assorted"]
)
"""English words after which a new part of a title begins, so that the word before them was the thing itself."""


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A term that stands in the folded text from `start` to `end`. `is_head`: no further word of the same name follows it."""

    term: str
    meaning: T
    start: int
    end: int
    is_head: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A term's words; `bare`: without the accents that it is listed with."""

    words: tuple[str, ...]
    term: str
    bare: bool = False


class Vocabulary(Generic[T]):
    """Terms, each with a meaning (a severity, say). Of two entries with one term the later counts."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        terms = {as_read(term): meaning for term, meaning in entries}
        terms.pop("", None)
        self._phrases: dict[str, list[_Phrase]] = defaultdict(list)
        self._unspaced: dict[str, list[str]] = defaultdict(list)
        written: list[str] = []
        self._meanings = terms
        for term in sorted(terms, key=len, reverse=True):
            if HAN_SIGN.search(term):
                self._unspaced[term[0]].append(term)
            elif _signs().search(term) or not (words := tuple(word.text for word in words_of(term))):
                written.append(re.escape(term))
            else:
                self._phrases[words[0]].append(_Phrase(words, term))
                if (bare := tuple(map(fold, words))) != words:
                    self._phrases[bare[0]].append(_Phrase(bare, term, bare=True))
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: (-len(phrase.words), phrase.bare))
        self._written = re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)") if written else None

    def matches(self, folded: str) -> Iterator[Match[T]]:
        """Every term in `folded` (see `as_read`): words in their order, then unspaced terms, then those with signs."""
        yield from self._spaced_matches(folded)
        if self._unspaced and HAN_SIGN.search(folded):
            yield from self._unspaced_matches(folded)
        if self._written:
            for found in self._written.finditer(folded):
                yield Match(found[0], self._meanings[found[0]], found.start(), found.end(), True)

    def _spaced_matches(self, folded: str) -> Iterator[Match[T]]:
        words, at, unaccented = words_of(folded), 0, fold(folded) == folded
        while at < len(words):
            found = self._phrase_at(folded, words, at, unaccented)
            if found is None:
                at += 1
                continue
            length, term = found
            last = at + length - 1
            yield Match(term, self._meanings[term], words[at].start, words[last].end, _is_head(folded, words, last))
            at += length

    def _phrase_at(self, folded: str, words: Sequence[Word], at: int, unaccented: bool) -> tuple[int, str] | None:
        first = words[at]
        for phrase in (*self._phrases.get(first.text, ()), *(self._phrases.get(first.stem, ()) if first.stem != first.text else ())):
            part = words[at : at + len(phrase.words)]
            if (
                (unaccented or not phrase.bare)
                and len(part) == len(phrase.words)
                and all(
                    wanted in (word.text, word.stem) and (i == 0 or folded[part[i - 1].end : word.start] in _GAPS)
                    for i, (word, wanted) in enumerate(zip(part, phrase.words, strict=True))
                )
            ):
                return len(phrase.words), phrase.term
        return None

    def _unspaced_matches(self, folded: str) -> Iterator[Match[T]]:
        at = 0
        while at < len(folded):
            term = next((t for t in self._unspaced.get(folded[at], ()) if folded.startswith(t, at) and _stands(folded, at, t)), None)
            if term is None:
                at += 1
                continue
            end = at + len(term)
            yield Match(term, self._meanings[term], at, end, not HAN_SIGN.match(folded, end))
            at = end


@lru_cache(1)
def _signs() -> re.Pattern[str]:
    return re.compile(rf"[^\w\s'’{HAN}{table().marks}-]|_")


def once(matches: Iterable[Match[T]]) -> list[Match[T]]:
    """The first match of each term: a text may be one listed word a thousand times."""
    first: dict[str, Match[T]] = {}
    for match in matches:
        first.setdefault(match.term, match)
    return list(first.values())


def _is_head(folded: str, words: Sequence[Word], last: int) -> bool:
    """Whether the word at `last` names the thing: in English the last noun does (`cigar box matches`, but `match holder`)."""
    if last + 1 == len(words):
        return True
    following = words[last + 1]
    if folded[words[last].end : following.start] not in _GAPS:
        return True
    return following.stem in _ENDS_A_NAME or following.stem[0].isdigit()


def _stands(folded: str, at: int, term: str) -> bool:
    """Whether `term` is no mere part of something else: Latin ends are words' ends, and a lone character stands alone."""
    before, after = folded[at - 1 : at] if at else "", folded[at + len(term) : at + len(term) + 1]
    if len(term) == 1:
        return not HAN_SIGN.match(before) and not HAN_SIGN.match(after)
    cut_before = term[0].isascii() and term[0].isalnum() and before.isascii() and before.isalnum()
    cut_after = term[-1].isascii() and term[-1].isalnum() and after.isascii() and after.isalnum()
    return not cut_before and not cut_after
