"""Charts of a few numbers, each of which holds until the next: where it stands in an SVG that follows the page's colours.

A template writes it, with its numbers in a table (shared/pages/charts/charts.html).

Heights begin at nothing: half as high is half as much. Axes run from left to right in every language.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 132
"""Of the drawing, in its own units: pixels on a phone."""
TOP, GROUND = 26, 106
"""Where the highest value ends, with its words above it, and where nothing is."""
MOST_WORDS = 6
"""Values beside each other that can be read on a phone; of more, words stand at the first, the last and the highest."""


@dataclass(frozen=True, slots=True)
class Value:
    """`place` says what it is of, `said` how much it is, in the reader's language; `size` is not negative."""

    place: str
    size: int
    said: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A value as it is drawn: its middle and its top, and whether there is room for its words."""

    value: Value
    middle: int
    top: int
    is_said: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """`values`: at least one. All arithmetic is of whole units of the drawing."""

    values: Sequence[Value]

    @property
    def marks(self) -> Sequence[Mark]:
        return [Mark(value, (2 * at + 1) * WIDTH // (2 * len(self.values)), self._top(value), self._is_said(at))
                for at, value in enumerate(self.values)]  # fmt: skip

    @property
    def line(self) -> str:
        """A step for each value, as an SVG path: what holds from one place until the next."""
        return "".join(f"{'V' if at else 'M0 '}{mark.top}H{self._edge(at + 1)}" for at, mark in enumerate(self.marks))

    @property
    def area(self) -> str:
        """What is below the line."""
        return f"{self.line}V{GROUND}H0Z"

    def _edge(self, at: int) -> int:
        return WIDTH * at // len(self.values)

    def _top(self, value: Value) -> int:
        highest = max(each.size for each in self.values) or 1
        return GROUND - (GROUND - TOP) * value.size // highest

    def _is_said(self, at: int) -> bool:
        sizes = [value.size for value in self.values]
        return len(sizes) <= MOST_WORDS or at in (0, len(sizes) - 1) or at == sizes.index(max(sizes))
