"""Tracking numbers: whose they are and whether their check digits are right, by the couriers' real formats (tracking_formats.json)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from functions.shipping.tracking.check_digits import CHECK_DIGITS
from shared.errors import Invalid

FORMATS = Path(__file__).with_name("tracking_formats.json")
LONGEST = 64
"""Characters without spaces; the longest barcode of a parcel has 34."""
POSTAL = "s10"
"""The format of every post (UPU S10), whatever the post is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingNumber:
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


@dataclass(frozen=True, slots=True, kw_only=True)
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

    def read(self, number: str) -> TrackingNumber | None:
        """What this format says of `number`; None if the number is not written so."""
        found = self.pattern.fullmatch(number)
        if found is None:
            return None
        names = [lookup["names"].get(found[lookup["group"]]) for lookup in self.exists]
        if not all(names) or not self._checks(found):
            note = f"it is written as {self.name}, but is not one: look for a typing error"
            return TrackingNumber(number=number, valid=False, carrier=self.courier, courier_code=self.code, note=note)
        carrier, url = next(iter(names), None) or self.courier, self.url.replace("%s", number)
        return TrackingNumber(number=number, valid=True, carrier=carrier, courier_code=self.code, tracking_url=url)

    def _checks(self, found: re.Match[str]) -> bool:
        if self.checksum is None:
            return True
        serial = found["SerialNumber"]
        if self.prepend and re.match(self.prepend["matches_regex"], serial):
            serial = self.prepend["content"] + serial
        return CHECK_DIGITS[self.checksum["name"]](serial, self.checksum) == found["CheckDigit"]


def read_tracking_number(number: str, carrier: str | None = None) -> TrackingNumber:
    """What the formats of `carrier` (and of all posts) say of `number`; of all couriers where none is named.

    A number that some format takes is valid. One that only formats with a wrong check digit match is not. What no format matches,
    or whose carrier has no formats here, is not known.
    """
    clean = "".join(number.split()).upper()
    if len(clean) > LONGEST:
        return TrackingNumber(number=clean[:LONGEST], valid=False, note=f"a tracking number has at most {LONGEST} characters")
    answers = [answer for known in _formats_of(carrier) if (answer := known.read(clean)) is not None]
    unknown = TrackingNumber(number=clean, valid=None, carrier=carrier or "", note="it has no format that is known here")
    return next((answer for answer in answers if answer.valid), next(iter(answers), unknown))


def sound_number(number: str, carrier: str) -> str:
    """The number as it is written, if it can be one. Raises Invalid for a wrong check digit.

    Where the carrier is not known, only a post's number is refused: digits alone may be those of a courier without a check digit.
    """
    found = read_tracking_number(number, carrier or None)
    if found.valid is False and (carrier or found.courier_code == POSTAL):
        raise Invalid.field("/tracking_number", found.note)
    return found.number if found.valid else number


def _formats_of(carrier: str | None) -> Iterable[Format]:
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
        courier=found["courier"],
        code=found["code"],
        name=found["name"],
        pattern=pattern,
        checksum=found.get("checksum"),
        prepend=found.get("prepend"),
        exists=tuple(found.get("exists", ())),
        url=found.get("url", ""),
    )
