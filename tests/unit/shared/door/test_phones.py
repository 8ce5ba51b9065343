"""A telephone number is held to how many digits its country's have, however it is written; who has it is not asked."""

from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.door.phones import phone_flaw

CASES = [line.split("\t") for line in Path(__file__).with_name("phone_cases.tsv").read_text().splitlines() if not line.startswith("#")]
COUNTRIES = sorted({country for country, _ in CASES})
MAIN = sorted({regions[0] for regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.values()} & {*COUNTRIES})
"""Of each code the country by which its numbers are judged."""


def test_each_countrys_numbers_are_taken_as_people_write_them_there():
    assert {(country, text): flaw for country, text in CASES if (flaw := phone_flaw(text, country))} == {}
    assert len(COUNTRIES) > 240


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("+44 (0)20 7946 0018", "GB"), ("0044 20 7946 0018", "FR"), ("011 44 20 7946 0018", "US"), ("44 20 7946 0018", "GB"),
        ("(212) 555-0142", "US"), ("1-212-555-0142", "US"), ("555-0142", "US"), ("+1 212 555 0142 x12", "US"), ("138 0013 8000", "CN"),
        ("86-10-6552-9988", "CN"), ("０３-３４５６-７８９０", "JP"), ("0 15 11 96123-4567", "BR"), ("011 15-2345-6789", "AR"),
        ("8 (495) 123-45-67", "RU"), ("+870 773 111 632", "GB"), ("+0044 20 7946 0018", "GB"), ("010-6552 9988 转 8", "CN"),
        ("+44 20 7946 0018", "Narnia"), ("+٩٧١ ٥٠ ١٢٣ ٤٥٦٧", "AE"), ("٠٠٢٠ ١٠ ٠١٢٣ ٤٥٦٧", "GB"), ("+९१ ९८७६५ ४३२१०", "IN"),
    ],
)  # fmt: skip
def test_prefixes_extensions_and_foreign_numbers_are_the_writers(text: str, country: str):
    assert phone_flaw(text, country) is None


@pytest.mark.parametrize(
    ("text", "country", "said"),
    [
        ("+44 20 7946", "GB", "7, 9, 10 digits after the code +44, and this one has 6"),
        ("+44 20 7946 0018 99", "GB", "and this one has 12"),
        ("+1 212 555 014", "US", "10 digits after the code +1, and this one has 9"),
        ("212 555 01", "US", "of US has 10 digits after the code +1, and this one has 8"),
        ("06 12 34 56", "FR", "has 9 digits after the code +33, and this one has 8"),
        ("+999 123 456 789", "GB", "no country has the code +999"),
        ("call me", "GB", "+44 20 7946 0018"), ("-", "GB", "+44"), ("+", "GB", "+44"),
        ("١٢٣٤", "EG", "and this one has 4"), ("123456789012345678", "DE", "4 to 15 digits"),
        ("1234", "Narnia", "+44"), ("1234567890123456", "Narnia", "+44"),
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_one_is_named_with_what_it_lacks(text: str, country: str, said: str):
    assert said in str(phone_flaw(text, country))


@given(st.sampled_from(MAIN), st.from_regex(r"(\+[1-9])?[0-9]{2,17}", fullmatch=True))
def test_what_libphonenumber_takes_for_possible_and_whole_is_never_refused(country: str, text: str):
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return
    if phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE:
        assert phone_flaw(text, country) is None
