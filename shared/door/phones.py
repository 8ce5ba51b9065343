"""Telephone numbers by their form: what people write, and how many digits a number has in its country.

Whether anybody has the number is not known here: ranges change each month, lengths hardly ever (docs/decisions/0043-the-door.md).
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LENGTHS = Path(__file__).with_name("phones.json")
WRITTEN = re.compile(r"(\+?[\d\s().\-/]+)(?:(?:x|ext\.?|转|#)\s*\d{1,6})?", re.IGNORECASE)
LEAST_DIGITS, MOST_DIGITS = 5, 15
"""Of a number as a country's own list does not tell it: ITU-T E.164 has at most 15; the shortest national ones have five."""
USUAL = "00"
"""Dialled before a number of another country, in most."""
NONE = "this is no telephone number: write it with its country's code, such as +44 20 7946 0018"


@dataclass(frozen=True, slots=True)
class Code:
    """Of a country's code: how many digits its numbers have, and how many within one area of it; what stands before a number
    that is dialled within the country, and how many digits may besides (a carrier's code)."""

    whole: frozenset[int]
    local: frozenset[int]
    prefix: str
    more: int

    def has(self, digits: str) -> bool:
        """Whether `digits` may be a number, with what stands before it within the country or without."""
        bare = digits.removeprefix(self.prefix)
        return len(digits) in self.whole or len(bare) in self.whole or any(len(digits) - n in self.whole for n in range(1, self.more + 1))


@lru_cache(1)
def _list() -> tuple[dict[str, Code], dict[str, tuple[str, str]]]:
    held = json.loads(LENGTHS.read_text(encoding="utf-8"))
    return {code: _code(told) for code, told in held["codes"].items()}, {
        country: (told.partition(" ")[0], told.partition(" ")[2] or USUAL) for country, told in held["countries"].items()
    }


def _code(told: str) -> Code:
    whole, local, prefix, more = told.split("/")
    return Code(frozenset(map(int, whole.split())), frozenset(map(int, local.split())), prefix, int(more))


def phone_flaw(text: str, country: str) -> str | None:
    """What is wrong with a telephone number in an address of `country` (any text), and what to write; None for one that may be."""
    written = WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not written:
        return NONE
    digits = "".join(str(unicodedata.decimal(sign)) for sign in written[1] if sign.isdecimal())
    codes, countries = _list()
    if written[1].startswith("+"):
        return _abroad_flaw(digits.lstrip("0"))  # some write +0044
    own, dialled = countries.get(country, ("", USUAL))
    if own not in codes:
        return None if LEAST_DIGITS <= len(digits) <= MOST_DIGITS else NONE
    abroad = re.sub(rf"^(?:{dialled})", "", digits)
    if codes[own].has(digits) or len(digits) in codes[own].local or any(_abroad_flaw(each) is None for each in (digits, abroad)):
        return None
    return f"a number of {country} has {_told(codes[own])} digits after the code +{own}, and this one has {len(digits)}: write it whole"


def _abroad_flaw(digits: str) -> str | None:
    """Of a number that begins with a country's code; no code begins another."""
    codes, _ = _list()
    code = next((digits[:n] for n in (1, 2, 3) if digits[:n] in codes), None)
    if code is None:
        return f"no country has the code +{digits[:3]}: write the number with its country's code, such as +44 20 7946 0018"
    if codes[code].has(digits[len(code) :]):
        return None
    return f"a number has {_told(codes[code])} digits after the code +{code}, and this one has {len(digits) - len(code)}: write it whole"


def _told(code: Code) -> str:
    """How many digits: `7, 9, 10`, or `4 to 15`."""
    several = sorted(code.whole)
    if len(several) > 3 and several[-1] - several[0] == len(several) - 1:
        return f"{several[0]} to {several[-1]}"
    return ", ".join(map(str, several))
