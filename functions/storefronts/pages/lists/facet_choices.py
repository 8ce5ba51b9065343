"""What a list can be narrowed to, each by a link, and what it is narrowed by, each with the link that takes it away. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from functions.storefronts.facets.facet_labels import Labelled
from functions.storefronts.facets.facets import Facets
from functions.storefronts.index.described_term import as_narrowed
from functions.storefronts.pages.attribute_words import AttributeWords
from functions.storefronts.pages.category_names import CategoryNames

SHOWN = 12
"""Values of a group that a page shows; the most frequent ones."""
GROUPS = 8
"""Options and attributes that a page shows."""
SEPARATOR = "|"
SINGLE = ("category", "supplier", "brand", "condition", "destination")
"""Fields that a list is narrowed by to one value."""

Told = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, how many products have it, and the query that narrows to it or, where it is chosen, no longer does."""

    label: str
    count: int
    query: Told
    chosen: bool = False
    language: str = ""
    """Of its label, where it is not the page's."""


@dataclass(frozen=True, slots=True)
class Group:
    """`kind`: category, brand, condition, destination, or described for an option or attribute, whose name is `label`."""

    kind: str
    label: str
    choices: Sequence[Choice]
    language: str = ""
    """Of its label, where it is not the page's."""


def groups(
    found: Facets, told: Told, names: CategoryNames, categories: Sequence[tuple[str, int]], words: AttributeWords
) -> list[Group]:  # fmt: skip
    """What the counts offer, without groups that would change nothing. `categories`: those to narrow by."""
    whole = [
        Group("category", "", [Choice(names.name(c), n, with_value(told, "category", c)) for c, n in categories[:SHOWN]]),
        Group("brand", "", [_switched(told, "brand", b.term, b.value, b.count) for b in found.brands[:SHOWN]]),
        Group("condition", "", [_switched(told, "condition", c, c, n) for c, n in found.conditions]),
        *_described(found.options, told, "option", words), *_described(found.attributes, told, "attribute", words),
    ]  # fmt: skip
    return [group for group in whole if any(choice.chosen or choice.count < found.total for choice in group.choices)][:GROUPS]


def chosen(told: Told, names: CategoryNames, found: Facets, words: AttributeWords) -> list[Group]:
    """What the list is narrowed by, but for its words and prices, each as one of the products counted writes it."""
    written = {each.term: words.value(each.id, each.value).text for each in (*found.brands, *found.options, *found.attributes)}
    ways = [(name, str(told[name]), with_value(told, name, None)) for name in SINGLE if name in told]
    ways += [("described", pair, _toggled(told, field, pair)) for field in ("option", "attribute") for pair in _pairs(told, field)]

    def label(kind: str, value: str) -> str:
        if kind == "category":
            return names.name(value)
        return written.get(as_narrowed(value) if kind == "brand" else value) or value.partition(":")[2] or value

    return [Group(kind, "", [Choice(label(kind, value), 0, query, True)]) for kind, value, query in ways]


def with_value(told: Told, name: str, value: object) -> Told:
    """The query with another value, from its first page on."""
    return {key: said for key, said in {**told, name: value}.items() if key != "cursor" and said}


def _switched(told: Told, name: str, term: str, label: str, count: int) -> Choice:
    on = str(told.get(name, "")).casefold() == term.casefold()
    return Choice(label, count, with_value(told, name, None if on else term), on)


def _described(values: Sequence[Labelled], told: Told, field: str, words: AttributeWords) -> Iterator[Group]:
    for name in dict.fromkeys(each.term.partition(":")[0] for each in values):
        mine = [each for each in values if each.term.partition(":")[0] == name][:SHOWN]
        named = words.name(mine[0].id, mine[0].name)
        yield Group("described", named.text, [_choice(each, told, field, words) for each in mine], named.language)


def _choice(each: Labelled, told: Told, field: str, words: AttributeWords) -> Choice:
    shown = words.value(each.id, each.value)
    return Choice(shown.text, each.count, _toggled(told, field, each.term), each.term in _pairs(told, field), shown.language)


def _pairs(told: Told, field: str) -> list[str]:
    return [pair for pair in str(told.get(field, "")).split(SEPARATOR) if pair]


def _toggled(told: Told, field: str, term: str) -> Told:
    held = _pairs(told, field)
    return with_value(told, field, SEPARATOR.join([pair for pair in held if pair != term] if term in held else [*held, term]))
