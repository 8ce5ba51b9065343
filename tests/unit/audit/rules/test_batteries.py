"""batteries.py: batteries and power banks are seen by their titles and categories, and what only uses them is not."""

from pathlib import Path

import pytest

from functions.audit.rules.batteries import battery_in
from functions.audit.rules.rulebook import findings_of
from shared.trade.listed_terms import as_read
from tests.unit.audit.given import LISTS, product

LABELLED = [
    (title, label == "1")
    for label, _, title in (line.partition("\t") for line in Path(__file__).with_name("batteries.tsv").read_text().splitlines())
    if label in "01"
]


def test_of_eighty_batteries_labelled_beforehand_at_least_95_in_a_hundred_are_seen():
    unseen = [title for title, is_battery in LABELLED if is_battery and not battery_in(as_read(title))]
    assert len([1 for _, is_battery in LABELLED if is_battery]) == 80
    assert len(unseen) <= 4, unseen


def test_of_forty_things_beside_batteries_at_most_two_are_taken_for_one():
    taken = [title for title, is_battery in LABELLED if not is_battery and battery_in(as_read(title))]
    assert len([1 for _, is_battery in LABELLED if not is_battery]) == 40
    assert len(taken) <= 2, taken


@pytest.mark.parametrize(
    ("category", "found"), [("el-7-15-1-4", ["category-unknown", "dangerous-goods"]), ("el-7-15-10", ["category-unknown"])]
)
def test_a_category_of_batteries_says_it_whatever_the_title(category: str, found: list[str]):
    assert [finding.code for finding in findings_of(product("NB-4L", category=category), LISTS)] == found


@pytest.mark.parametrize(
    ("title", "is_battery"),
    [
        ("Moto G Play | 2021 | 3-Day Battery | Unlocked", False), ("Versa 3 Smartwatch, 6+ Days Battery", False),
        ("Edge 20 (128GB) OLED, All Day Battery", False), ("LED Keychain Light, 2 CR2016 Batteries Included", False),
        ("RAVAK RS 022.00/150 Vanová nástěnná baterie 150 mm", False), ("Umyvadlová baterie páková", False), ("Dřezová baterie", False),
        ("Toshiba Rechargeable 5-Hour Battery Pack", True), ("Autobaterie 12V 60Ah", True), ("Baterie AA alkalické, 4 ks", True),
        ("CR2032 Batteries, Pack of 10", True),
    ],
)  # fmt: skip
def test_how_long_one_lasts_what_comes_with_a_lamp_and_czech_taps_are_none(title: str, is_battery: bool):
    """Kinds that public sets of titles showed which the rule had not seen."""
    assert bool(battery_in(as_read(title))) is is_battery
