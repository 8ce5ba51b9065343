"""One card a trade item, and the storefront's rule says whose offer it is."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.storefronts.listings.listing_page import START, Narrowing, Window, offers_of, page
from functions.storefronts.listings.price_ranges import Pricing
from functions.storefronts.offers.same_thing import MOST_OFFERS
from monsoon_plugin.money import Money
from shared.trade.fx import NO_RATES
from shared.trade.selection import OfferChoice, PriceRule, Selection
from shared.trade.selling_rule import Rule
from tests.examples import examples
from tests.unit.storefronts.fakes import FakeIndex, card
from tests.unit.storefronts.service import BODY, StorefrontsService, published

ITEM = "itm_1"


def offer(number: int, cost: int, **said: Any) -> Any:
    return card(number, cost=Money(cost, "GBP"), supplier_id=f"acc_{number}", **{"linked": ITEM, **said})


def window(narrowing: Narrowing | None = None, **selection: Any) -> Window:
    return Window(Pricing(Rule(Selection(**selection), PriceRule()), NO_RATES, frozenset({"GBP"})), narrowing or Narrowing())


def listed(index: FakeIndex, shown: Window, limit: int = 24) -> list[str]:
    found, place = list[str](), START
    while place:
        some, place = page(shown, place, limit, index)
        found += [each.card.product_id for each in some]
    return found


CHEAP, DEAR, GONE = offer(1, 900), offer(2, 1200), offer(3, 500, in_stock=False)
INDEX = FakeIndex([CHEAP, DEAR, GONE, card(9, supplier_id="acc_9")])


@pytest.mark.parametrize(
    ("selection", "first"),
    [
        ({}, "prd_1"),
        ({"offers": OfferChoice(in_stock_first=False)}, "prd_3"),
        ({"offers": OfferChoice(preferred_suppliers=["acc_8", "acc_2"])}, "prd_2"),
        ({"offers": OfferChoice(preferred_suppliers=["acc_3", "acc_2"])}, "prd_2"),
        ({"picks": ["prd_3"]}, "prd_3"),
        ({"excluded_suppliers": ["acc_1"]}, "prd_2"),
    ],
)
def test_the_rule_says_which_offer_is_listed(selection: dict[str, Any], first: str):
    """The cheapest that is in stock, unless someone is preferred; a sold-out one is preferred in vain. Whom the rule excludes is none."""
    assert listed(INDEX, window(**selection)) == ["prd_9", first]
    assert offers_of(window(**selection), DEAR, INDEX)[0].card.product_id == first


def test_one_suppliers_products_hide_none_of_each_other():
    """A shirt in red and in blue with the maker's one part number: both are listed, and another supplier's dearer one is not."""
    red, blue = offer(1, 900), replace(offer(4, 950), supplier_id="acc_1")
    assert sorted(listed(FakeIndex([red, blue, DEAR]), window())) == ["prd_1", "prd_4"]


def test_a_storefront_may_list_them_all():
    assert listed(INDEX, window(offers=OfferChoice(show="all"))) == ["prd_9", "prd_3", "prd_2", "prd_1"]


def test_what_a_shopper_asks_for_is_chosen_among_alone():
    """Who looks for one supplier's goods, or by words of one title, finds them though another's offer is listed else."""
    assert listed(INDEX, window(Narrowing(supplier="acc_2"))) == ["prd_2"]
    index = FakeIndex([CHEAP, replace(DEAR, titles={"en": "Blue jug"})])
    assert listed(index, window(Narrowing(words="jug"))) == ["prd_2"]


def test_prices_in_several_currencies_are_not_compared():
    abroad = replace(offer(4, 100), cost=Money(100, "JPY"))
    assert listed(FakeIndex([DEAR, abroad]), window()) == ["prd_2"], "the first on sale"


def test_of_many_offers_one_of_the_newest_is_listed_whatever_else_is_on_the_page():
    many = [offer(n, 1000 + n) for n in range(1, 3 * MOST_OFFERS)]
    others = [card(n, linked=f"itm_{n}") for n in range(100, 110)]
    for index in (FakeIndex(many), FakeIndex([*many, *others])):
        assert [one for one in listed(index, window(), 5) if one not in {c.product_id for c in others}] == [f"prd_{2 * MOST_OFFERS}"]


@pytest.mark.parametrize(
    ("selection", "first"),
    [({"picks": ["prd_1"]}, "prd_1"), ({"offers": OfferChoice(preferred_suppliers=["acc_2"])}, "prd_2"), ({}, "prd_3")],
)
@pytest.mark.parametrize("others", [0, 10])
def test_many_new_offers_hide_neither_a_pick_nor_who_is_preferred_nor_what_is_in_stock(selection: dict[str, Any], first: str, others: int):
    """Whoever sends twenty products with another's GTIN has not its place; alone on a page and beside others."""
    old = [offer(1, 3000), offer(2, 2000, in_stock="offers" not in selection), offer(3, 1000)]
    new = [offer(n, 1, in_stock="offers" in selection and n % 2 == 0) for n in range(4, 3 * MOST_OFFERS)]
    index = FakeIndex([*old, *new, *(card(n, linked=f"itm_{n}") for n in range(100, 100 + others))])
    if "offers" in selection:
        selection = {"offers": OfferChoice(preferred_suppliers=["acc_2"], in_stock_first=False)}
    assert [one for one in listed(index, window(**selection)) if int(one[4:]) < 100] == [first]
    assert offers_of(window(**selection), old[0], index)[0].card.product_id == first


