"""What is one thing, by whom its codes are joined, and what a part number that comes with several GTINs joins: nobody."""

from typing import Any

import pytest

from functions.storefronts.facets.facets import facets
from functions.storefronts.index.product_card import Card
from functions.storefronts.offers.same_thing import SameThings
from tests.unit.storefronts.fakes import FakeIndex, card
from tests.unit.storefronts.listings.test_offer_choice import listed, window
from tests.unit.storefronts.service import StorefrontsService, published

GTIN, OTHER_GTIN = "4006381333931", "036000291452"
PART = {"brand": "Stabilo", "mpns": ("0.4-46",)}


def of(number: int, **said: Any) -> Card:
    return card(number, supplier_id=f"acc_{number}", **said)


BAR, BOTH, PAPER = of(1, gtin=GTIN), of(2, gtin=GTIN, **PART), of(3, **PART)


def things(*cards: Card) -> list[str]:
    """Of each, as its own page finds it."""
    index = FakeIndex(list(cards))
    return [SameThings([one], index).of(one) for one in cards]


def test_who_says_a_gtin_alone_and_who_says_a_part_number_alone_are_joined_by_who_says_both():
    assert things(BAR, BOTH, PAPER) == [BAR.gtin_item] * 3
    assert len(set(things(BAR, PAPER))) == 2, "without that one nobody knows"
    assert listed(FakeIndex([BAR, BOTH, PAPER]), window()) == ["prd_1"]
    assert listed(FakeIndex([BAR, PAPER]), window()) == ["prd_3", "prd_1"]


def test_all_part_numbers_of_a_gtin_are_one_thing_from_whichever_offer_it_is_looked_for():
    spelt = {"brand": "Schwan-Stabilo", "mpns": ("46/04",)}
    assert len(set(things(BAR, BOTH, PAPER, of(4, gtin=GTIN, **spelt), of(5, **spelt)))) == 1


@pytest.mark.parametrize("supplier", ["acc_2", "acc_9"])
def test_a_part_number_that_comes_with_several_gtins_joins_nobody(supplier: str):
    """A shirt in several colours; or somebody errs, which a person looks at."""
    blue = of(4, gtin=OTHER_GTIN, **PART)
    blue = blue if supplier == "acc_9" else card(4, supplier_id=supplier, gtin=OTHER_GTIN, **PART)
    assert things(BAR, BOTH, PAPER, blue) == [BAR.gtin_item, BAR.gtin_item, "", blue.gtin_item]
    assert sorted(listed(FakeIndex([BAR, BOTH, PAPER, blue]), window())) == ["prd_1", "prd_3", "prd_4"]


def test_what_a_person_linked_is_joined_with_the_other_whatever_that_says():
    named = of(1, gtin=GTIN, named=True)
    linked = of(2, linked=named.items[-1], gtin=OTHER_GTIN)
    assert things(named, linked, of(3, gtin=GTIN), of(4, gtin=OTHER_GTIN)) == [*[named.gtin_item] * 3, linked_alone(OTHER_GTIN)]


def linked_alone(gtin: str) -> str:
    return of(9, gtin=gtin).gtin_item


def test_another_state_is_another_thing():
    assert len(set(things(BAR, of(2, gtin=GTIN, condition="used")))) == 2


def test_the_link_hangs_on_what_is_on_sale_and_not_on_what_the_storefront_sells():
    assert listed(FakeIndex([BAR, BOTH, PAPER]), window(excluded_suppliers=["acc_2"])) == ["prd_1"]


@pytest.mark.parametrize("number", [0, 60])
def test_facets_count_a_thing_once_by_the_offer_that_is_listed(number: int):
    """Beside however many that nobody else sells; a category of another offer, which is not listed, counts nothing."""
    cheap, dear = card(1, gtin=GTIN), of(2, gtin=GTIN, category="aa-1", in_stock=False)
    others = [card(n) for n in range(10, 10 + number)]
    counted = facets(window(), FakeIndex([cheap, dear, *others]))
    assert (counted.total, counted.in_stock) == (1 + number, 1 + number)
    assert (dict(counted.categories), dict(counted.suppliers)) == ({"hg": 1 + number}, {"acc_1": 1 + number})
    whole = facets(window(offers={"show": "all"}), FakeIndex([cheap, dear, *others]))
    assert (whole.total, whole.in_stock) == (2 + number, 1 + number)


def test_facets_count_as_many_as_the_listing_lists_of_crowded_things_too():
    cards = [of(n, gtin=GTIN) for n in range(1, 50)] + [of(n, gtin=OTHER_GTIN) for n in range(50, 53)] + [BOTH, of(60)]
    index = FakeIndex(list({one.product_id: one for one in cards}.values()))
    assert facets(window(), index).total == len(listed(index, window())) == 3


def test_over_http_a_thing_of_two_suppliers_is_one_in_the_listing_and_in_its_counts(service: StorefrontsService):
    for number, said in (
        (1, {"gtin": GTIN}), (2, {"gtin": GTIN, "brand": "Stabilo", "mpn": "0.4-46"}), (3, {"brand": "STABILO", "mpn": "04-46"}),
        (4, {"brand": "STABILO", "mpn": "0.4 46"}),
    ):  # fmt: skip
        message = published(number, cost=1000 - 100 * number)
        told = message.product.model_copy(update=said)
        service.tell(message.model_copy(update={"supplier_id": f"acc_{number}", "product": told}))
    storefront = service.opened().body["id"]
    shown = {one["product_id"]: one["trade_item"] for one in service.listings(storefront).body["items"]}
    assert shown == {"prd_4": BAR.gtin_item, "prd_3": of(3, brand="Stabilo", mpns=("04-46",)).part_item}
    counted = service.facets(storefront).body
    assert (counted["total"], sum(one["count"] for one in counted["suppliers"])) == (2, 2)
    page = service.product(storefront, "prd_1").body
    assert (page["trade_item"], [one["product_id"] for one in page["offers"]]) == (BAR.gtin_item, ["prd_4", "prd_2", "prd_1"])
