"""The operator's lists as the rules ask them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from functions.audit.rules.vocabulary import Vocabulary
from shared.errors import Unavailable
from shared.trade.listed_terms import is_plain, singular
from shared.trade.reference_data import Reference

ALWAYS = ("en", "zh")
"""Without these languages' words nothing is audited; a text is read against those of its own language."""
Weight = Literal["refuse", "review", "mild", "allow"]


@dataclass(frozen=True, slots=True)
class DangerousGood:
    """A dangerous good: its UN number and class (`1` explosives … `9`) in the UN Model Regulations, and whether the name is plain."""

    number: str
    hazard_class: str
    is_plain: bool


@dataclass(frozen=True, slots=True)
class OperatorLists:
    """What the operator has loaded. `words` has a vocabulary for each language that is loaded and wanted."""

    categories: frozenset[str]
    words: Mapping[str, Vocabulary[Weight]]
    goods: Vocabulary[DangerousGood]
    numbers: frozenset[str]


def base_language(tag: str) -> str:
    """`zh` of `zh-Hant`."""
    return tag.split("-")[0]


def lists_in(reference: Reference, languages: Iterable[str]) -> OperatorLists:
    """The lists for texts in these base languages.

    Raises Unavailable if the taxonomy, the dangerous goods or the words in a language of ALWAYS are not loaded. Another
    language's words may be missing: the rule then asks for a person.
    """
    words = {language: _words(reference, language) for language in ALWAYS}
    for language in set(languages) - words.keys():
        try:
            words[language] = _words(reference, language)
        except Unavailable:
            continue
    goods, numbers = reference.document("dangerous-goods", read_goods)
    return OperatorLists(reference.document("taxonomy/en", read_categories), words, goods, numbers)


def _words(reference: Reference, language: str) -> Vocabulary[Weight]:
    found: Vocabulary[Weight] = reference.document(f"words/{language}", read_words)
    return found


def read_categories(rows: Iterable[Sequence[str]]) -> frozenset[str]:
    """Of a list of [id, full name]."""
    return frozenset(row[0] for row in rows)


def read_words(rows: Iterable[tuple[str, Weight]]) -> Vocabulary[Weight]:
    """Of a list of [term, weight]."""
    return Vocabulary((term, weight) for term, weight in rows)


def read_goods(rows: Iterable[tuple[str, str, str]]) -> tuple[Vocabulary[DangerousGood], frozenset[str]]:
    """Of a list of [name, UN number, class]: names in the singular, and the numbers.

    Of several goods of one name the lowest class counts.
    """
    ordered = sorted(rows, key=lambda row: row[2], reverse=True)
    names = Vocabulary((singular(name), DangerousGood(number, hazard_class, is_plain(name))) for name, number, hazard_class in ordered)
    return names, frozenset(number for _, number, _ in ordered)
