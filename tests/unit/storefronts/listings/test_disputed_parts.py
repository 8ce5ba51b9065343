"""Part numbers that come with several GTINs are shown to an operator, each once, with what every supplier says."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.storefronts.index.product_card import Card
from functions.storefronts.offers.disputed_parts import AT_ONCE, WALKED, disputed_parts
from functions.storefronts.offers.same_thing import SameThings
from tests.examples import examples
from tests.fakes import caller
from tests.unit.storefronts.fakes import FakeIndex, card
from tests.unit.storefronts.listings.test_same_thing import GTIN, OTHER_GTIN, PART, of
from tests.unit.storefronts.listings.test_variant_items import family, gtin, single
from tests.unit.storefronts.service import StorefrontsService

OPERATOR = caller("acc_0", "operator")


def found(index: FakeIndex, limit: int = 24) -> list[list[str]]:
    """The products of each dispute, over all pages."""
    shown, below = list[list[str]](), None
    while True:
        some, below = disputed_parts(index, below, limit)
        shown += [[each.product_id for each in one.offers] for one in some]
        if below is None:
            return shown


def test_several_gtins_of_several_suppliers_are_told_with_who_says_none():
    (one,) = found(FakeIndex([of(1, gtin=GTIN, **PART), of(2, gtin=OTHER_GTIN, **PART), of(3, **PART), of(4)]))
    assert (one[0], sorted(one)) == ("prd_3", ["prd_1", "prd_2", "prd_3"])


def test_one_gtin_is_no_dispute_nor_is_what_one_supplier_alone_says():
    assert found(FakeIndex([of(1, gtin=GTIN, **PART), of(2, gtin=GTIN, **PART), of(3, **PART)])) == []
    assert found(FakeIndex([card(1, gtin=GTIN, **PART), card(2, gtin=OTHER_GTIN, **PART)])) == []


def test_what_a_person_linked_or_parted_is_no_dispute_any_more():
    named = of(1, gtin=GTIN, named=True, **PART)
    assert found(FakeIndex([named, of(2, gtin=OTHER_GTIN, linked=named.items[-1], **PART)])) == []
    assert found(FakeIndex([of(1, gtin=GTIN, **PART), of(2, gtin=OTHER_GTIN, linked="itm_alone", **PART)])) == []


def test_a_walk_looks_at_so_many_cards_a_page_and_goes_on():
    old = [of(1, gtin=GTIN, **PART), of(2, gtin=OTHER_GTIN, **PART)]
    index = FakeIndex([*old, *(of(n) for n in range(3, WALKED + AT_ONCE))])
    some, below = disputed_parts(index, None, 24)
    assert (some, below is not None, index.reads) == ([], True, WALKED)
    assert len(found(index)) == 1


def test_one_is_told_though_who_says_no_gtin_is_newer_by_a_page():
    disputed = [of(1, gtin=GTIN, **PART), of(2, gtin=OTHER_GTIN, **PART)]
    last = AT_ONCE + 3
    (one,) = found(FakeIndex([*disputed, *(of(n) for n in range(3, last)), of(last, **PART)]))
    assert sorted(one) == ["prd_1", "prd_2", f"prd_{last}"]


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3), st.integers(1, 3)), max_size=25), st.integers(1, 3))
def test_each_part_number_that_joins_nobody_for_its_gtins_is_told_once_whatever_the_pages(said: list[tuple[int, int, int]], limit: int):
    cards = [
        card(n, supplier_id=f"acc_{supplier}", gtin=gtin(number) if number else None, brand="Stabilo", mpns=(f"88-{part}",))
        for n, (part, number, supplier) in enumerate(said, 1)
    ]
    index = FakeIndex(cards)
    told = [tuple(each) for each in found(index, limit)]
    assert len(told) == len(set(told))
    by_part: dict[str, list[Card]] = {}
    for each in cards:
        by_part.setdefault(each.part_item, []).append(each)
    disputed = {
        frozenset(each.product_id for each in some)
        for some in by_part.values()
        if len({each.gtin for each in some} - {None}) > 1 and len({each.supplier_id for each in some}) > 1
    }
    assert {frozenset(each) for each in told} == disputed
    same = SameThings(cards, index)
    for some in disputed:
        assert len({same.of(each) for each in cards if each.product_id in some and each.gtin}) > 1


def ask(service: StorefrontsService, by: Any = OPERATOR, **query: str) -> Any:
    return service.asked("/v1/disputed-part-numbers", query, by)


def test_an_operator_reads_what_each_says_page_by_page_and_nobody_else_does(service: StorefrontsService):
    parts = ({"brand": "Stabilo", "mpn": "88/40"}, {"brand": "STABILO", "mpn": "88-41"})
    service.tell(*(single(n, n, 1000 + n, **parts[n % 2]) for n in range(1, 5)))
    first = ask(service, limit="1").body
    second = ask(service, limit="1", cursor=first["next"]).body
    told = [one for page in (first, second) for one in page["items"]]
    assert [{(o["product_id"], o["supplier_id"], o["gtin"]) for o in one["offers"]} for one in told] == [
        {(f"prd_{n}", f"acc_{n}", gtin(n)) for n in numbers} for numbers in ((4, 2), (3, 1))
    ]
    assert [one["brand"] for one in told] == ["Stabilo", "STABILO"]
    assert ask(service, by=caller("acc_1", "supplier")).status == 403
    assert ask(service, limit="101").status == 422


def test_a_variants_part_number_is_told_as_a_variants(service: StorefrontsService):
    message = family(1, 1, 2, brand="Stabilo")
    numbered = [v.model_copy(update={"mpn": f"88/{n}"}) for n, v in enumerate(message.product.variants)]
    own = message.model_copy(update={"product": message.product.model_copy(update={"variants": numbered})})
    service.tell(own, single(2, 7, brand="Stabilo", mpn="88/1"))
    (one,) = ask(service).body["items"]
    assert {(each["product_id"], each["variant"], each["gtin"]) for each in one["offers"]} == {
        ("prd_1", True, gtin(2)), ("prd_2", False, gtin(7)),
    }  # fmt: skip
