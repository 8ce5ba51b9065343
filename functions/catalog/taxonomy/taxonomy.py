"""The tree of categories, as the operator loaded it (Shopify's product taxonomy, one list a language)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from shared.errors import NotFound
from shared.trade.reference_data import Reference

SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Category:
    """One category: `hg-3-2`, its own name, the names of all above it and its own, how many lie directly below it."""

    id: str
    name: str
    full_name: str
    children: int


class Taxonomy:
    """All categories in one language."""

    def __init__(self, language: str, names: dict[str, str], below: dict[str, list[str]]) -> None:
        self.language, self._names, self._below = language, names, below

    @classmethod
    def of(cls, language: str, rows: Iterable[Sequence[str]]) -> Self:
        """Read a reference document: rows of [id, full name], parents in the list's own order."""
        names = {str(row[0]): str(row[1]) for row in rows}
        below: dict[str, list[str]] = defaultdict(list)
        for category_id in names:
            below[category_id.rpartition("-")[0]].append(category_id)
        return cls(language, names, dict(below))

    def category(self, category_id: str) -> Category:
        """Raises NotFound."""
        full_name = self._names.get(category_id)
        if full_name is None:
            raise NotFound("the taxonomy has no such category")
        return Category(category_id, full_name.rpartition(SEPARATOR)[2], full_name, len(self._below.get(category_id, ())))

    def below(self, parent: str, limit: int) -> list[Category]:
        """The categories directly below `parent`, those at the top for "". Raises NotFound for an unknown parent."""
        if parent:
            self.category(parent)
        return [self.category(child) for child in self._below.get(parent, ())[:limit]]


def taxonomy_in(language: str, reference: Reference) -> Taxonomy:
    """The taxonomy in `language`, else in its base language, else in English. Raises Unavailable if none is loaded."""
    found: Taxonomy = reference.in_language("taxonomy", language, Taxonomy.of)
    return found
