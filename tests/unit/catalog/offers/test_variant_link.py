"""A single variant is linked with another's thing by an operator, parted by its supplier, and a wrong link is undone."""

from dataclasses import replace
from typing import Any

import pytest

from functions.catalog.bootstrap import Services
from functions.catalog.offers.offer import MOST_VARIANTS, Link
from functions.catalog.offers.trade_item_link import after_link, alone
from shared.api.service import Service
from shared.goods.trade_item import by_gtin, own_trade_item
from shared.messages import OfferPublished
from shared.trade.product import Product
from shared.variants.variant_things import ids_of
from shared.variants.variant_words import VariantWords
from tests.fakes import NOON, Reply, caller
from tests.unit.catalog.offers.test_trade_item_link import GTIN, OPERATOR, linked, of, told
from tests.unit.catalog.test_handler import app, bucket, catalog, publish, table  # noqa: F401

SUPPLIER = caller("acc_2", "supplier")


def scarf(version: int = 1, colours: tuple[str, ...] = ("red", "blue"), product_id: str = "prd_2", supplier: str = "acc_2") -> Any:
    message = of(product_id, supplier, version)
    several = [{"sku": f"S-{each}", "options": {"colour": each}, "stock": 1} | (GTIN if each == "red" else {}) for each in colours]
    product = message.product.model_dump(exclude_defaults=True) | {"options": [{"name": "colour"}], "variants": several}
    return message.model_copy(update={"product": Product.model_validate(product)})


def things(catalog: Services, supplier: str = "acc_2", product_id: str = "prd_2") -> list[tuple[str, ...]]:  # noqa: F811
    """As whoever hears the publication knows them."""
    message = told(catalog, supplier, product_id)
    return ids_of(words(message), message.offers(), message.product, message.trade_item)


def words(message: OfferPublished) -> VariantWords:
    return VariantWords.told(message.offers(), message.variant_items, message.variants_named)


def variants(reply: Reply) -> list[dict[str, Any]]:
    return list(reply.body["variants"])


def offer_ids(catalog: Services, supplier: str = "acc_2", product_id: str = "prd_2") -> list[str]:  # noqa: F811
    return [each.offer_id for each in told(catalog, supplier, product_id).offers()]


RED_ITEM = by_gtin(GTIN["gtin"], "new")


def test_a_supplier_parts_one_variant_for_good_and_the_others_stay_what_they_are(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, scarf())
    assert things(catalog) == [(RED_ITEM,), ()]
    red, _ = offer_ids(catalog)
    for _ in range(2):
        answer = linked(app, "prd_2", SUPPLIER, alone=True, offer_id=red)
        assert (answer.status, answer.body["version"]) == (200, 2)
    assert [each.get("trade_item") for each in variants(answer)] == [own_trade_item(red), None]
    publish(catalog, scarf(2, ("blue",)), scarf(3))
    assert things(catalog) == [(own_trade_item(red),), ()], "a feed that left it out for a night does not link it anew"
    assert variants(linked(app, "prd_2", SUPPLIER, offer_id=red))[0]["trade_item"] == RED_ITEM


@pytest.mark.parametrize("whole", [True, False])
def test_an_operator_links_a_variant_with_a_product_or_with_anothers_variant_and_takes_it_back(
    catalog: Services, app: Service, whole: bool  # noqa: F811
):  # fmt: skip
    publish(catalog, scarf(), of("prd_1", "acc_1") if whole else scarf(product_id="prd_1", supplier="acc_1"))
    _, blue = offer_ids(catalog)
    other = "" if whole else offer_ids(catalog, "acc_1", "prd_1")[1]
    same = {"supplier_id": "acc_1", "product_id": "prd_1"} | ({"offer_id": other} if other else {})
    for _ in range(2):
        assert linked(app, "prd_2", OPERATOR, supplier_id="acc_2", offer_id=blue, same_as=same).status == 200
    named = told(catalog, "acc_1", "prd_1")
    assert (named.named, named.variants_named, named.version) == (whole, [1] if other else [], 2)
    item = own_trade_item(other or "prd_1")
    assert things(catalog) == [(RED_ITEM,), (item,)]
    if other:
        assert things(catalog, "acc_1", "prd_1")[1] == (item,)
    refused = linked(app, "prd_2", SUPPLIER, alone=True, offer_id=blue)
    assert (refused.status, refused.body["type"]) == (403, "urn:monsoon:problem:not-your-link")
    assert linked(app, "prd_2", OPERATOR, supplier_id="acc_2", offer_id=blue).status == 200
    assert things(catalog) == [(RED_ITEM,), ()]


