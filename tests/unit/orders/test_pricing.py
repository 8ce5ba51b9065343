"""Prices are computed from the supplier's offer and the storefront's rule."""

import pytest
from hypothesis import given, strategies

from functions.orders.pricing import Closed, NotSellable, bounded, priced
from functions.orders.split import split
from shared.errors import Invalid
from shared.money import MAX_AMOUNT
from shared.selection import PriceRule, Selection
from tests.unit.orders.given import MUG, TEA, basket, shelf, storefront, tiers

SHELVES = {MUG: shelf(), TEA: shelf(TEA, price=399)}


def test_a_consumer_pays_the_storefronts_price_and_the_supplier_gets_its_own() -> None:
    (line,), currency = priced(basket({MUG: 2}), storefront(), SHELVES)
    assert (line.unit_price, line.unit_cost, currency, line.title) == (1250, 1000, "EUR", "Blue mug, 300 ml")


@pytest.mark.parametrize(("units", "cost"), [(9, 1000), (10, 900), (99, 900), (100, 700)])
def test_a_business_pays_the_rule_over_the_tier_that_its_quantity_reaches(units: int, cost: int) -> None:
    shelves = {MUG: shelf(tiers=tiers((10, 900), (100, 700)))}
    (line,), _ = priced(basket({MUG: units}, "business"), storefront(), shelves)
    assert (line.unit_cost, line.unit_price) == (cost, cost * 5 // 4)


def test_tiers_are_not_for_consumers() -> None:
    (line,), _ = priced(basket({MUG: 50}), storefront(), {MUG: shelf(tiers=tiers((10, 900)))})
    assert line.unit_cost == 1000


def test_titles_are_in_the_orders_language() -> None:
    (line,), _ = priced(basket({MUG: 1}, language="zh-CN"), storefront(), SHELVES)
    assert line.title == "蓝色马克杯"


def test_a_line_that_the_storefront_does_not_want_is_named() -> None:
    shop = storefront(selection=Selection(exclusions=[TEA.replace("off", "prd")]))
    with pytest.raises(Invalid) as refused:
        priced(basket({MUG: 1, TEA: 1}), shop, SHELVES)
    assert refused.value.errors[0].pointer == "/lines/1/offer_id"


def test_an_unknown_offer_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        priced(basket({MUG: 1, TEA: 1}), storefront(), {MUG: shelf()})
    assert refused.value.errors[0].pointer == "/lines/1/offer_id"


def test_a_line_in_another_currency_than_the_first_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        priced(basket({MUG: 1, TEA: 1}), storefront(), {MUG: shelf(), TEA: shelf(TEA, currency="GBP")})
    assert refused.value.errors[0].pointer == "/lines/1/offer_id"


def test_recalled_offers_and_closed_storefronts_sell_nothing() -> None:
    with pytest.raises(NotSellable):
        priced(basket(), storefront(), {MUG: shelf(sellable=False)})
    with pytest.raises(Closed):
        priced(basket(), storefront(open=False), SHELVES)


def test_a_total_beyond_every_amount_is_refused() -> None:
    bounded(MAX_AMOUNT)
    with pytest.raises(Invalid):
        bounded(MAX_AMOUNT + 1)


RULES = strategies.builds(
    PriceRule, margin_per_mille=strategies.integers(0, 5000), round_to=strategies.integers(1, 1000), minus=strategies.integers(0, 99)
)


@given(RULES, strategies.integers(0, 10**6), strategies.integers(1, 500), strategies.sampled_from(["consumer", "business"]))
def test_costs_and_margins_add_up_to_what_the_shopper_pays_and_no_margin_is_negative(rule, price, units, buyer) -> None:
    wanted = {MUG: units, TEA: 1}
    lines, _ = priced(basket(wanted, buyer), storefront(price_rule=rule), {MUG: shelf(price=price), TEA: shelf(TEA)})
    parts = split(lines)
    assert sum(p.cost + p.margin for p in parts) == sum(line.unit_price * line.quantity for line in lines)
    assert all(p.margin >= 0 for p in parts)
