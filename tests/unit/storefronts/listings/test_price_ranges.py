"""Prices as ranges of costs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.storefronts.index.index_query import All, Cost, Query
from functions.storefronts.listings.price_ranges import Pricing, ceiling, currencies_of, groups
from monsoon_plugin.money import Money
from shared.trade.fx import NO_RATES, Rates
from shared.trade.selection import CategoryMargin, PriceRule, Rounding, Selection
from shared.trade.selling_rule import Facts, Rule
from tests.examples import examples
from tests.unit.storefronts.fakes import FakeIndex, card

RATES = Rates.of({"date": "2026-10-30", "per_euro": {"USD": "1.1172", "JPY": "175.68", "IDR": "19250.4", "KWD": "0.3411"}})
CATEGORIES = ["aa", "aa-1", "hg", "hg-3", "hg-3-2", "hg-30"]
USED = frozenset({"EUR", "USD", "JPY", "CHF"})
ROUNDINGS = {"round_to": st.integers(1, 2_000), "minus": st.integers(0, 300), "floor": st.integers(0, 3_000)}
RULES = st.builds(
    PriceRule,
    margin_per_mille=st.integers(0, 2_000),
    by_category=st.lists(
        st.builds(CategoryMargin, category=st.sampled_from(CATEGORIES), margin_per_mille=st.integers(0, 900)),
        max_size=4, unique_by=lambda one: one.category,
    ),
    by_currency=st.dictionaries(st.sampled_from(["EUR", "JPY"]), st.builds(Rounding, **ROUNDINGS), max_size=2),
    currencies=st.lists(st.sampled_from(["EUR", "JPY", "USD"]), max_size=2, unique=True),
    **ROUNDINGS,
)  # fmt: skip


def test_a_band_knows_products_by_their_main_category_alone() -> None:
    rule = Rule(Selection(), PriceRule(by_category=[CategoryMargin(category="aa", margin_per_mille=900)]))
    one = card(category="hg", categories=("aa-1",), cost=Money(1000, "EUR"))
    pricing = Pricing(rule, NO_RATES, USED)
    assert FakeIndex([one]).count(pricing.band("EUR", 1000, 1000)) == 1
    assert FakeIndex([one]).count(pricing.band("EUR", 1900, 1900)) == 0


def holds(query: Query, category: str, cost: Money) -> bool:
    """Whether a product of this category and cost is among the answers."""
    return bool(FakeIndex([card(category=category, cost=cost)]).page(query, None, 1))


def facts(category: str, cost: Money) -> Facts:
    return card(category=category, cost=cost).facts


@settings(max_examples=examples(150), deadline=None)
@given(RULES, st.sampled_from(CATEGORIES), st.builds(Money, st.integers(0, 20_000), st.sampled_from(sorted(USED))), st.data())
def test_a_band_of_prices_is_exactly_the_costs_that_are_sold_within_it(
    price_rule: PriceRule, category: str, cost: Money, data: st.DataObject
) -> None:
    low, high = data.draw(st.integers(0, 30_000)), data.draw(st.integers(0, 30_000))
    pricing = Pricing(Rule(Selection(), price_rule), RATES, USED)
    wished = price_rule.currencies[-1] if price_rule.currencies else cost.currency
    sale = pricing.rule.price(cost, category, RATES, wished)
    wanted = sale is not None and low <= sale.price.amount <= high
    assert holds(pricing.band(wished, low, high), category, cost) is wanted
    if sale:  # at the very edges, too
        price = sale.price.amount
        assert holds(pricing.band(wished, price, price), category, cost)
        assert not holds(pricing.band(wished, price + 1, 10**12), category, cost)


@settings(max_examples=examples(300), deadline=None)
@given(st.builds(Rounding, **ROUNDINGS), st.integers(0, 3_000), st.integers(1, 999), st.integers(0, 400))
def test_nothing_above_the_ceiling_keeps_the_least_margin(rounding: Rounding, margin: int, least: int, more: int) -> None:
    most = ceiling(rounding, margin, least)
    rule = Rule(Selection(minimum_margin_per_mille=least), PriceRule(margin_per_mille=margin, **rounding.model_dump()))
    if most is not None:
        assert not rule.wants(facts("hg", Money(most + 1 + more, "EUR")))


def test_a_ceiling_is_near_what_it_bounds_and_none_where_the_margin_always_suffices() -> None:
    assert ceiling(Rounding(), 250, 200) is None
    rounding = Rounding(round_to=100, minus=1)
    rule = Rule(Selection(minimum_margin_per_mille=200), PriceRule(margin_per_mille=200, **rounding.model_dump()))
    kept = max(cost for cost in range(10_000) if rule.wants(facts("hg", Money(cost, "EUR"))))
    most = ceiling(rounding, 200, 200)
    assert most is not None
    assert kept <= most < kept + 200


@given(RULES, st.sampled_from([*CATEGORIES, "zz"]))
def test_every_category_is_in_one_group_which_has_its_margin(price_rule: PriceRule, category: str) -> None:
    rule = Rule(Selection(), price_rule)
    own = [group for group in groups(rule) if holds(group.where, category, Money(1, "EUR"))]
    assert [rule.margin(group.category) for group in own] == [rule.margin(category)]


def test_what_the_days_rates_do_not_know_is_not_sold_elsewhere() -> None:
    rule = Rule(Selection(), PriceRule(currencies=["USD"]))
    pricing = Pricing(rule, RATES, USED)
    assert pricing.convertible("USD") == {"EUR", "USD", "JPY"}
    assert Pricing(rule, NO_RATES, USED).convertible("USD") == {"USD"}
    query = pricing.sold()
    assert not holds(query, "hg", Money(1, "CHF"))
    assert holds(query, "hg", Money(1, "JPY"))


def test_a_storefront_without_currencies_is_narrowed_to_what_its_suppliers_sell_in_one() -> None:
    pricing = Pricing(Rule(Selection(), PriceRule()), NO_RATES, USED)
    assert pricing.sold() == All()
    assert pricing.sold("EUR") == Cost("EUR", 0, 10**12)


def test_the_currencies_in_use_are_found_by_a_question_for_each_new_one() -> None:
    index = FakeIndex([card(n, cost=Money(n, "GBP" if n % 2 else "EUR")) for n in range(1, 50)])
    found = currencies_of(index, frozenset())
    assert (found, index.reads) == ({"GBP", "EUR"}, 2)
    index.cards.append(card(50, cost=Money(1, "KWD")))
    assert (currencies_of(index, found), index.reads) == ({"GBP", "EUR", "KWD"}, 3)
