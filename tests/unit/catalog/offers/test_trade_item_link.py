"""Which trade item a product is: its codes say, a person may say otherwise, and a wrong link is undone."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from functions.catalog.bootstrap import Services
from functions.catalog.offers.audited import after_approval
from functions.catalog.offers.trade_item_link import NotYourLink, after_link, alone
from shared.api.service import Service
from shared.bus import opened
from shared.goods.trade_item import ids_of, own_trade_item, trade_item_of
from shared.messages import OfferPublished
from shared.trade.product import Product
from tests.dynamodb import losing_answer
from tests.fakes import NOON, Reply, call, caller
from tests.unit.catalog.offers.test_offer import approval
from tests.unit.catalog.test_handler import PRODUCT, app, bucket, catalog, publish, table  # noqa: F401

OPERATOR = caller("acc_9", "operator")
GTIN = {"gtin": "4006381333931"}


def of(product_id: str, supplier: str, version: int = 1, **said: Any) -> Any:
    told = approval(version)
    changed = {"product_id": product_id, "supplier_id": supplier, "product": told.product.model_copy(update=said)}
    return told.model_copy(update=changed)


def linked(app: Service, product_id: str, by: Any, **body: Any) -> Reply:  # noqa: F811
    return call(app, "PUT", PRODUCT + "/trade-item", path={"product_id": product_id}, body=body, by=by)


def told(catalog: Services, supplier: str, product_id: str) -> OfferPublished:  # noqa: F811
    held = catalog.offer_store.get(supplier, product_id)
    assert held is not None
    message = opened(held.told)
    assert isinstance(message, OfferPublished)
    return message


def thing(message: OfferPublished) -> str:
    return next(iter(ids_of(message.product_id, message.product, message.trade_item, named=message.named)), "")


def test_a_supplier_undoes_what_its_codes_say_for_good_and_lets_them_say_it_again(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, of("prd_1", "acc_1", **GTIN))
    assert thing(told(catalog, "acc_1", "prd_1")) == trade_item_of(of("prd_1", "acc_1", **GTIN).product)
    answers = [linked(app, "prd_1", caller(), alone=True) for _ in range(2)]
    assert [(a.status, a.body["trade_item"], a.body["version"]) for a in answers] == [(200, own_trade_item("prd_1"), 2)] * 2
    publish(catalog, of("prd_1", "acc_1", 2, **GTIN))
    assert thing(told(catalog, "acc_1", "prd_1")) == own_trade_item("prd_1"), "a feed that comes every night does not link it anew"
    assert linked(app, "prd_1", caller()).body["trade_item"] == trade_item_of(of("prd_1", "acc_1", **GTIN).product)


@pytest.mark.parametrize("number", range(1, 4))
def test_said_again_after_a_lost_answer_it_is_answered_as_if_it_had_been_heard_and_is_one_change(
    number: int, catalog: Services, app: Service  # noqa: F811
):  # fmt: skip
    publish(catalog, of("prd_1", "acc_1", **GTIN))
    with losing_answer(number), suppress(ConnectionError):
        linked(app, "prd_1", caller(), alone=True)
    first, again = (linked(app, "prd_1", caller(), alone=True) for _ in range(2))
    assert (first.status, first.body["trade_item"], first.body["version"]) == (200, own_trade_item("prd_1"), 2)
    assert again == first


def test_an_operator_links_what_has_no_codes_and_both_are_told(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, of("prd_1", "acc_1"), of("prd_2", "acc_2"))
    same = {"supplier_id": "acc_2", "same_as": {"supplier_id": "acc_1", "product_id": "prd_1"}}
    for _ in range(2):
        assert linked(app, "prd_2", OPERATOR, **same).status == 200
    assert thing(told(catalog, "acc_1", "prd_1")) == thing(told(catalog, "acc_2", "prd_2")) == own_trade_item("prd_1")
    refused = linked(app, "prd_2", caller("acc_2", "supplier"), alone=True)
    assert (refused.status, refused.body["type"]) == (403, "urn:monsoon:problem:not-your-link")
    assert linked(app, "prd_2", OPERATOR, supplier_id="acc_2", alone=True).status == 200
    assert thing(told(catalog, "acc_2", "prd_2")) == own_trade_item("prd_2")


def test_a_supplier_links_with_nobody_by_its_word_alone(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, of("prd_1", "acc_1"), of("prd_2", "acc_2"))
    answer = linked(app, "prd_2", caller("acc_2", "supplier"), same_as={"supplier_id": "acc_1", "product_id": "prd_1"})
    assert (answer.status, "GTIN" in answer.body["detail"]) == (403, True)
    assert linked(app, "prd_1", caller("acc_2", "supplier"), alone=True).status == 404
    both = linked(app, "prd_2", OPERATOR, supplier_id="acc_2", alone=True, same_as={"supplier_id": "acc_1", "product_id": "prd_1"})
    assert both.status == 422


def test_what_is_recalled_is_told_of_its_link_when_it_comes_back(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, of("prd_1", "acc_1", **GTIN))
    for route, body in (("/recall", {"reason": "cracks"}), ("/reinstatement", {})):
        done = call(app, "POST", PRODUCT + route, path={"product_id": "prd_1"}, body=body, headers={"idempotency-key": route}, by=caller())
        assert done.status == 200
        if route == "/recall":
            assert linked(app, "prd_1", caller(), alone=True).body["state"] == "recalled"
    assert thing(told(catalog, "acc_1", "prd_1")) == own_trade_item("prd_1")


def test_an_item_of_before_is_what_its_codes_say():
    change = after_approval(None, approval(), NOON)
    assert change is not None
    assert change.offer.link is None


@pytest.mark.parametrize("other", ["prd_9"])
def test_what_is_not_there_is_not_linked_with(catalog: Services, app: Service, other: str):  # noqa: F811
    publish(catalog, of("prd_2", "acc_2"))
    assert linked(app, "prd_2", OPERATOR, supplier_id="acc_2", same_as={"supplier_id": "acc_1", "product_id": other}).status == 404


def test_what_its_supplier_keeps_off_sale_is_not_put_on_sale_by_a_link():
    change = after_approval(None, approval(), NOON)
    assert change is not None
    archived = replace(change.offer, product=change.offer.product.model_copy(update={"status": "archived"}))
    linked = after_link(archived, alone(archived, "supplier"), "supplier", NOON)
    assert linked is not None
    assert (linked.offer.version, linked.event) == (2, None)


def test_what_an_operator_says_again_after_the_supplier_the_supplier_does_not_take_back():
    change = after_approval(None, approval(), NOON)
    assert change is not None
    for by in ("supplier", "operator"):
        change = after_link(change.offer, alone(change.offer, by), by, NOON)  # type: ignore[arg-type]
        assert change is not None
    assert after_link(change.offer, alone(change.offer, "operator"), "operator", NOON) is None, "said again it is no change"
    assert after_link(change.offer, alone(change.offer, "supplier"), "supplier", NOON) is None
    with pytest.raises(NotYourLink):
        after_link(change.offer, None, "supplier", NOON)


def test_a_linked_product_that_gets_variants_is_on_nobodys_card_until_it_has_none(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, of("prd_1", "acc_1", **GTIN), of("prd_2", "acc_2"))
    same = {"supplier_id": "acc_2", "same_as": {"supplier_id": "acc_1", "product_id": "prd_1"}}
    item = linked(app, "prd_2", OPERATOR, **same).body["trade_item"]
    one = {"sku": "M-1", "options": {"size": "S"}, "stock": 1}
    several = of("prd_2", "acc_2", 2).product.model_dump(exclude_defaults=True) | {"options": [{"name": "size"}], "variants": [one]}
    publish(catalog, of("prd_2", "acc_2", 2).model_copy(update={"product": Product.model_validate(several)}))
    assert thing(told(catalog, "acc_2", "prd_2")) == ""
    publish(catalog, of("prd_2", "acc_2", 3))
    assert thing(told(catalog, "acc_2", "prd_2")) == item


def several(product_id: str, supplier: str, version: int = 1) -> Any:
    told = of(product_id, supplier, version)
    one = {"sku": "M-1", "options": {"size": "S"}, "stock": 1, **GTIN}
    product = told.product.model_dump(exclude_defaults=True) | {"options": [{"name": "size"}], "variants": [one]}
    return told.model_copy(update={"product": Product.model_validate(product)})


def test_a_product_with_variants_stands_alone_by_its_suppliers_word_and_is_linked_with_no_other(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, several("prd_2", "acc_2"), of("prd_1", "acc_1"))
    other = {"supplier_id": "acc_2", "same_as": {"supplier_id": "acc_1", "product_id": "prd_1"}}
    assert linked(app, "prd_2", OPERATOR, **other).body["type"] == "urn:monsoon:problem:several-items"
    assert linked(app, "prd_2", caller("acc_2", "supplier"), alone=True).status == 200
    publish(catalog, several("prd_2", "acc_2", 2))
    assert told(catalog, "acc_2", "prd_2").trade_item == own_trade_item("prd_2")
    assert linked(app, "prd_2", caller("acc_2", "supplier")).status == 200
    assert told(catalog, "acc_2", "prd_2").trade_item == "", "each variant is what its codes say"


@pytest.mark.parametrize("route", ["/trade-item", "/recall", "/reinstatement", ""])
def test_an_operator_that_names_no_supplier_is_told_so(app: Service, route: str):  # noqa: F811
    method = {"": "GET", "/trade-item": "PUT"}.get(route, "POST")
    sent: Any = {"query": {"supplier": ""}} if method == "GET" else {"body": {"supplier_id": "", "reason": "cracks"}}
    if route in ("/trade-item", "/reinstatement"):
        del sent["body"]["reason"]
    answer = call(app, method, PRODUCT + route, path={"product_id": "prd_1"}, headers={"idempotency-key": "k"}, by=OPERATOR, **sent)
    assert (answer.status, answer.body["errors"][0]["pointer"][-8:]) == (422, "supplier" if method == "GET" else "plier_id")


SAME: dict[str, Any] = {"supplier_id": "acc_2", "same_as": {"supplier_id": "acc_1", "product_id": "prd_1"}}
OTHER = {"gtin": "036000291452"}


@pytest.mark.parametrize("says", [{}, OTHER])
def test_what_an_operator_links_stays_linked_whatever_the_other_supplier_says_since(
    catalog: Services, app: Service, says: dict[str, Any]  # noqa: F811
):  # fmt: skip
    """Its codes, new ones, or that it stands alone: the other is bound by nothing, and parts nobody."""
    publish(catalog, of("prd_1", "acc_1", **GTIN), of("prd_2", "acc_2"))
    linked(app, "prd_2", OPERATOR, **SAME)
    first = told(catalog, "acc_1", "prd_1")
    assert ids_of("prd_1", first.product, first.trade_item, named=first.named) == (trade_item_of(first.product), own_trade_item("prd_1"))
    publish(catalog, of("prd_1", "acc_1", 2, **says))
    assert linked(app, "prd_1", caller(), alone=bool(says)).status == 200
    now = told(catalog, "acc_1", "prd_1")
    assert thing(told(catalog, "acc_2", "prd_2")) in ids_of("prd_1", now.product, now.trade_item, named=now.named)


def test_a_wrong_link_that_an_operator_undoes_stays_undone_and_the_other_is_what_it_was(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, of("prd_1", "acc_1", **GTIN), of("prd_2", "acc_2", **GTIN))
    linked(app, "prd_2", OPERATOR, **SAME)
    linked(app, "prd_2", OPERATOR, supplier_id="acc_2", alone=True)
    publish(catalog, of("prd_2", "acc_2", 2, **GTIN), of("prd_1", "acc_1", 2, **GTIN))
    first, second = told(catalog, "acc_1", "prd_1"), told(catalog, "acc_2", "prd_2")
    assert (first.trade_item, second.trade_item) == ("", own_trade_item("prd_2"))
    assert linked(app, "prd_2", caller("acc_2", "supplier")).status == 403, "its supplier's feed and word do not make it again"
    assert linked(app, "prd_1", caller(), alone=True).status == 200, "the other supplier is not bound"


def test_a_product_is_not_linked_with_itself(catalog: Services, app: Service):  # noqa: F811
    publish(catalog, of("prd_1", "acc_1"))
    itself = {"supplier_id": "acc_1", "same_as": {"supplier_id": "acc_1", "product_id": "prd_1"}}
    answer = linked(app, "prd_1", OPERATOR, **itself)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/same_as")


def test_what_is_refused_says_nothing_of_the_other(catalog: Services, app: Service):  # noqa: F811
    one = {"sku": "M-1", "options": {"size": "S"}, "stock": 1}
    several = of("prd_2", "acc_2").product.model_dump(exclude_defaults=True) | {"options": [{"name": "size"}], "variants": [one]}
    publish(catalog, of("prd_1", "acc_1"), of("prd_2", "acc_2").model_copy(update={"product": Product.model_validate(several)}))
    assert linked(app, "prd_2", OPERATOR, **SAME).status == 409
    assert not told(catalog, "acc_1", "prd_1").named
