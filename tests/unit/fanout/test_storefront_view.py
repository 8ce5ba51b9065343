"""What a storefront sees of a change."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from functions.fanout.feed.feed_views import ChangeView
from functions.fanout.product_change import ProductChange
from functions.fanout.storefront_view import ParsedChange, entry, wanted_before
from monsoon_plugin.money import Amount
from shared.trade.fx import NO_RATES
from shared.trade.product import Tier
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.fakes import NOON
from tests.unit.fanout.world import RULES, published, recalled, view

LOCAL = Rule(Selection(), PriceRule(margin_per_mille=100))
EUROS = Rule(Selection(), PriceRule(currencies=["EUR"]))
parts = st.tuples(st.integers(1, 10**9), st.integers(1, 28), st.integers(1, 10**11))


def seen(version: int = 1, **told: int) -> ParsedChange:
    return ParsedChange(ProductChange.published(published("prd_1", version, **told), NOON))


@given(parts, parts)
def test_sequences_sort_as_rule_then_day_then_revision(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    change = seen().change
    first, second = (view(EUROS, version, day).sequence(replace(change, version=revision)) for version, day, revision in (one, other))
    assert (first < second) == (one < other)


def test_a_change_of_stock_raises_the_sequence_as_one_of_the_product_does() -> None:
    change, sees = seen().change, view(LOCAL)
    stocked = replace(change, stock_version=1)
    assert sees.sequence(change) < sees.sequence(stocked) < sees.sequence(replace(stocked, version=2))


def test_a_day_counts_only_where_prices_are_converted() -> None:
    change = seen().change
    assert view(LOCAL, day=1).sequence(change) == view(LOCAL, day=2).sequence(change)
    unloaded = replace(view(EUROS), rates=NO_RATES)
    assert unloaded.sequence(change) < view(EUROS, day=1).sequence(change) < view(EUROS, day=2).sequence(change)


def test_an_upsert_tells_the_storefronts_price_and_not_the_suppliers() -> None:
    told = entry(seen(cost=1000, stock=0), view(LOCAL))
    product = told["product"]
    assert (told["type"], product["price"], product["in_stock"]) == ("upsert", {"amount": 1100, "currency": "GBP"}, False)
    assert product["tiers"] == [{"min_quantity": 10, "price": {"amount": 770, "currency": "GBP"}}]
    assert {"sku", "stock", "currency_day"}.isdisjoint(product)
    assert ChangeView.model_validate(told).model_dump(exclude_none=True, mode="json") == told


def test_a_converted_price_names_the_day_of_its_rates() -> None:
    product = entry(seen(cost=810), view(EUROS, day=1))["product"]
    assert (product["price"], product["currency_day"]) == ({"amount": 1000, "currency": "EUR"}, "2026-11-01")


def test_what_the_days_rates_cannot_convert_is_not_sold_and_a_tier_that_they_cannot_is_left_out() -> None:
    assert entry(seen(), replace(view(EUROS), rates=NO_RATES))["type"] == "removal"
    product = seen().product
    assert product is not None
    yen = product.model_copy(update={"tiers": [Tier(min_quantity=5, price=Amount(amount=9, currency="JPY"))]})
    odd = ParsedChange(replace(seen().change, product=yen.model_dump_json(exclude_defaults=True)))
    assert entry(odd, view(EUROS))["product"]["tiers"] == []


def test_what_is_recalled_or_unwanted_is_a_removal() -> None:
    gone = ParsedChange(ProductChange.recalled(recalled("prd_1", 2), NOON))
    ids = {"type": "removal", "product_id": "prd_1", "offer_id": "off_prd_1"}
    assert entry(gone, view(LOCAL)) == ids | {"sequence": "0000000001.00000000.000000000002"}
    assert entry(seen(), view(RULES[6]))["type"] == "removal"


def test_wanted_before_asks_earlier_rules_of_the_product_as_it_is_now() -> None:
    assert wanted_before(seen(), [view(RULES[6]), view(LOCAL)])
    assert not wanted_before(seen(), [view(RULES[6])])
    assert not wanted_before(ParsedChange(ProductChange.recalled(recalled("prd_1", 2), NOON)), [view(LOCAL)])
