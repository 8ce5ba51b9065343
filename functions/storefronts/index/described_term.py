"""What an option's or attribute's value is in the index, and in the address by which a listing is narrowed to it."""

from collections.abc import Iterable
from typing import NamedTuple

from shared.trade.folding import fold

MOST_TERM = 300
"""Characters of a `described_term`: five of usual ones fit into an address; folded, a name or value may be eighteen times as long."""


class Described(NamedTuple):
    """An attribute of a product, and its id where it is of the taxonomy's list."""

    name: str
    values: tuple[str, ...]
    id: str | None = None


def described_term(name: str, value: str) -> str:
    """An option's or attribute's value as the index keeps it and a listing is narrowed by it, the same however they are written.

    What separates names, values and pairs in an address is a space; so of signs alone nothing is left.
    """
    return f"{as_narrowed(name)}:{as_narrowed(value)}"


def as_narrowed(text: str) -> str:
    """A name or a value of `described_term`; it holds neither `|` nor `:`."""
    return " ".join(fold(text).replace("|", " ").replace(":", " ").split())


def narrows(term: str) -> bool:
    """Whether a listing can be narrowed by it: what has no name, no value, or too many characters is shown, and counted nowhere."""
    return all(term.partition(":")[::2]) and len(term) <= MOST_TERM


def terms(described: Iterable[tuple[str, str]]) -> list[str]:
    """Of several names and values, each once, those that a listing can be narrowed by."""
    return list(dict.fromkeys(term for name, value in described if narrows(term := described_term(name, value))))