def test_a_product_is_linked_with_anothers_variant(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, scarf(), of("prd_1", "acc_1"))
    red = offer_ids(catalog)[0]
    same = {"supplier_id": "acc_2", "product_id": "prd_2", "offer_id": red}
    assert linked(app, "prd_1", OPERATOR, supplier_id="acc_1", same_as=same).body["trade_item"] == own_trade_item(red)
    assert things(catalog) == [(RED_ITEM, own_trade_item(red)), ()]


def test_who_names_no_variant_where_there_are_several_is_told_how(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, scarf(), of("prd_1", "acc_1"))
    same = {"supplier_id": "acc_2", "product_id": "prd_2"}
    answer = linked(app, "prd_1", OPERATOR, supplier_id="acc_1", same_as=same)
    assert (answer.status, "offer_id" in answer.body["detail"]) == (409, True)
    for variant in ("off_none", told(catalog, "acc_1", "prd_1").offer_id):
        assert linked(app, "prd_1", OPERATOR, supplier_id="acc_1", same_as=same | {"offer_id": variant}).status == 404
        assert linked(app, "prd_2", SUPPLIER, alone=True, offer_id=variant).status == 404
    assert not told(catalog, "acc_2", "prd_2").variants_named, "what is refused says nothing of the other"
    own = told(catalog, "acc_1", "prd_1").offer_id
    assert linked(app, "prd_1", caller(), alone=True, offer_id=own).body["trade_item"] == own_trade_item("prd_1"), "its only offer is it"


def test_a_supplier_links_its_variant_with_nobody_by_its_word_alone(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, scarf(), of("prd_1", "acc_1"))
    same = {"supplier_id": "acc_1", "product_id": "prd_1"}
    assert linked(app, "prd_2", SUPPLIER, offer_id=offer_ids(catalog)[0], same_as=same).status == 403


def test_a_variants_word_goes_before_its_products(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, scarf(), of("prd_1", "acc_1"))
    red, _ = offer_ids(catalog)
    same = {"supplier_id": "acc_1", "product_id": "prd_1"}
    linked(app, "prd_2", OPERATOR, supplier_id="acc_2", offer_id=red, same_as=same)
    assert linked(app, "prd_2", SUPPLIER, alone=True).status == 200
    assert things(catalog) == [(own_trade_item("prd_1"),), ()]


def test_words_of_variants_that_are_gone_make_room(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, scarf())
    held = catalog.offer_store.get("acc_2", "prd_2")
    assert held is not None
    for n in range(2 * MOST_VARIANTS):
        held = replace(held, variant_links=held.linked_as(Link(f"itm_{n}", "operator"), f"off_{n}"))
    assert len(held.variant_links) <= MOST_VARIANTS
    red = held.offered[0].offer_id
    change = after_link(held, alone(held, "supplier", red), "supplier", NOON, red)
    assert change is not None
    assert change.offer.variant_links[red].item == own_trade_item(red)


def test_without_a_word_nothing_is_kept_or_told_of_variants(catalog: Services):  # noqa: F811
    publish(catalog, scarf())
    assert words(told(catalog, "acc_2", "prd_2")) == VariantWords({}, [])
