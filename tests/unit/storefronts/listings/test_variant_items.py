"""Variants are trade items of their own: another supplier's offer of one is found on its page, and listings show each thing once."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.storefronts.facets.facets import facets
from functions.storefronts.index.product_card import Card
from functions.storefronts.listings.listing_page import START, offers_of, page, variant_offers_of
from functions.storefronts.offers.same_thing import MOST_IDS, ROUNDS, SameThings
from shared.messages import OfferAvailabilityChanged, OfferPublished
from shared.trade.gtin import check_digit
from shared.trade.product import Product
from shared.trade.selection import OfferChoice
from tests.examples import examples
from tests.unit.storefronts.fakes import FakeIndex
from tests.unit.storefronts.listings.test_offer_choice import listed, window
from tests.unit.storefronts.service import StorefrontsService, published

AT = "2026-11-01T12:00:00.000Z"


def gtin(number: int) -> str:
    body = f"40063813{number:04}"
    return body + check_digit(body)


def family(number: int, *things: int | None, cost: int = 1000, prices: dict[int, int] | None = None, **said: Any) -> OfferPublished:
    """A product whose variants have the GTINs of these things; None: a variant without one."""
    costs = prices or {}
    told = published(number, cost=cost)
    options = [{"name": "size"}]
    variants = [
        {
            "sku": f"V-{number}-{n}", "options": {"size": str(n)}, "stock": 5, "gtin": gtin(thing) if thing else None,
            "price": {"amount": costs[thing], "currency": "GBP"} if thing in costs else None,
        }
        for n, thing in enumerate(things)
    ]  # fmt: skip
    product = Product.model_validate(
        told.product.model_dump(exclude_defaults=True) | {"options": options, "variants": variants, "tiers": []} | said
    )
    return told.model_copy(update={"product": product, "supplier_id": f"acc_{number}", "product_id": f"prd_{number}"})


def single(number: int, thing: int, cost: int = 1000, **said: Any) -> OfferPublished:
    told = published(number, cost=cost)
    product = told.product.model_copy(update={"gtin": gtin(thing), **said})
    return told.model_copy(update={"product": product, "supplier_id": f"acc_{number}"})


def index_of(*messages: OfferPublished) -> FakeIndex:
    return FakeIndex([Card.from_json(Card.of(each, AT).to_json()) for each in messages])


def shown(*messages: OfferPublished, **selection: Any) -> list[str]:
    return sorted(listed(index_of(*messages), window(**selection)))


def test_a_card_keeps_its_variants_as_they_are_sold_and_as_they_are_known():
    card = index_of(family(1, 1, 2, None, prices={2: 1500})).cards[0]
    offers = card.trade_offers
    assert [(o.gtin, o.cost.amount, o.in_stock, o.options) for o in offers] == [(gtin(1), 1000, True, ()), (gtin(2), 1500, True, ())]
    assert [each.offer_id for each in offers] == [o.offer_id for o in family(1, 1, 2, None, prices={2: 1500}).offers()[:2]]
    assert (card.trade_item, set(card.items)) == ("", {offers[0].gtin_item, offers[1].gtin_item})


def test_a_code_that_two_variants_say_is_of_neither():
    assert index_of(family(1, 1, 1, 2)).cards[0].items == index_of(single(9, 2)).cards[0].items
    message = family(1, 1, 1, brand="Stabilo")
    numbered = [v.model_copy(update={"mpn": f"88/{n}"}) for n, v in enumerate(message.product.variants)]
    told = message.model_copy(update={"product": message.product.model_copy(update={"variants": numbered})})
    offers = index_of(told).cards[0].trade_offers
    assert [(bool(each.part_item), each.gtin_item) for each in offers] == [(True, "")] * 2, "their part numbers are their own"


def test_a_part_number_of_a_variants_own_is_a_thing_and_the_products_is_not_all_variants():
    message = family(1, None, None, brand="Stabilo", mpn="88")
    numbered = [v.model_copy(update={"mpn": f"88/{n}"}) for n, v in enumerate(message.product.variants)]
    own = message.model_copy(update={"product": message.product.model_copy(update={"variants": numbered})})
    assert index_of(message).cards[0].items == ()
    assert len(index_of(own).cards[0].items) == 2


@pytest.mark.parametrize(("cost", "first"), [(900, ["prd_1", "prd_2"]), (1100, ["prd_1"])])
def test_what_is_cheaper_by_itself_is_listed_by_itself_and_what_is_dearer_is_on_the_products_page(cost: int, first: list[str]):
    messages = family(1, 1, 2), single(2, 1, cost)
    assert shown(*messages) == first
    index = index_of(*messages)
    (offers,) = variant_offers_of(window(), index.cards[0], index).values()
    assert [each.card.product_id for each in offers] == ["prd_2", "prd_1"][:: 1 if cost < 1000 else -1]


def test_a_product_of_which_each_variant_is_cheaper_elsewhere_is_not_listed_but_for_a_variant_of_its_own():
    singles = single(2, 1, 900), single(3, 2, 900)
    assert shown(family(1, 1, 2), *singles) == ["prd_2", "prd_3"]
    assert shown(family(1, 1, 2, None), *singles) == ["prd_1", "prd_2", "prd_3"]


def test_a_shirt_of_two_suppliers_is_one_card_though_each_is_cheaper_in_some_sizes():
    ours, theirs = family(1, 1, 2, prices={1: 900, 2: 1200}), family(2, 1, 2, prices={1: 1000, 2: 1000})
    assert shown(ours, theirs) == ["prd_1"]
    assert shown(ours, theirs, offers=OfferChoice(preferred_suppliers=["acc_2"])) == ["prd_2"]
    assert shown(ours, theirs, offers=OfferChoice(show="all")) == ["prd_1", "prd_2"]
    assert shown(ours, family(2, 1, 2, 3, cost=1100)) == ["prd_1", "prd_2"], "a size that the other has not"


def test_another_in_stock_is_listed_where_the_variant_is_sold_out_though_its_product_is_not():
    sold_out = family(1, 1, 2, cost=900)
    first = sold_out.product.variants[0].model_copy(update={"stock": 0})
    sold_out = sold_out.model_copy(
        update={"product": sold_out.product.model_copy(update={"variants": [first, sold_out.product.variants[1]]})}
    )
    assert shown(sold_out, single(2, 1)) == ["prd_1", "prd_2"]


def test_one_suppliers_products_hide_none_of_each_other():
    one, two = family(1, 1, 2), single(2, 1, 900)
    assert shown(one.model_copy(update={"supplier_id": "acc_2"}), two) == ["prd_1", "prd_2"]


def test_who_a_person_said_stands_alone_is_nobodys_thing_with_any_variant():
    alone = family(1, 1, 2).model_copy(update={"trade_item": "itm_alone"})
    assert shown(alone, single(2, 1, 1100)) == ["prd_1", "prd_2"]
    assert index_of(alone).cards[0].variant_items == ()


def test_the_rule_looks_at_the_product_and_not_at_each_variant():
    """A storefront that sells from £12 on sells no variant of a product from £10, dear as it is: neither is it anybody's other offer."""
    dear = family(1, 1, 2, prices={1: 1500})
    index = index_of(dear, single(2, 1, 1300))
    shown_from = window(price_band={"currency": "GBP", "low": 1200, "high": 9900})
    assert listed(index, shown_from) == ["prd_2"]
    up_to = window(price_band={"currency": "GBP", "low": 900, "high": 1300})
    (offers,) = variant_offers_of(up_to, index.cards[0], index).values()
    assert [each.sale.price.amount for each in offers] == [1300, 1500], "a dear variant of a product that is sold is sold"


