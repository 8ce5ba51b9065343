"""What a form asks, one field at a time: as HTML says it, and as templates show it (shared/pages/forms/fields.html)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "secret", "number", "check", "choice", "choices", "lines", "group", "rows"]
"""`choices`: several of a list. `lines`: several texts, one a line. `group`: an object. `rows`: a list of objects."""


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    kind: Kind
    title: str = ""
    """English, as gettext finds it: templates say it in the reader's language."""
    hint: str = ""
    """The same."""
    needed: bool = False
    bounds: str = ""
    """Attributes as markup, each after a blank: ` maxlength="254"`. Of a list none: HTML has no words for them."""
    pattern: str = ""
    """What HTML's `pattern` says of it, shown with the hint alone; empty where HTML cannot say it."""
    complete: str = ""
    """HTML's `autocomplete`."""
    like: str = ""
    """One that could be typed."""
    usual: str = ""
    """What it is where nothing is typed; `true` of a tick."""
    long: bool = False
    """Of a text: it has several lines."""
    choices: tuple[str, ...] = ()
    parts: Mapping[str, "Shape"] = field(default_factory=dict)
    """Of a group, and of each row."""
    most: int = 1
    """Rows."""

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Choices that have no other name than their own."""
        return tuple((each, each) for each in self.choices)

    @property
    def shown(self) -> str | list[str]:
        """What it reads as where it is sent as it was shown."""
        return [each for each in self.usual.split("\n") if each] if self.kind in ("choices", "lines", "rows") else self.usual

    def chosen(self, choice: str, key: str, values: Mapping[str, str]) -> bool:
        """Whether a tick of a list is set, as typed, or as usual where the list was not typed yet."""
        return bool(values.get(f"{key}.{choice}")) if f"{key}." in values else choice in self.usual.split("\n")

    def rows(self, key: str, values: Mapping[str, str]) -> int:
        """How many rows to show below `key`: those that were typed, one more where it was asked for by the button `more`."""
        typed = [int(place) for name in values if (place := name.removeprefix(f"{key}.").partition(".")[0]).isdecimal() and name != place]
        shown = max((place + 1 for place in typed if place < self.most), default=0)
        return min(max(shown + (values.get("more") == key), 1), self.most)
