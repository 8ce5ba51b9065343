"""Words that may not be used, or that a person must look at, by the operator's lists."""

import re
from collections.abc import Iterator, Sequence

from functions.audit.rules.finding import Finding, quoted
from functions.audit.rules.operator_lists import OperatorLists, Weight, base_language
from functions.audit.rules.passages import Passage
from functions.audit.rules.vocabulary import Match, once
from shared.trade.product import Product

MODEL = re.compile(r"[a-z]{1,2}\d{1,4}")
REMEDY = "Leave the word out, or appeal and say why the product is harmless."


def prohibited_words(product: Product, read: Sequence[Passage], lists: OperatorLists) -> Iterator[Finding]:
    """Listed words in any text and tag, and in a code what refuses alone. A word that the list allows hides what it covers (`water pistol`
    hides `pistol`)."""
    for tag in product.texts:
        language = base_language(tag)
        if language not in lists.words:
            evidence = f"the operator has loaded no list of words in {language}"
            yield Finding("language-unchecked", "review", evidence, "Wait: a person reads the text.", f"/texts/{tag}")
    for passage in read:
        yield from _listed(passage, lists)


def _is_other(match: Match[Weight], passage: Passage) -> bool:
    """Whether it is a name in the possessive (`Fanny's Rest`), or a model's number that is spelt as a word by digits (`Cortex-A55`)."""
    found = passage.folded[match.start : match.end]
    return (found.endswith(("'s", "’s")) and not match.term.endswith("s")) or MODEL.fullmatch(found) is not None


def _listed(passage: Passage, lists: OperatorLists) -> Iterator[Finding]:
    for language in passage.languages:
        if language not in lists.words:
            continue
        for match in once(m for m in lists.words[language].matches(passage.folded) if m.meaning == "refuse" or not _is_other(m, passage)):
            if _counts(match.meaning, passage):
                evidence = f'"{match.term}" in "{quoted(passage.folded, match.start, match.end)}"'
                yield Finding("prohibited-word", "refuse" if match.meaning == "refuse" else "review", evidence, REMEDY, passage.field)


def _counts(weight: Weight, passage: Passage) -> bool:
    """What is mild counts where it is what the product is called by; a person need not read each text that calls a saddle sexy."""
    if weight == "mild":
        return passage.is_title or passage.field == "/brand"
    return weight == "refuse" or (weight == "review" and not passage.is_code)
