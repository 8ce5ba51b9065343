"""shared/selection.py: what a storefront sells, and at which price."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.money import Money
from shared.selection import PriceBand, PriceRule, Selection, within

RULES = st.builds(
    PriceRule,
    margin_per_mille=st.integers(0, 100_000),
    round_to=st.integers(1, 100_000),
    minus=st.integers(0, 99_999),
    floor=st.integers(0, 10**9),
)
COSTS = st.integers(0, 10**12)


def wants(selection: Selection, *, product: str = "prd_1", category: str = "hg-3-2", supplier: str = "acc_1",
          titles: tuple[str, ...] = ("Vase", "花瓶")) -> bool:  # fmt: skip
    return selection.wants(product, category, supplier, Money(1000, "EUR"), titles)


def test_an_empty_rule_wants_everything():
    assert wants(Selection())


@pytest.mark.parametrize(
    ("root", "inside"), [("hg", True), ("hg-3", True), ("hg-3-2", True), ("hg-3-2-1", False), ("hg-30", False), ("h", False)]
)
def test_a_category_holds_all_that_lies_below_it_and_no_namesake(root: str, inside: bool):
    assert within("hg-3-2", root) is inside


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({"categories": ["hg-3"]}, True),
        ({"categories": ["aa", "hg"]}, True),
        ({"categories": ["hg-30"]}, False),
        ({"suppliers": ["acc_1"]}, True),
        ({"suppliers": ["acc_2"]}, False),
        ({"price_band": PriceBand(currency="EUR", low=1000, high=1000)}, True),
        ({"price_band": PriceBand(currency="EUR", high=999)}, False),
        ({"price_band": PriceBand(currency="USD")}, False),
        ({"excluded_words": ["VASE"]}, False),
        ({"excluded_words": ["花"]}, False),
        ({"excluded_words": ["kettle"]}, True),
        ({"categories": ["hg"], "suppliers": ["acc_2"]}, False),
        ({"suppliers": ["acc_2"], "picks": ["prd_1"]}, True),
        ({"picks": ["prd_1"], "exclusions": ["prd_1"]}, False),
        ({"picks": ["prd_2"]}, True),
        ({"exclusions": ["prd_2"]}, True),
    ],
)
def test_every_part_of_a_rule_narrows_and_picks_and_exclusions_win(rule: dict[str, object], wanted: bool):
    assert wants(Selection.model_validate(rule)) is wanted


@given(RULES, COSTS)
def test_nothing_is_ever_sold_below_what_the_supplier_asks_or_below_the_floor(rule: PriceRule, cost: int):
    assert rule.price(Money(cost, "EUR")).amount >= max(cost, rule.floor)


@given(RULES, COSTS, COSTS)
def test_what_costs_more_is_never_sold_for_less(rule: PriceRule, one: int, two: int):
    low, high = sorted((one, two))
    assert rule.price(Money(low, "EUR")) <= rule.price(Money(high, "EUR"))


@pytest.mark.parametrize(
    ("rule", "cost", "price"),
    [
        (PriceRule(), 1234, 1234),
        (PriceRule(margin_per_mille=250), 1000, 1250),
        (PriceRule(margin_per_mille=250, round_to=100, minus=1), 1000, 1299),
        (PriceRule(round_to=100), 1000, 1000),
        (PriceRule(round_to=100), 1001, 1100),
        (PriceRule(floor=500), 100, 500),
        (PriceRule(round_to=100, minus=50), 1000, 1000),
        (PriceRule(margin_per_mille=1), 500, 501),
    ],
)
def test_margin_then_rounding_then_floor(rule: PriceRule, cost: int, price: int):
    assert rule.price(Money(cost, "EUR")) == Money(price, "EUR")


@pytest.mark.parametrize("rule", [{"margin_per_mille": -1}, {"round_to": 0}, {"margin_per_mille": 1.5}, {"margin": 5}])
def test_a_rule_out_of_bounds_is_refused(rule: dict[str, object]):
    with pytest.raises(ValidationError):
        PriceRule.model_validate(rule)