def test_a_product_of_hundreds_of_variants_hides_no_others_company():
    large = [family(n, *range(n * 250, n * 250 + 250)) for n in range(2, 28)]
    pair = single(50, 1, 900), single(51, 1, 1000)
    index = index_of(*large, *pair)
    assert sum(len(card.items) for card in index.cards) > ROUNDS * MOST_IDS
    same = SameThings(index.cards[:-1], index)
    assert [sorted(ids) for ids in same.several().values()] == [list(index.cards[-1].items)]


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True), st.booleans(), st.integers(1, 9), st.integers(1, 4)),
        max_size=9,
    ),
    st.integers(1, 4),
)
def test_whatever_is_offered_each_thing_is_listed_and_facets_count_what_is_listed(
    several: list[tuple[list[int], bool, int, int]], limit: int
):  # fmt: skip
    """And by no two suppliers' single products, nor by one that another's product with variants sells for less."""
    messages = [
        (family(n, *things, cost=cost) if is_family else single(n, things[0], cost)).model_copy(update={"supplier_id": f"acc_{supplier}"})
        for n, (things, is_family, cost, supplier) in enumerate(several, 1)
    ]
    index = index_of(*messages)
    found = listed(index, window(), limit)
    assert len(found) == len(set(found)) == facets(window(), index).total
    by_id = {card.product_id: card for card in index.cards}
    sold = [(item, offer) for card in index.cards for offer in card.trade_offers for item in offer.items]
    for item in {item for item, _ in sold}:
        cards = [by_id[each] for each in found if item in by_id[each].items]
        assert cards, f"{item} is on no card"
        singles = [card for card in cards if not card.options]
        assert len({card.supplier_id for card in singles}) < 2
        least = min(offer.cost.amount for known, offer in sold if known == item)
        if singles:
            assert least in {o.cost.amount for known, o in sold if known == item and o.supplier_id == singles[0].supplier_id}


