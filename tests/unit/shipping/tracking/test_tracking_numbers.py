"""Tracking numbers, by every example of the formats' own source."""

import json
from pathlib import Path

import pytest

from functions.shipping.tracking.check_digits import CHECK_DIGITS
from functions.shipping.tracking.tracking_numbers import FORMATS, LONGEST, formats, read_tracking_number
from tools.tracking_formats import document

COURIERS = "tracking/dev_couriers"


def examples(folder: Path, kind: str) -> list[tuple[str, str]]:
    """Courier code and number of every example."""
    couriers = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    return [
        (courier["courier_code"], number)
        for courier in couriers
        for described in courier["tracking_numbers"]
        for number in described.get("test_numbers", {}).get(kind, [])
    ]


def test_the_shipped_formats_are_the_sources(data: Path) -> None:
    assert FORMATS.read_text() == document(data / COURIERS)


def test_the_credit_is_shipped_with_the_formats() -> None:
    kept = json.loads(FORMATS.read_bytes())
    assert "Copyright (c) 2017 Jeff Keen" in kept["licence"]
    assert kept["source"] == "https://github.com/jkeen/tracking_number_data"


def test_every_valid_example_is_valid_and_its_couriers(data: Path) -> None:
    found = examples(data / COURIERS, "valid")
    assert len(found) > 40
    for code, number in found:
        assert (read_tracking_number(number).valid, read_tracking_number(number, code).courier_code) == (True, code), number


def test_no_invalid_example_is_valid(data: Path) -> None:
    found = examples(data / COURIERS, "invalid")
    assert len(found) > 20
    assert [number for code, number in found if read_tracking_number(number, code).valid] == []


def test_every_checksum_of_the_formats_is_known() -> None:
    assert {known.checksum["name"] for known in formats() if known.checksum} == CHECK_DIGITS.keys()


@pytest.mark.parametrize(
    ("number", "carrier"),
    [("986578788855", "FedEx"), ("0073938000549297", "Canada Post"), ("3318810025", "DHL Express"), ("1ZXX3150YW44070023", "UPS")],
)
def test_of_all_last_digits_one_is_right(number: str, carrier: str) -> None:
    right = [digit for digit in "0123456789" if read_tracking_number(number[:-1] + digit, carrier).valid]
    assert right == [number[-1]]


@pytest.mark.parametrize(
    ("checksum", "serial", "check"),
    [
        ("luhn", "7992739871", "3"),  # ISO/IEC 7812-1's usual example
        ("mod_37_36", "A12425GABC1234002", "M"),  # the Global Release Identifier's, IFPI's GRid standard 2.1, 6
        ("s10", "47312482", "9"),  # UPU S10-12, annex A
    ],
)
def test_a_checksum_computes_its_standards_example(checksum: str, serial: str, check: str) -> None:
    spec = next(known.checksum for known in formats() if known.checksum and known.checksum["name"] == checksum)
    assert CHECK_DIGITS[checksum](serial, spec) == check


def test_a_check_digit_outweighs_a_format_that_has_none() -> None:
    """It is written as DHL eCommerce writes its numbers too."""
    assert read_tracking_number("RX123456785GB").courier_code == "s10"


def test_a_number_of_no_known_format_is_not_known() -> None:
    found = read_tracking_number("XYZ-1", "Bicycle Couriers")
    assert (found.valid, found.carrier) == (None, "Bicycle Couriers")
    assert "no format" in found.note


def test_a_carrier_without_formats_is_not_measured_by_anothers() -> None:
    """Twelve digits with FedEx's check digit wrong."""
    assert read_tracking_number("986578788850").valid is False
    assert read_tracking_number("986578788850", "Bicycle Couriers").valid is None


def test_a_postal_number_is_known_whatever_the_post_is_called() -> None:
    found = read_tracking_number("rb 1234 5678 5 gb", "Royal Mail 24")
    assert (found.valid, found.number, found.courier_code) == (True, "RB123456785GB", "s10")
    assert "Royal Mail" in found.carrier


def test_a_tracking_address_names_the_number() -> None:
    assert read_tracking_number("1Z5R89390357567127", "UPSDAP").tracking_url.endswith("trackNums=1Z5R89390357567127")


def test_a_number_that_is_too_long_is_refused() -> None:
    assert read_tracking_number("9" * (LONGEST + 1)).valid is False
