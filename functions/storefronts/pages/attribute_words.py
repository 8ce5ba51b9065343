"""Names and values of attributes in a reader's language, by the taxonomy's own lists, as the operator loaded them.

What the lists know is kept under its English words; what they do not know is its supplier's, and stays as it was written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

ENGLISH = "en"


class AttributeList:
    """The taxonomy's attributes in one language."""

    def __init__(self, language: str, attributes: Mapping[str, tuple[str, Sequence[tuple[str, str]]]]) -> None:
        self.language, self._attributes = language, attributes
        self._ids: dict[str, dict[str, str]] = {}

    @classmethod
    def of(cls, language: str, rows: Iterable[Sequence[Any]]) -> Self:
        """Read a reference document: rows of [id, name, [[value's id, value], …]]."""
        return cls(language, {row[0]: (row[1], row[2]) for row in rows})

    def name(self, attribute_id: str) -> str | None:
        return self._attributes[attribute_id][0] if attribute_id in self._attributes else None

    def value(self, attribute_id: str, value_id: str) -> str | None:
        return next((name for known, name in self._values(attribute_id) if known == value_id), None)

    def value_id(self, attribute_id: str, name: str) -> str | None:
        """Of the value that this list calls so."""
        if attribute_id not in self._ids:
            self._ids[attribute_id] = {each: value_id for value_id, each in self._values(attribute_id)}
        return self._ids[attribute_id].get(name)

    def _values(self, attribute_id: str) -> Sequence[tuple[str, str]]:
        return self._attributes[attribute_id][1] if attribute_id in self._attributes else ()


NONE = AttributeList(ENGLISH, {})


@dataclass(frozen=True, slots=True)
class Word:
    """What is shown, and its language where that is not the page's; empty: it is, or nobody knows."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class AttributeWords:
    """`language`: the page's."""

    language: str = ENGLISH
    english: AttributeList = field(default=NONE, repr=False)
    own: AttributeList = field(default=NONE, repr=False)
    """In the page's language, or in English where there is none."""

    def name(self, attribute_id: str | None, written: str) -> Word:
        """`attribute_id`: None of what is of no list."""
        told = self.own.name(attribute_id) if attribute_id else None
        return Word(told, self._marked(self.own.language)) if told else self.written(written, listed=bool(attribute_id))

    def value(self, attribute_id: str | None, written: str) -> Word:
        value_id = self.english.value_id(attribute_id, written) if attribute_id else None
        told = self.own.value(attribute_id, value_id) if attribute_id and value_id else None
        return Word(told, self._marked(self.own.language)) if told else self.written(written, listed=bool(value_id))

    def written(self, text: str, *, listed: bool = False) -> Word:
        """As it was written. `listed`: the list's English word. A supplier's own is marked as Chinese where its letters say so."""
        if listed:
            return Word(text, self._marked(ENGLISH))
        return Word(text, self._marked("zh") if _has_han(text) and not self.language.startswith("ja") else "")

    def _marked(self, language: str) -> str:
        return "" if language.split("-")[0] == self.language.split("-")[0] else language


AS_WRITTEN = AttributeWords()


def _has_han(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)