def test_a_page_of_products_with_variants_asks_the_index_as_often_as_one_without():
    index = index_of(*(family(n, 2 * n, 2 * n + 1) for n in range(1, 20)))
    page(window(), START, 24, index)
    assert index.reads == 19 * 2


def test_a_product_with_variants_is_looked_for_by_its_variants_alone():
    index = index_of(family(1, 1, 2), single(2, 1))
    (own,) = offers_of(window(), index.cards[0], index)
    assert (own.card, index.reads) == (index.cards[0], 0)


def test_over_http_a_variants_page_shows_who_else_sells_it_and_follows_stock(service: StorefrontsService):
    service.tell(family(1, 1, 2), single(2, 1, 1100), single(3, 3))
    storefront = service.opened().body["id"]
    assert [each["product_id"] for each in service.listings(storefront).body["items"]] == ["prd_3", "prd_1"]
    whole = service.product(storefront).body
    assert [[one["product_id"] for one in each.get("offers", [])] for each in whole["variants"]] == [["prd_1", "prd_2"], []]
    sold_by = whole["variants"][0]["offer_id"]
    one = service.product(storefront, query={"offer": sold_by}).body
    other = service.product(storefront, "prd_2").body
    assert [each["offer_id"] for each in one["offers"]] == [each["offer_id"] for each in other["offers"]] == [sold_by, "off_2"]
    assert one["trade_item"] == other["trade_item"] == whole["variants"][0]["trade_item"]
    service.tell(
        OfferAvailabilityChanged(offer_id=sold_by, product_id="prd_1", supplier_id="acc_1", version=1, in_stock=False, variant=True)
    )
    assert [each["product_id"] for each in service.listings(storefront).body["items"]] == ["prd_3", "prd_2", "prd_1"]
    assert [each["in_stock"] for each in service.product(storefront, "prd_2").body["offers"]] == [True, False]
    service.tell(family(1, 1, 2).model_copy(update={"version": 2}))
    assert [each["in_stock"] for each in service.product(storefront, "prd_2").body["offers"]] == [True, False], "what was heard stays"


def test_of_many_variants_another_sells_each_is_found(service: StorefrontsService):
    service.tell(family(1, *range(1, 31)), family(2, *range(1, 31), cost=900))
    storefront = service.opened().body["id"]
    assert [each["product_id"] for each in service.listings(storefront).body["items"]] == ["prd_2"]
    page_of = service.product(storefront).body
    assert {tuple(o["product_id"] for o in each["offers"]) for each in page_of["variants"]} == {("prd_2", "prd_1")}
