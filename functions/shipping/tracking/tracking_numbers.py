"""Tracking numbers: whose they are and whether their check digits are right, by the couriers' real formats (tracking_formats.json)."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FORMATS = Path(__file__).with_name("tracking_formats.json")
LONGEST = 64
"""Characters without spaces; the longest barcode of a parcel has 34."""
POSTAL = "s10"
"""The format of every post (UPU S10), whatever the post is called."""
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Number:
    """What is known of a tracking number."""

    number: str
    """In capital letters, without spaces."""
    valid: bool | None
    """None: it has no format that is known here, so nobody can say. False: it has one, and its check digit is wrong."""
    carrier: str = ""
    """The courier's name; of a postal number the post's."""
    courier_code: str = ""
    tracking_url: str = ""
    """Where people follow the parcel; empty if the format does not say."""
    note: str = ""
    """For people: why it is not known to be right."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way in which a courier writes its numbers."""

    courier: str
    code: str
    name: str
    pattern: re.Pattern[str]
    checksum: Mapping[str, Any] | None
    prepend: Mapping[str, str] | None
    exists: tuple[Mapping[str, Any], ...]
    url: str

    def matched(self, number: str) -> Number | None:
        """What this format says of `number`; None if the number is not written so."""
        found = self.pattern.fullmatch(number)
        if found is None:
            return None
        names = [lookup["names"].get(found[lookup["group"]]) for lookup in self.exists]
        if not all(names) or not self._checks(found):
            return Number(
                number, False, self.courier, self.code, note=f"it is written as {self.name}, but is not one: look for a typing error"
            )
        url = self.url.replace("%s", number)
        return Number(number, True, next(iter(names), None) or self.courier, self.code, url)

    def _checks(self, found: re.Match[str]) -> bool:
        if self.checksum is None:
            return True
        serial = found["SerialNumber"]
        if self.prepend and re.match(self.prepend["matches_regex"], serial):
            serial = self.prepend["content"] + serial
        return CHECKS[self.checksum["name"]](serial, self.checksum) == found["CheckDigit"]


def checked(number: str, carrier: str | None = None) -> Number:
    """What the formats of `carrier` (and of all posts) say of `number`; of all couriers where none is named.

    A number that some format takes is valid. One that only formats with a wrong check digit match is not. What no format matches,
    or whose carrier has no formats here, is not known.
    """
    clean = "".join(number.split()).upper()
    if len(clean) > LONGEST:
        return Number(clean[:LONGEST], False, note=f"a tracking number has at most {LONGEST} characters")
    answers = [answer for known in _of(carrier) if (answer := known.matched(clean)) is not None]
    unknown = Number(clean, None, carrier or "", note="it has no format that is known here")
    return next((answer for answer in answers if answer.valid), next(iter(answers), unknown))


def _of(carrier: str | None) -> Iterable[Format]:
    if not carrier:
        return formats()
    wanted = _plain(carrier)
    return (known for known in formats() if known.code == POSTAL or wanted.startswith((_plain(known.code), _plain(known.courier))))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


@cache
def formats() -> tuple[Format, ...]:
    """All of tracking_formats.json, whose regular expressions are in Ruby's writing; those with a check digit first: they are surer."""
    found = [_format(each) for each in json.loads(FORMATS.read_bytes())["formats"]]
    return tuple(sorted(found, key=lambda known: known.checksum is None))


def _format(found: Mapping[str, Any]) -> Format:
    pattern = re.compile(re.sub(r"\(\?<(?=[A-Za-z])", "(?P<", found["regex"]), re.ASCII)
    return Format(
        found["courier"], found["code"], found["name"], pattern, found.get("checksum"), found.get("prepend"),
        tuple(found.get("exists", ())), found.get("url", ""),
    )  # fmt: skip


def _mod10(serial: str, spec: Mapping[str, Any]) -> str:
    """A letter counts as its place in ASCII less 3, modulo 10 (UPS)."""
    multipliers = (spec.get("evens_multiplier", 1), spec.get("odds_multiplier", 1))
    ordered = reversed(serial) if spec.get("reverse") else serial
    total = sum((int(c) if c.isdigit() else (ord(c) - 3) % 10) * multipliers[i % 2] for i, c in enumerate(ordered))
    return str(-total % 10)


def _mod7(serial: str, spec: Mapping[str, Any]) -> str:
    return str(int(serial) % 7)


def _luhn(serial: str, spec: Mapping[str, Any]) -> str:
    """ISO/IEC 7812-1, annex B."""
    total = sum(sum(divmod(int(c) * (2 - i % 2), 10)) for i, c in enumerate(reversed(serial)))
    return str(-total % 10)


def _s10(serial: str, spec: Mapping[str, Any]) -> str:
    """UPU S10: 11 less the remainder; 10 becomes 0, 11 becomes 5."""
    check = 11 - _weighted(serial, spec) % 11
    return str({10: 0, 11: 5}.get(check, check))


def _sum_product(serial: str, spec: Mapping[str, Any]) -> str:
    return str(_weighted(serial, spec) % spec["modulo1"] % spec["modulo2"])


def _weighted(serial: str, spec: Mapping[str, Any]) -> int:
    return sum(int(c) * weight for c, weight in zip(serial, spec["weightings"], strict=False))


def _mod_37_36(serial: str, spec: Mapping[str, Any]) -> str:
    """ISO/IEC 7064, MOD 37,36 (DPD Parcel Label Specification 2.4.1)."""
    check = 36
    for c in serial:
        total = (DIGITS.index(c) + check) % 36 or 36
        check = total * 2 % 37
    return DIGITS[(37 - check) % 36]


CHECKS: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "mod10": _mod10,
    "mod7": _mod7,
    "luhn": _luhn,
    "s10": _s10,
    "sum_product_with_weightings_and_modulo": _sum_product,
    "mod_37_36": _mod_37_36,
}
"""Name of a checksum in tracking_formats.json → the check digit of a serial number (CHECKSUM_ALGORITHMS.md of its source)."""
