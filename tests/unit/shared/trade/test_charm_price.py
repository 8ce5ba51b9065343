"""How prices look, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.trade.charm_price import charm_price, most_wanted
from shared.trade.selection import Rounding

roundings = st.builds(
    lambda step, minus, floor: Rounding(round_to=step, minus=min(minus, step - 1), floor=floor),
    st.integers(1, 500), st.integers(0, 499), st.integers(0, 2000),
)  # fmt: skip


@pytest.mark.parametrize(("wanted", "price"), [(901, 999), (999, 999), (1000, 999), (1001, 1099), (1, 99), (0, 0)])
def test_a_price_ends_in_99(wanted: int, price: int) -> None:
    assert charm_price(wanted, Rounding(round_to=100, minus=1), 0) == price


def test_no_price_is_below_the_floor_nor_below_what_the_supplier_asks() -> None:
    rounding = Rounding(round_to=100, minus=1, floor=500)
    assert charm_price(120, rounding, 120) == 500
    assert charm_price(1000, rounding, 1000) == 1000


@given(st.integers(0, 5000), st.integers(0, 5000), roundings)
def test_the_larger_amount_never_has_the_smaller_price(one: int, other: int, rounding: Rounding) -> None:
    small, large = sorted((one, other))
    assert charm_price(small, rounding, 0) <= charm_price(large, rounding, 0)


@given(st.integers(-1, 5000), roundings)
def test_the_way_back_finds_the_largest_amount(price: int, rounding: Rounding) -> None:
    found = most_wanted(price, rounding)
    assert all((charm_price(wanted, rounding, 0) <= price) == (wanted <= found) for wanted in range(max(found - 3, 0), found + 4))
