"""Brand and condition: a listing is narrowed by both, however a brand is written, and what is counted is what narrows it."""

from pathlib import Path
from typing import Any

import pytest

from functions.storefronts.facets.facet_views import FacetsView
from functions.storefronts.facets.facets import facets
from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.tantivy_index import TantivyIndex
from functions.storefronts.listings.listing_page import START, Window, page
from functions.storefronts.listings.listing_query_views import NarrowingQuery
from functions.storefronts.listings.price_ranges import Pricing
from shared.api.payload import queried
from shared.trade.fx import NO_RATES
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.unit.storefronts.fakes import FakeIndex, card

CARDS = [
    card(1, brand="Łódź Porcelain"), card(2, brand="LODZ  porcelain", condition="used"), card(3, brand="A|B: C"), card(4, condition="used"),
]  # fmt: skip


@pytest.fixture(params=["engine", "by looking"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> CardIndex:
    if request.param != "engine":
        return FakeIndex(CARDS)
    engine = TantivyIndex(tmp_path)
    engine.apply(CARDS, [])
    return engine


def window(**more: Any) -> Window:
    query = queried(NarrowingQuery, more)
    assert isinstance(query, NarrowingQuery)
    return Window(Pricing(Rule(Selection(), PriceRule()), NO_RATES, frozenset({"GBP"})), query.narrowing)


@pytest.mark.parametrize(
    ("narrowed", "products"),
    [
        ({"brand": "łódź PORCELAIN"}, ["prd_2", "prd_1"]), ({"brand": "Lodz"}, []), ({"condition": "used"}, ["prd_4", "prd_2"]),
        ({"brand": "lodz porcelain", "condition": "new"}, ["prd_1"]), ({"condition": "damaged"}, []),
    ],
)  # fmt: skip
def test_a_listing_is_narrowed_by_brand_and_condition(index: CardIndex, narrowed: dict[str, str], products: list[str]):
    found, _ = page(window(**narrowed), START, 10, index)
    assert [one.card.product_id for one in found] == products


def test_each_count_narrows_to_what_it_counts_and_is_called_as_the_newest_product_writes_it(index: CardIndex):
    told = FacetsView.of(facets(window(), index), window())
    assert told.brands is not None
    assert {(b.value, b.count) for b in told.brands} == {("LODZ  porcelain", 2), ("A|B: C", 1)}
    assert {(c.value, c.count) for c in told.conditions or ()} == {("new", 2), ("used", 2)}
    for brand in told.brands:
        assert len(page(window(brand=brand.narrow), START, 10, index)[0]) == brand.count


def test_where_no_brand_is_named_and_all_is_new_nothing_is_said():
    told = FacetsView.of(facets(window(), FakeIndex([card(1)])), window())
    assert (told.brands, told.conditions) == (None, None)


def test_a_cursor_of_one_brand_or_condition_is_none_of_another():
    several = (
        {},
        {"brand": "lodz"},
        {"brand": "used"},
        {"condition": "used"},
        {"condition": "new"},
        {"brand": "lodz", "condition": "used"},
    )
    assert len({window(**each).narrowing.tells_apart for each in several}) == len(several)
