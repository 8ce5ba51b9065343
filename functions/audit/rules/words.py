"""Words that may not be used, or that a person must look at, by the operator's lists."""

from collections.abc import Iterator

from functions.audit.finding import Finding, quoted
from functions.audit.lists import ALWAYS, Lists, base_language
from functions.audit.vocabulary import fold, once
from shared.product import Product

REMEDY = "Leave the word out, or appeal and say why the product is harmless."


def words(product: Product, lists: Lists) -> Iterator[Finding]:
    """Listed words in any text. A word that the list allows hides what it covers (`water pistol` hides `pistol`)."""
    for tag, text in product.texts.items():
        language = base_language(tag)
        if language not in lists.words:
            evidence = f"the operator has loaded no list of words in {language}"
            yield Finding("language-unchecked", "review", evidence, "Wait: a person reads the text.", f"/texts/{tag}")
        for part, written in (("title", text.title), ("description", text.description)):
            yield from _listed(fold(written), f"/texts/{tag}/{part}", lists, dict.fromkeys((*ALWAYS, language)))


def _listed(folded: str, field: str, lists: Lists, languages: dict[str, None]) -> Iterator[Finding]:
    for language in languages:
        if language not in lists.words:
            continue
        for match in once(lists.words[language].matches(folded)):
            if match.meaning != "allow":
                evidence = f'"{match.term}" in "{quoted(folded, match.start, match.end)}"'
                yield Finding("prohibited-word", match.meaning, evidence, REMEDY, field)
