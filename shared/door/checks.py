"""What every request is held to beyond its model, in the words of who reads the answer.

Only what comes in is: events and what is kept are read by their models alone, so that what was let in before stays readable.
"""

import re
from collections.abc import Iterator
from typing import Any

from shared.door.addresses import address_flaws, buyer_flaws
from shared.door.characters import unseen
from shared.door.countries import country_flaw
from shared.errors import FieldError

ONE, SEVERAL = ("country", "destination"), ("countries", "destinations", "ships_to")
"""Fields that name a country, wherever they stand; `*` is everywhere."""
READ_BY_PEOPLE = ("title", "name", "sku", "brand", "mpn", "item_group", "note")
"""Texts of one line; a note has several."""
LISTED_FOR_PEOPLE = ("bullets", "values")
"""Lists of such texts."""
NAMED_BY_PEOPLE = ("names", "options", "warnings")
"""What is named, and how: a variant's value of each option, a name in each language."""
MARKS = re.compile(
    rb'"(?:country|destination|countries|destinations|lines|buyer)"'
    rb"|\\u(?:007f|00[89]|00ad|034f|11[56]|17b|180e|20[0-6]|3164|db40|feff|ffa0)|\x7f|[\xc2\xcd\xe1\xe2\xe3\xef\xf3]",
    re.IGNORECASE,
)
"""Without any of these in its bytes a body has nothing to look at here."""


def flaws(value: Any, pointer: str = "") -> Iterator[FieldError]:
    """What is wrong with the countries, addresses and titles in a JSON value, by JSON pointer."""
    if isinstance(value, dict):
        if isinstance(value.get("lines"), list) and isinstance(value.get("city"), str):
            yield from address_flaws(value, pointer)
        if isinstance(value.get("buyer"), dict):
            yield from buyer_flaws(value["buyer"], _destination(value), f"{pointer}/buyer")
        for name, part in value.items():
            yield from _of_field(name, part, f"{pointer}/{name}")
            yield from flaws(part, f"{pointer}/{name}")
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from flaws(part, f"{pointer}/{i}")


def _destination(order: dict[str, Any]) -> str:
    """The country that an order goes to, as it says it; empty where it says none."""
    address = order.get("address")
    said = (address if isinstance(address, dict) else order).get("country")
    return said if isinstance(said, str) else ""


def _of_field(name: str, part: Any, pointer: str) -> Iterator[FieldError]:
    if name in ONE and isinstance(part, str):
        yield from _of_country(part, pointer)
    elif name in SEVERAL and isinstance(part, list):
        for i, code in enumerate(part):
            if isinstance(code, str) and code != "*":
                yield from _of_country(code, f"{pointer}/{i}")
    elif name in READ_BY_PEOPLE and isinstance(part, str):
        yield from _of_text(part, pointer)
    elif name in LISTED_FOR_PEOPLE and isinstance(part, list):
        for i, text in enumerate(part):
            yield from _of_text(text, f"{pointer}/{i}") if isinstance(text, str) else ()
    elif name in NAMED_BY_PEOPLE and isinstance(part, dict):
        for said, value in part.items():
            yield from _of_text(said, pointer)
            yield from _of_text(value, f"{pointer}/{said}") if isinstance(value, str) else ()


def _of_text(text: str, pointer: str) -> Iterator[FieldError]:
    if hidden := unseen(text):
        yield FieldError(pointer, f"the text holds a character that nobody sees ({hidden}): type it anew")


def _of_country(code: str, pointer: str) -> Iterator[FieldError]:
    if flaw := country_flaw(code):
        yield FieldError(pointer, flaw)
