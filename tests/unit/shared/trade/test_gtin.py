"""shared/trade/gtin.py: check digits, by GS1's own examples and codes on real goods."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.trade.gtin import check_digit, comparable, gtin_flaw


@pytest.mark.parametrize("gtin", ["6291041500213", "4006381333931", "036000291452", "96385074", "00036000291452", "0614141000418"])
def test_codes_on_real_goods_are_right(gtin: str):
    assert gtin_flaw(gtin) is None


def test_a_wrong_check_digit_is_answered_with_the_right_one():
    assert "would be 1 (4006381333931)" in str(gtin_flaw("4006381333932"))


@given(st.text("0123456789", min_size=7, max_size=13), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body: str, at: int, by: int):
    right = body + check_digit(body)
    at %= len(right)
    assert gtin_flaw(right[:at] + str((int(right[at]) + by) % 10) + right[at + 1 :])


def test_a_upc_and_the_ean_of_the_same_thing_are_one():
    assert comparable("0 36000-29145 2") == comparable("0036000291452") == "36000291452"
    assert comparable("12345") is None