def test_a_page_shows_its_own_offer_as_it_is_read_and_not_as_the_index_knew_it():
    fresh = replace(CHEAP, cost=Money(2000, "GBP"))
    assert [each.sale.price.amount for each in offers_of(window(), fresh, INDEX)] == [1200, 2000, 500]


@pytest.mark.parametrize("own", [1, 45])
def test_at_most_twenty_offers_are_shown_and_the_pages_own_and_the_listed_one_are_among_them(own: int):
    many = [offer(n, 1000 + n) for n in range(1, 3 * MOST_OFFERS)]
    found = [each.card.product_id for each in offers_of(window(), many[own - 1], FakeIndex(many))]
    assert (len(found), f"prd_{own}" in found, f"prd_{2 * MOST_OFFERS}" in found) == (MOST_OFFERS, True, True)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 9), st.booleans()), max_size=30), st.integers(1, 6))
def test_each_trade_item_is_listed_once_and_none_is_lost_whatever_the_pages(several: list[tuple[int, int, bool]], limit: int):
    cards = [offer(n, cost, in_stock=left, linked=f"itm_{item}" if item else "") for n, (item, cost, left) in enumerate(several, 1)]
    shown = listed(FakeIndex(cards), window(), limit)
    by_id = {one.product_id: one for one in cards}
    items = [by_id[one].trade_item for one in shown if by_id[one].trade_item]
    assert sorted(items) == sorted({one.trade_item for one in cards if one.trade_item})
    assert sum(not by_id[one].trade_item for one in shown) == sum(not one.trade_item for one in cards)


def test_a_page_of_goods_that_say_no_codes_asks_the_index_once():
    index = FakeIndex([card(n) for n in range(1, 40)])
    page(window(), START, 24, index)
    assert index.reads == 25


def of(number: int, supplier: str, cost: int, **said: Any) -> Any:
    message = published(number, cost=cost)
    return message.model_copy(
        update={"supplier_id": supplier, "product": message.product.model_copy(update={"gtin": "4006381333931"}), **said}
    )


def test_two_suppliers_of_one_gtin_are_one_card_with_two_offers_and_each_address_stays(service: StorefrontsService):
    service.tell(of(1, "acc_7", 1000), of(2, "acc_8", 900))
    storefront = service.opened().body["id"]
    (shown,) = service.listings(storefront).body["items"]
    assert (shown["product_id"], shown["supplier_id"]) == ("prd_2", "acc_8")
    for product_id in ("prd_1", "prd_2"):
        page_of = service.product(storefront, product_id).body
        assert [(one["offer_id"], one["price"]["amount"]) for one in page_of["offers"]] == [("off_2", 1199), ("off_1", 1299)]
        assert (page_of["product_id"], page_of["trade_item"]) == (product_id, shown["trade_item"])


def test_a_link_that_was_undone_leaves_two_cards(service: StorefrontsService):
    service.tell(of(1, "acc_7", 1000), of(2, "acc_8", 900), of(2, "acc_8", 900, version=2, trade_item="itm_alone"))
    storefront = service.opened().body["id"]
    assert [each["product_id"] for each in service.listings(storefront).body["items"]] == ["prd_2", "prd_1"]
    assert "offers" not in service.product(storefront).body


def test_a_rule_that_prefers_a_supplier_is_kept_and_heeded(service: StorefrontsService):
    service.tell(of(1, "acc_7", 1000), of(2, "acc_8", 900))
    rule = {**BODY, "selection": {"categories": ["hg-3"], "offers": {"preferred_suppliers": ["acc_7"]}}}
    storefront = service.opened(rule).body["id"]
    assert [each["product_id"] for each in service.listings(storefront).body["items"]] == ["prd_1"]
