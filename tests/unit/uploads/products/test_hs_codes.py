"""hs_codes.py: codes of the Harmonized System are those that customs know."""

import pytest

from functions.uploads.products.hs_codes import hs_flaw


@pytest.mark.parametrize("code", ["691110", "6911100000", "85076000", "99990000", "010121"])
def test_a_code_of_the_edition_of_2022_is_right_however_long(code: str):
    assert hs_flaw(code) is None


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("940540", "under 9405 there are 940511"),
        ("6950000000", "chapter 69 has 6901 to 6914"),
        ("000000", "no chapter 00"),
        ("770000", "no chapter 77"),
    ],
)
def test_another_is_answered_with_what_there_is_beside_it(code: str, said: str):
    assert said in str(hs_flaw(code))
