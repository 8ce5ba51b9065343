"""What is asked of an address before anybody pays, by country and courier."""

import os

import pytest
import yaml

from functions.shipping.quotes.address_needs import missing, postcode_flaw
from monsoon_plugin.address import Address
from tests.conftest import real_inputs

LONDON = {"name": "Ann", "lines": ["1 High Street"], "city": "London", "postal_code": "EC4Y 1AU", "country": "GB"}


@pytest.mark.parametrize(
    ("country", "code", "is_right"),
    [
        ("GB", "ec4y1au", True), ("GB", "E10", False), ("US", "9501", False), ("US", "95014-1234", True), ("PL", "00950", True),
        ("DE", "D-10115", True),
        ("NL", "1234ab", True), ("HK", "999077", True), ("IE", "W23-P466", True), ("DE", "", True), ("BT", "810", True),
    ],
)  # fmt: skip
def test_a_postcode_has_the_form_of_a_country_that_needs_one(country: str, code: str, is_right: bool):
    assert (postcode_flaw(Address.model_validate(LONDON | {"country": country, "postal_code": code})) is None) is is_right


DIRT = {"68100;68200", "E10", "GY1", "135-934", "96060", "0000NA", "TDCU 1ZZ"}
"""Postcodes in OpenStreetMap that are two, half of one, Korea's of before 2015, or another island's."""


def test_of_three_hundred_real_postcodes_only_those_are_refused_that_are_none():
    found, codes = set(), 0
    for path in sorted((real_inputs(os.environ) / "address" / "testcases").rglob("*.yaml")):
        for case in yaml.load_all(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            held = (case or {}).get("components") or {}
            country, code = str(held.get("country_code", "")).upper(), str(held.get("postcode", ""))
            if len(country) == 2 and 0 < len(code) <= 16:
                codes += 1
                if postcode_flaw(Address.model_validate(LONDON | {"country": country, "postal_code": code})):
                    found.add(code)
    assert codes > 300
    assert found <= DIRT


def test_a_courier_asks_for_a_region_only_where_there_are_some():
    needs = ("phone", "region")
    at = {country: missing(Address.model_validate(LONDON | {"country": country}), needs) for country in ("GB", "CN")}
    assert {country: [e.pointer for e in asked] for country, asked in at.items()} == {
        "GB": ["/address/phone"], "CN": ["/address/phone", "/address/region"],
    }  # fmt: skip
