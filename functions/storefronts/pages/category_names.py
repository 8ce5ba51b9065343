"""Categories by name, in a reader's language, as the operator loaded them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from shared.trade.folding import fold
from shared.trade.selection import branches

SEPARATOR = " > "
MOST_MATCHES = 5


@dataclass(frozen=True)
class CategoryNames:
    """All categories: id → its full name, `Home & Garden > Decor > Vases`."""

    full: dict[str, str]

    @classmethod
    def of(cls, language: str, rows: Iterable[Sequence[str]]) -> Self:
        return cls({str(row[0]): str(row[1]) for row in rows})

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(self.full)

    @cached_property
    def _folded(self) -> list[tuple[str, str]]:
        return [(category, fold(self.name(category))) for category in self.full]

    def name(self, category: str) -> str:
        """Its own name, without those above it; its id, where the list does not know it."""
        return self.full.get(category, category).rpartition(SEPARATOR)[2]

    def trail(self, category: str) -> list[tuple[str, str]]:
        """The category and all above it, the topmost first, each with its name."""
        return [(each, self.name(each)) for each in sorted(branches(category), key=len)]

    def called(self, words: str) -> list[str]:
        """The categories whose own name holds all the words, the nearest to the top first."""
        wanted = fold(words).split()
        found = [category for category, name in self._folded if wanted and all(word in name for word in wanted)]
        return sorted(found, key=lambda category: (category.count("-"), len(self.full[category])))[:MOST_MATCHES]
