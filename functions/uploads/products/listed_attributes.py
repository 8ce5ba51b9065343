"""Attributes by the taxonomy's own list: what suppliers name in any language that is loaded becomes one name, which listings count."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from shared.errors import Unavailable
from shared.goods.attributes import Attribute
from shared.trade.folding import fold
from shared.trade.product import Product
from shared.trade.reference_data import Reference

Tidy = Callable[[Product], Product]


def as_it_is(product: Product) -> Product:
    return product


class AttributeList:
    """The list in one language: rows of [id, name, [[value's id, value], …]]."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self.names: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        self._values: dict[str, dict[str, str]] = {}
        for attribute_id, name, values in rows:
            self.names[attribute_id], self._values[attribute_id] = name, dict(values)
            self._by_name.setdefault(fold(name), attribute_id)
        self._by_value = cache(self._folded)

    def named(self, name: str) -> str | None:
        """The attribute of this name."""
        return self._by_name.get(fold(name))

    def value(self, attribute_id: str, value: str) -> str | None:
        """The id of this value of the attribute."""
        return self._by_value(attribute_id).get(fold(value))

    def value_named(self, attribute_id: str, value_id: str) -> str | None:
        return self._values.get(attribute_id, {}).get(value_id)

    def _folded(self, attribute_id: str) -> dict[str, str]:
        return {fold(name): value_id for value_id, name in self._values.get(attribute_id, {}).items()}


def listed(attribute: Attribute, english: AttributeList, others: Sequence[AttributeList]) -> Attribute:
    """The attribute under its English name, with each value that is of the list in English; a free one as it is, but for an id."""
    lists = (english, *others)
    found = next((known for each in lists if (known := each.named(attribute.name)) and known in english.names), None)
    if found is None:
        return attribute if attribute.id is None else attribute.model_copy(update={"id": None})
    values = list(dict.fromkeys(_in_english(found, value, lists) for value in attribute.values))
    return Attribute(id=found, name=english.names[found], values=values)


def _in_english(attribute_id: str, value: str, lists: Sequence[AttributeList]) -> str:
    value_id = next((known for each in lists if (known := each.value(attribute_id, value))), None)
    return (lists[0].value_named(attribute_id, value_id) if value_id else None) or value


def by_list(reference: Reference) -> Tidy:
    """Answers a product with its attributes by the list, as far as the operator has loaded it; nothing is read for one without any."""

    def tidy(product: Product) -> Product:
        english = _in(reference, "en") if product.attributes else None
        if english is None:
            return product
        languages = dict.fromkeys(each for tag in product.texts for each in (tag, tag.split("-")[0]))
        others = [found for tag in languages if tag != "en" and (found := _in(reference, tag))]
        attributes = [listed(attribute, english, others) for attribute in product.attributes]
        return product.model_copy(update={"attributes": attributes})

    return tidy


def _in(reference: Reference, language: str) -> AttributeList | None:
    try:
        found: AttributeList = reference.document(f"attributes/{language}", AttributeList)
    except Unavailable:
        return None
    return found
