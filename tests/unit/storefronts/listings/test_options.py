"""Options and attributes: a listing is narrowed by both, and what is counted is what narrows it."""

from pathlib import Path

import pytest

from functions.storefronts.facets.facet_labels import LOOKED_AT
from functions.storefronts.facets.facets import facets
from functions.storefronts.index.card_index import CardIndex
from functions.storefronts.index.product_card import Described
from functions.storefronts.index.tantivy_index import TantivyIndex
from functions.storefronts.listings.listing_page import START, Window, page
from functions.storefronts.listings.listing_query_views import NarrowingQuery
from functions.storefronts.listings.price_ranges import Pricing
from functions.storefronts.offers.option_choice import Choice
from shared.api.payload import queried
from shared.errors import Invalid
from shared.trade.fx import NO_RATES
from shared.trade.selection import PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.unit.storefronts.fakes import FakeIndex, card

CARDS = [
    card(
        1,
        attributes=(Described("Material", ("Cotton", "Silk"), "4"),),
        options=(Choice("colour", ("red", "blue")), Choice("size", ("M", "L"))),
    ),
    card(2, options=(Choice("Colour", ("Red",)), Choice("scale", ("1:24",)))),
    card(3, options=(Choice("Größe", ("M",)),), attributes=(Described("material", ("COTTON",)), Described("Ports", ("USB | HDMI: 2",)))),
    card(4),
]


@pytest.fixture(params=["engine", "by looking"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> CardIndex:
    if request.param != "engine":
        return FakeIndex(CARDS)
    engine = TantivyIndex(tmp_path)
    engine.apply(CARDS, [])
    return engine


def window(option: str | None = None, **more: str) -> Window:
    query = queried(NarrowingQuery, more | ({"option": option} if option else {}))
    assert isinstance(query, NarrowingQuery)
    return Window(Pricing(Rule(Selection(), PriceRule()), NO_RATES, frozenset({"GBP"})), query.narrowing)


@pytest.mark.parametrize(
    ("option", "products"),
    [
        ("colour:red|size:M", ["prd_1"]), ("colour:RED", ["prd_2", "prd_1"]), ("colour:red|colour:blue", ["prd_1"]), ("size:S", []),
        ("scale:1:24", ["prd_2"]), ("größe:m", ["prd_3"]), ("GRÖSSE:M", ["prd_3"]), ("colour:red|size:M|scale:1:24", []),
    ],
)  # fmt: skip
def test_a_listing_is_narrowed_by_each_option_named_however_it_is_written(index: CardIndex, option: str, products: list[str]):
    found, _ = page(window(option), START, 10, index)
    assert [one.card.product_id for one in found] == products


@pytest.mark.parametrize("option", ["colour", "colour:", ":red", "a:b|", "a:b||c:d", "a:1|b:2|c:3|d:4"])
def test_what_names_no_option_and_value_is_refused_in_words(option: str):
    with pytest.raises(Invalid) as refused:
        window(option)
    (error,) = refused.value.errors
    assert (error.pointer, error.detail.startswith("write a name, a colon and a value")) == ("query/option", True)


def test_options_and_attributes_are_counted_by_what_narrows_to_them_and_named_as_the_newest_product_writes_them(index: CardIndex):
    found = facets(window(), index)
    assert {(o.name, o.value, o.count) for o in found.options} == {
        ("Colour", "Red", 2), ("colour", "blue", 1), ("size", "M", 1), ("size", "L", 1), ("scale", "1:24", 1), ("Größe", "M", 1),
    }  # fmt: skip
    assert {(a.name, a.value, a.count, a.id) for a in found.attributes} == {
        ("material", "COTTON", 2, None), ("Material", "Silk", 1, "4"), ("Ports", "USB | HDMI: 2", 1, None),
    }  # fmt: skip
    for one in found.options:
        assert facets(window(one.term), index).total == one.count
    for one in found.attributes:
        assert facets(window(attribute=one.term), index).total == one.count


def test_a_value_that_no_recent_product_has_is_named_all_the_same():
    many = FakeIndex([*CARDS, *(card(n, options=(Choice("a", ("b",)),)) for n in range(10, 10 + LOOKED_AT))])
    assert ("Colour", "Red", 2) in {(o.name, o.value, o.count) for o in facets(window(), many).options}


def test_both_narrow_together_with_a_search_for_a_value(index: CardIndex):
    found, _ = page(window("colour:red", attribute="MATERIAL:silk|material:cotton", q="cotton"), START, 10, index)
    assert [one.card.product_id for one in found] == ["prd_1"]
    with pytest.raises(Invalid) as refused:
        window(attribute="|".join(f"a{n}:b" for n in range(6)))
    assert "at most 5" in refused.value.errors[0].detail
