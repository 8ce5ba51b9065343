"""What a listing holds, counted."""

import pytest

from functions.storefronts.facets.facets import Band, facets, spans
from functions.storefronts.listings.listing_page import START, Narrowing, Window, page
from functions.storefronts.listings.price_ranges import Pricing
from monsoon_plugin.money import Money
from shared.trade.fx import Rates
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.unit.storefronts.fakes import FakeIndex, card

RATES = Rates.of({"date": "2026-10-30", "per_euro": {"GBP": "0.8781"}})
INDEX = FakeIndex([
    card(1, category="hg-3-67", cost=Money(400, "GBP")),
    card(2, category="hg-3", cost=Money(500, "GBP"), supplier_id="acc_2"),
    card(3, category="hg-11-8", cost=Money(900, "EUR"), in_stock=False),
    card(4, category="aa-1", cost=Money(99_999_999_999, "GBP"), titles={"en": "Golden mugs"}),
])  # fmt: skip


def window(narrowing: Narrowing, selection: Selection | None = None, price_rule: PriceRule | None = None) -> Window:
    return Window(Pricing(Rule(selection or Selection(), price_rule or PriceRule()), RATES, frozenset({"EUR", "GBP"})), narrowing)


def test_categories_are_one_level_below_the_chosen_one() -> None:
    assert facets(window(Narrowing()), INDEX).categories == [("hg", 3), ("aa", 1)]
    assert facets(window(Narrowing(category="hg")), INDEX).categories == [("hg-3", 2), ("hg-11", 1)]
    assert facets(window(Narrowing(category="hg-3")), INDEX).categories == [("hg-3-67", 1)]


def test_suppliers_and_stock_are_counted_of_what_the_rule_wants() -> None:
    found = facets(window(Narrowing(), Selection(categories=["hg"])), INDEX)
    assert (found.total, found.in_stock, found.suppliers) == (3, 2, [("acc_1", 2), ("acc_2", 1)])


def test_price_bands_are_of_the_storefronts_prices_and_each_product_is_in_one() -> None:
    own = facets(window(Narrowing(), price_rule=PriceRule(currencies=["EUR"])), INDEX)
    assert own.bands == [Band(200, 499, 1), Band(500, 999, 2), Band(500_000_000, None, 1)]
    assert sum(band.count for band in own.bands) == own.total == 4


def test_without_a_currency_there_are_no_price_bands_and_a_chosen_one_narrows() -> None:
    assert facets(window(Narrowing()), INDEX).bands == ()
    chosen = facets(window(Narrowing(currency="GBP")), INDEX)
    assert (chosen.total, [band.low for band in chosen.bands]) == (3, [200, 500, 500_000_000])


def test_a_search_is_counted_in_all_its_tiers() -> None:
    assert facets(window(Narrowing(words="mug")), INDEX).total == 1


@pytest.mark.parametrize("low", [0, 200, 500])
def test_a_band_narrows_the_listing_to_just_what_it_counts(low: int) -> None:
    narrowing = Narrowing(currency="GBP", low=low, high=next(high for start, high in spans("GBP") if start == low))
    found, _ = page(window(narrowing), START, 24, INDEX)
    assert len(found) == facets(window(narrowing), INDEX).total


def test_bands_rise_by_one_two_five_of_the_major_unit() -> None:
    assert spans("EUR")[:5] == [(0, 99), (100, 199), (200, 499), (500, 999), (1000, 1999)]
    assert spans("JPY")[:3] == [(0, 0), (1, 1), (2, 4)]
    assert spans("KWD")[1] == (1000, 1999)
    assert spans("EUR")[-1] == (500_000_000, None)
