"""How an address is written in a country: which parts, in which order, which of them it needs (Google's address data)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

Part = Literal["name", "line1", "line2", "city", "region", "postal_code"]
PARTS: dict[str, tuple[Part, ...]] = {
    "N": ("name",), "A": ("line1", "line2"), "C": ("city",), "S": ("region",), "Z": ("postal_code",),
}  # fmt: skip
USUAL = ("NACZ", "AC", "", "", "", "", ())
"""Of a country of which nothing is known."""
FORMS = Path(__file__).with_name("address_forms.json")


@dataclass(frozen=True, slots=True)
class AddressLayout:
    country: str
    parts: tuple[Part, ...]
    needed: frozenset[Part]
    called: dict[Part, str]
    """What the country calls its region, city and postcode: `state`, `prefecture`, `eircode`; empty: as everybody does."""
    postcode: str
    """One of its postcodes, to show what they look like."""
    regions: Sequence[tuple[str, str]]
    """Code and name of its regions, where it needs one of a list."""


@cache
def address_layout(country: str) -> AddressLayout:
    """`country`: ISO 3166-1 alpha-2."""
    order, needs, region, city, postcode, like, regions = _forms().get(country) or USUAL
    parts = tuple(part for letter in (order if "A" in order else USUAL[0]) for part in PARTS[letter])
    needed: set[Part] = {PARTS[letter][0] for letter in needs if letter in PARTS} | {"name", "line1"}
    if "city" in parts:
        needed.add("city")
    return AddressLayout(
        country=country, parts=parts, needed=frozenset(needed), called={"region": region, "city": city, "postal_code": postcode},
        postcode=like, regions=[(each[0], each[-1]) for each in regions],
    )  # fmt: skip


@cache
def _forms() -> dict[str, tuple[str, str, str, str, str, str, list[list[str]]]]:
    return cast("dict[str, tuple[str, str, str, str, str, str, list[list[str]]]]", json.loads(FORMS.read_text(encoding="utf-8")))


def countries() -> list[str]:
    """All of which a form is known."""
    return [code for code in _forms() if len(code) == 2]
