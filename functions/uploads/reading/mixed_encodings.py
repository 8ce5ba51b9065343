"""Lines in UTF-8 and lines in something else in one file, as when two exports are put together: each reading would garble the others.

What the most lines are in counts; the rows of the others are told by row, since their cells come to signs that nobody typed.
"""

from collections.abc import Iterable
from typing import NamedTuple

from functions.uploads.reading.delimited import Text

LATIN = frozenset(["cp1252", "cp1250", "cp1254", "iso8859_2"])
EAST_ASIAN = frozenset(["gb18030", "big5", "cp932", "euc_jp", "cp949"])
NOBODY_TYPED = "\ufffd"


class Counted(NamedTuple):
    """A sample's lines beyond ASCII: how many are UTF-8, and those that are not."""

    in_utf8: int
    others: list[bytes]


def counted(lines: Iterable[bytes]) -> Counted:
    beyond = [line for line in lines if not line.isascii()]
    others = [line for line in beyond if not is_utf8(line)]
    return Counted(len(beyond) - len(others), others)


def _fewest(encoding: str) -> int:
    """Characters beyond ASCII from which on a line that is well-formed UTF-8 is UTF-8. In a Latin table they would be letters and signs
    that stand beside one another in no language (`Ã©`, `Å‚Ăł`); in others two letters may, and of East Asian ones two by chance."""
    return 1 if encoding in LATIN else 3 if encoding in EAST_ASIAN else 2


def is_utf8(line: bytes, fewest: int = 1) -> bool:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return False
    return sum(not sign.isascii() for sign in text) >= fewest


class OfOneEncoding:
    """delimited.Text. The lines of a text in an older encoding; what is beyond ASCII in one that is UTF-8 becomes NOBODY_TYPED."""

    def __init__(self, text: Text, encoding: str) -> None:
        self._text, self._encoding = text, encoding
        self._fewest = _fewest(encoding)

    def readline(self, limit: int, /) -> str:
        line = self._text.readline(limit)
        if line.isascii() or not is_utf8(line.encode(self._encoding, "replace"), self._fewest):
            return line
        return "".join(sign if sign.isascii() else NOBODY_TYPED for sign in line)
