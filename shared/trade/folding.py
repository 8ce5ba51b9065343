"""One folding for search, selection and audit: two texts that people read as the same word become one text.

Folded are case, width, accents, strokes (Łódka → lodka, Đồng → dong), ligatures (Œuvre → oeuvre), the dotless i, kana's two alphabets,
traditional Chinese characters, digits of every script, and what cannot be seen. Vowels that are written as marks (Devanagari, Thai …)
are letters and stay; those that most leave out (Arabic, Hebrew) go. The table is made by tools/lists/folding.py from the data of Unicode,
CLDR and OpenCC; docs/decisions/0040-folding.md says why.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("folding.json")
_EAST_ASIAN = 0x3000
"""Here kana and Chinese characters begin: each is one character, however it is written, so that places in a text stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What folding.json holds, ready to use: code points → letters; `marks`, `unspaced` and `joiners` are insides of [] in a pattern."""

    bases: dict[int, str]
    east_asian: dict[int, str]
    dropped: dict[int, None]
    invisible: dict[int, None]
    marks: str
    unspaced: str
    joiners: str


@lru_cache(1)
def table() -> Table:
    """Read once, by the first text that needs it: two milliseconds."""
    held = json.loads(TABLE.read_text(encoding="utf-8"))
    singles = dict(zip(map(ord, held["letters"][0]), held["letters"][1], strict=True))
    dropped = dict.fromkeys(point for low, high in _ranges(held["dropped"]) for point in range(low, high + 1))
    return Table(
        bases=singles | {ord(letter): base for letter, base in held["longer"].items()},
        east_asian={point: base for point, base in singles.items() if point >= _EAST_ASIAN},
        dropped=dropped,
        invisible={point: None for point in dropped if not unicodedata.category(chr(point)).startswith("M")},
        marks=_inside(held["marks"]),
        unspaced=_inside(held["unspaced"]),
        joiners=re.escape(held["joiners"]),
    )


def fold(text: str) -> str:
    """`text` as it is compared. Folding twice changes nothing, and takes no space or sign away."""
    if text.isascii():
        return text.lower()
    known = table()
    return unicodedata.normalize("NFC", _caseless(text).translate(known.bases).translate(known.dropped))


def lettered(text: str) -> str:
    """`text` without case, width, what cannot be seen, and the two ways to write kana and Chinese; accents stay as they are."""
    if text.isascii():
        return text.lower()
    known = table()
    return unicodedata.normalize("NFC", _caseless(text).translate(known.invisible).translate(known.east_asian))


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _ranges(told: str) -> Iterator[tuple[int, int]]:
    """Of `300-36f 483`."""
    for piece in told.split():
        low, _, high = piece.partition("-")
        yield int(low, 16), int(high or low, 16)


def _inside(told: str) -> str:
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in _ranges(told))
