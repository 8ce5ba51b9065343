"""shared/trade/selling_rule.py: whether a storefront sells a product, and for how much."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from monsoon_plugin.money import Money
from shared.trade.fx import NO_RATES, Rates
from shared.trade.selection import CategoryMargin, PriceBand, PriceRule, Rounding, Selection, branches, within
from shared.trade.selling_rule import Facts, NotSoldIn, Rule, Sale

RATES = Rates.of({"date": "2026-10-30", "per_euro": {"USD": "1.1172", "JPY": "175.68"}})
ROUNDINGS = {"round_to": st.integers(1, 100_000), "minus": st.integers(0, 99_999), "floor": st.integers(0, 10**9)}
PRICE_RULES = st.builds(
    PriceRule,
    margin_per_mille=st.integers(0, 100_000),
    by_category=st.lists(
        st.builds(CategoryMargin, category=st.sampled_from(["hg", "hg-3", "aa"]), margin_per_mille=st.integers(0, 999)), max_size=3
    ),
    by_currency=st.dictionaries(st.sampled_from(["EUR", "JPY"]), st.builds(Rounding, **ROUNDINGS), max_size=2),
    **ROUNDINGS,
)


def facts(**more: Any) -> Facts:
    told: dict[str, Any] = {
        "category": "hg-3-2", "cost": Money(1000, "EUR"), "tags": ["gift", "glass"], "ships_to": ["DE", "FR"],
        "titles": ["Blue Vase", "蓝色花瓶"], **more,
    }  # fmt: skip
    return Facts.of_replica("prd_1", "acc_1", **told)


def wants(selection: dict[str, Any], price_rule: PriceRule | None = None, **more: Any) -> bool:
    return Rule(Selection.model_validate(selection), price_rule or PriceRule()).wants(facts(**more))


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        ({"categories": ["aa"]}, True),
        ({"categories": ["hg"]}, True),
        ({"categories": ["tg"]}, False),
        ({"excluded_categories": ["aa-1"]}, False),
    ],
)
def test_a_product_is_of_all_its_categories_and_priced_by_the_main_one(selection: dict[str, Any], wanted: bool):
    price_rule = PriceRule(by_category=[CategoryMargin(category="aa", margin_per_mille=900)], margin_per_mille=100)
    assert wants(selection, price_rule, categories=["aa-1", "hg"]) is wanted
    sale = Rule(Selection(), price_rule).sale(facts(categories=["aa-1"]), NO_RATES)
    assert sale is not None
    assert sale.price == Money(1100, "EUR")


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        ({}, True),
        ({"categories": ["hg-3"]}, True),
        ({"categories": ["aa", "hg"]}, True),
        ({"categories": ["hg-30"]}, False),
        ({"excluded_categories": ["hg-3"]}, False),
        ({"categories": ["hg"], "excluded_categories": ["hg-4"]}, True),
        ({"suppliers": ["acc_1"]}, True),
        ({"suppliers": ["acc_2"]}, False),
        ({"excluded_suppliers": ["acc_1"]}, False),
        ({"price_band": PriceBand(currency="EUR", low=1000, high=1000)}, True),
        ({"price_band": PriceBand(currency="EUR", high=999)}, False),
        ({"price_band": PriceBand(currency="USD")}, False),
        ({"tags": ["gift", "silk"]}, True),
        ({"tags": ["silk"]}, False),
        ({"excluded_tags": ["glass"]}, False),
        ({"words": ["kettle", "VASE"]}, True),
        ({"words": ["kettle"]}, False),
        ({"words": ["?"]}, False),
        ({"words": ["blue vase"]}, True),
        ({"words": ["vase 蓝"]}, False),
        ({"excluded_words": ["花瓶"]}, False),
        ({"excluded_words": ["瓶花", "vas", "?"]}, True),
        ({"destinations": ["FR", "GB"]}, True),
        ({"destinations": ["GB"]}, False),
        ({"categories": ["hg"], "suppliers": ["acc_2"]}, False),
        ({"suppliers": ["acc_2"], "picks": ["prd_1"]}, True),
        ({"picks": ["prd_1"], "exclusions": ["prd_1"]}, False),
        ({"picks": ["prd_2"]}, True),
        ({"exclusions": ["prd_2"]}, True),
    ],
)
def test_every_part_of_a_rule_narrows_and_picks_and_exclusions_win(selection: dict[str, Any], wanted: bool):
    assert wants(selection) is wanted


def test_what_may_be_sent_everywhere_fits_every_destination():
    assert wants({"destinations": ["NZ"]}, ships_to=[])


def test_a_storefront_that_does_not_sell_wants_not_even_its_picks():
    assert not Rule(Selection(picks=["prd_1"]), PriceRule(), selling=False).wants(facts())


@pytest.mark.parametrize(("margin", "kept"), [(250, True), (249, False)])
def test_a_minimum_margin_is_a_share_of_the_storefronts_own_price(margin: int, kept: bool):
    assert wants({"minimum_margin_per_mille": 200}, PriceRule(margin_per_mille=margin)) is kept


@given(PRICE_RULES, st.integers(0, 10**9))
def test_nothing_is_sold_below_what_the_supplier_asks(price_rule: PriceRule, cost: int):
    sale = Rule(Selection(), price_rule).price(Money(cost, "EUR"), "hg-3-2", NO_RATES)
    assert sale is not None
    assert sale.price.amount >= sale.cost.amount == cost


@given(PRICE_RULES, st.integers(0, 10**9), st.integers(0, 10**7))
def test_a_dearer_product_of_a_category_is_never_sold_for_less(price_rule: PriceRule, cost: int, more: int):
    prices = [Rule(Selection(), price_rule).price(Money(c, "EUR"), "hg-3", NO_RATES) for c in (cost, cost + more)]
    assert prices[0]
    assert prices[1]
    assert prices[0].price <= prices[1].price


@pytest.mark.parametrize(
    ("price_rule", "price"),
    [
        ({"margin_per_mille": 250}, 1250),
        ({"margin_per_mille": 230, "round_to": 100, "minus": 1}, 1299),
        ({"margin_per_mille": 0, "round_to": 100, "minus": 1}, 1000),  # 9.99 would be a loss
        ({"floor": 5000}, 5000),
        ({"margin_per_mille": 100, "by_category": [{"category": "hg", "margin_per_mille": 200}]}, 1200),
        ({"by_category": [{"category": "hg", "margin_per_mille": 200}, {"category": "hg-3", "margin_per_mille": 500}]}, 1500),
        ({"by_category": [{"category": "hg-30", "margin_per_mille": 200}]}, 1000),
        ({"round_to": 7, "by_currency": {"EUR": {"round_to": 500, "minus": 1}}, "margin_per_mille": 250}, 1499),
    ],
)
def test_prices_are_margin_then_rounding_then_floor(price_rule: dict[str, Any], price: int):
    rule = Rule(Selection(), PriceRule.model_validate(price_rule))
    assert rule.sale(facts(), NO_RATES) == Sale(Money(price, "EUR"), Money(1000, "EUR"))


def test_a_storefront_sells_in_its_own_currencies_at_the_days_rates_and_in_no_other():
    rule = Rule(Selection(), PriceRule(currencies=["USD", "JPY"], margin_per_mille=100, by_currency={"JPY": Rounding(round_to=100)}))
    assert rule.sale(facts(), RATES) == Sale(Money(1230, "USD"), Money(1118, "USD"))
    assert rule.sale(facts(), RATES, "JPY") == Sale(Money(2000, "JPY"), Money(1757, "JPY"))
    with pytest.raises(NotSoldIn, match="USD, JPY"):
        rule.sale(facts(), RATES, "EUR")


def test_what_the_days_rates_cannot_convert_is_not_sold():
    assert Rule(Selection(), PriceRule(currencies=["USD"])).sale(facts(), NO_RATES) is None


def test_what_would_cost_more_than_an_amount_can_be_is_not_sold():
    rule = Rule(Selection(), PriceRule(margin_per_mille=250))
    most = 800_000_000_000
    assert rule.sale(facts(cost=Money(most, "EUR")), NO_RATES) == Sale(Money(10**12, "EUR"), Money(most, "EUR"))
    assert rule.sale(facts(cost=Money(most + 1, "EUR")), NO_RATES) is None


@given(PRICE_RULES, st.sampled_from(["hg", "hg-3-2", "aa"]), st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "USD"]))
def test_the_most_that_a_price_pays_for_is_sold_for_it_and_a_unit_more_is_not(rule: PriceRule, category: str, amount: int, currency: str):
    made = Rule(Selection(), rule)
    most = made.most_cost(Money(amount, currency), category)
    if most >= 0:
        assert made._price(Money(most, currency), category).amount <= amount
    assert made._price(Money(most + 1, currency), category).amount > amount


def test_a_storefront_without_currencies_sells_each_product_in_its_suppliers_own():
    assert Rule(Selection(), PriceRule()).currency("CHF") == "CHF"


@given(st.from_regex(r"[a-z]{2}(-[0-9]{1,3}){0,4}", fullmatch=True), st.from_regex(r"[a-z]{2}(-[0-9]{1,3}){0,4}", fullmatch=True))
def test_a_category_lies_within_just_its_branches(category: str, root: str):
    assert within(category, root) is (root in branches(category))


@pytest.mark.parametrize(
    "bad",
    [
        {"categories": ["HG"]},
        {"margin": 3},
        {"destinations": ["de"]},
        {"price_band": {"currency": "EUR", "high": 2**63}},
        {"tags": ["Two words"]},
        {"picks": [""]},
    ],
)
def test_a_malformed_rule_is_refused(bad: dict[str, Any]):
    with pytest.raises(ValidationError):
        Selection.model_validate(bad)
