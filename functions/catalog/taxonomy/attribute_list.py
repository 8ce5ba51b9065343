"""The taxonomy's attributes and their values, as the operator loaded them, one list a language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from shared.errors import NotFound, Unavailable
from shared.trade.reference_data import Reference


@dataclass(frozen=True, slots=True)
class ListedValue:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ListedAttribute:
    id: str
    name: str
    values: tuple[ListedValue, ...]


class AttributeList:
    """All attributes in one language."""

    def __init__(self, language: str, attributes: dict[str, ListedAttribute]) -> None:
        self.language, self._attributes = language, attributes

    @classmethod
    def of(cls, language: str, rows: Iterable[Sequence[Any]]) -> Self:
        """Read a reference document: rows of [id, name, [[value's id, value], …]], by name."""
        read = (ListedAttribute(row[0], row[1], tuple(ListedValue(*value) for value in row[2])) for row in rows)
        return cls(language, {attribute.id: attribute for attribute in read})

    def attribute(self, attribute_id: str) -> ListedAttribute:
        """Raises NotFound."""
        if attribute_id not in self._attributes:
            raise NotFound("the list has no such attribute")
        return self._attributes[attribute_id]

    def page(self, after: int, limit: int) -> tuple[list[ListedAttribute], int | None]:
        """At most `limit` attributes after so many, in the operator's order; and after how many the next page begins."""
        end = after + limit
        return list(self._attributes.values())[after:end], end if end < len(self._attributes) else None


def attributes_in(language: str, reference: Reference) -> AttributeList:
    """The list in `language`, else in its base language, else in English; an operator who loads none has an empty one."""
    try:
        found: AttributeList = reference.in_language("attributes", language, AttributeList.of)
    except Unavailable:
        return AttributeList("en", {})
    return found
