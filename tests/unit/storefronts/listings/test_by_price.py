"""A listing by price: the whole of it, in order, whatever the prices, page by page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.storefronts.listings import listing_by_price
from functions.storefronts.listings.listing_by_price import ByPrice, PricePlace
from functions.storefronts.listings.listing_page import Narrowing, Window
from functions.storefronts.listings.price_ranges import Pricing
from monsoon_plugin.money import MAX_AMOUNT, Money
from shared.trade.fx import NO_RATES
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.unit.storefronts.fakes import FakeIndex, card

PRICES = st.lists(st.one_of(st.integers(0, 300), st.just(500), st.integers(0, MAX_AMOUNT // 4)), max_size=40)


def window_of(**rule: int) -> Window:
    made = Rule(Selection(), PriceRule(currencies=["GBP"], **rule))
    return Window(Pricing(made, NO_RATES, frozenset({"GBP"})), Narrowing())


def read(index: FakeIndex, *, dearest: bool, limit: int = 3) -> list[tuple[int, int]]:
    """Price and rank of all, page by page."""
    listing, place, found = ByPrice(window_of(margin_per_mille=250), index, dearest), None, []
    for _ in range(500):
        shown, place = listing.page(place, limit)
        assert len(shown) <= limit
        found += [(each.sale.price.amount, each.card.rank) for each in shown]
        if place is None:
            return found
    raise AssertionError("it does not end")


@given(PRICES, st.booleans())
def test_all_is_shown_once_in_the_order_of_prices_and_of_one_price_the_newest_first(prices: list[int], dearest: bool):
    index = FakeIndex([card(n, cost=Money(price, "GBP")) for n, price in enumerate(prices, 1)])
    found = read(index, dearest=dearest)
    assert found == sorted(found, key=lambda each: (-each[0] if dearest else each[0], -each[1]))
    assert sorted(rank for _, rank in found) == sorted(each.rank for each in index.cards)


@pytest.mark.parametrize("dearest", [True, False])
def test_any_number_of_one_price_is_read_by_rank(monkeypatch: pytest.MonkeyPatch, dearest: bool):
    monkeypatch.setattr(listing_by_price, "MOST_CARDS", 10)
    index = FakeIndex([card(n, cost=Money(500 if n < 40 else n, "GBP")) for n in range(1, 50)])
    found = read(index, dearest=dearest)
    assert len(found) == len({rank for _, rank in found}) == 49
    assert found == sorted(found, key=lambda each: (-each[0] if dearest else each[0], -each[1]))


@pytest.mark.parametrize("dearest", [True, False])
def test_offers_of_few_things_at_as_many_prices_as_are_read_at_once_are_a_page_that_ends(monkeypatch: pytest.MonkeyPatch, dearest: bool):
    monkeypatch.setattr(listing_by_price, "MOST_CARDS", 10)
    gtins = ("4006381333931", "036000291452")
    several = [card(n, cost=Money(100 + n, "GBP"), supplier_id=f"acc_{n}", gtin=gtins[n % 2]) for n in range(1, 11)]
    found = read(FakeIndex(several), dearest=dearest)
    assert sorted(rank >> 20 for _, rank in found) == [1, 2]


def test_a_page_of_a_large_catalog_reads_a_few_cards_of_it():
    index = FakeIndex([card(n, cost=Money(n * 7, "GBP")) for n in range(1, 3000)])
    shown, place = ByPrice(window_of(), index).page(PricePlace(9_000), 24)
    assert (len(shown), shown[0].sale.price.amount, place is not None) == (24, 9002, True)
    assert index.reads <= 200
