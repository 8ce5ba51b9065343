"""Words of a text, alike in every script: what rules and searches compare.

Words are split at what is no letter, digit or mark, and between letters and digits, so that 450ml is 450 ml. Chinese, Japanese, Korean,
Thai and their kin write without spaces, so each of their characters is a word of its own, and a run of them is found as the same
characters in the same order: 丝巾 in 桑蚕丝丝巾. What a hyphen or an apostrophe joins reads in two ways: T-shirt is `t shirt` and `tshirt`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from shared.trade.folding import fold, table

Reading = list[str]
ASCII_JOINERS = "'.:-"
"""Those of folding.json that are ASCII, so that plain texts need no table."""
_ASCII_WORD, _ASCII_JOINT = re.compile(r"[a-z]+|\d+"), re.compile(rf"(?<=[a-z])[{ASCII_JOINERS}](?=[a-z])")


@lru_cache(1)
def _any_word() -> re.Pattern[str]:
    """Its group is there for a character that stands alone. Compiling takes 20 milliseconds."""
    alone, marks = table().unspaced, table().marks
    return re.compile(rf"([{alone}])[{marks}]*|\d+|(?:[^\W\d_{alone}][{marks}]*)+|[{marks}]+")


@lru_cache(1)
def _any_joint() -> re.Pattern[str]:
    return re.compile(rf"(?<=[^\W\d_])[{table().joiners}](?=[^\W\d_])")


def _found(folded: str) -> Iterator[re.Match[str]]:
    return (_ASCII_WORD if folded.isascii() else _any_word()).finditer(folded)


def words(text: str) -> Reading:
    """The words of `text` in their order, folded; what a sign joins is split."""
    return [found[0] for found in _found(fold(text))]


def readings(text: str) -> list[Reading]:
    """The one or two ways to read `text`: split at hyphens and apostrophes, and joined over them."""
    split, together = words(text), words(joined(text))
    return [split] if split == together else [split, together]


def runs(text: str) -> list[Reading]:
    """The words of `text` that stand together, nothing between: 450ml is one run of two words, 丝巾 one of two, iPhone手机壳 two runs."""
    found: list[Reading] = []
    end, kind = -1, False
    for one in _found(fold(text)):
        alone = one.lastindex is not None
        if found and one.start() == end and alone is kind:
            found[-1].append(one[0])
        else:
            found.append([one[0]])
        end, kind = one.end(), alone
    return found


def joined(text: str) -> str:
    """`text`, folded, without the signs that join letters to one word."""
    folded = fold(text)
    return (_ASCII_JOINT if folded.isascii() else _any_joint()).sub("", folded)


def spaced(text: str) -> str:
    """The readings of `text`, each of its words between single spaces, so that ` silk scarf ` is found in it as a whole.

    Between two readings stands a mark that no word holds, so that no phrase reaches from one into the next.
    """
    return "|".join(_spaced(reading) for reading in readings(text))


@lru_cache(4096)
def phrases(text: str) -> tuple[str, ...]:
    """What is looked for in `spaced` for a rule's word, remembered: rules are applied far more often than they are written."""
    return tuple(_spaced(reading) for reading in readings(text) if reading)


def _spaced(reading: Reading) -> str:
    return f" {' '.join(reading)} " if reading else " "
