"""A supplier's defaults fill what its uploads leave out, nothing else, and what they filled is said."""

from contextlib import suppress
from typing import Any

import pytest

from functions.uploads.defaults.product_defaults import CategoryDefaults, filled
from shared.trade.product import Product
from tests.dynamodb import losing_answer
from tests.fakes import Reply, call
from tests.unit.uploads.conftest import SUPPLIER, Uploads
from tests.unit.uploads.samples import file_of, product

BARE = {name: value for name, value in product().items() if name not in ("weight", "size", "hs_code", "origin")}
MINE = [
    {"category": "*", "origin": "CN", "weight": 500},
    {"category": "hg", "weight": 400, "hs_code": "940550"},
    {"category": "hg-3", "weight": 300},
]
HEAD = ["sku", "title_en", "category", "price", "currency", "stock", "weight_g"]


def setting(uploads: Uploads, items: Any) -> Reply:
    return call(uploads.app, "PUT", "/v1/product-defaults", body={"items": items}, by=SUPPLIER)


def test_the_nearest_category_fills_each_gap_and_what_is_said_stays():
    mine = [CategoryDefaults.model_validate(each) for each in MINE]
    found = filled(Product.model_validate(BARE), mine)
    assert (found.product.weight, found.product.hs_code, found.product.origin, found.product.size) == (300, "940550", "CN", None)
    assert found.by == {"weight": "hg-3", "hs_code": "hg", "origin": "*"}
    whole = Product.model_validate(product())
    assert filled(whole, mine) == filled(whole, ())
    used = [CategoryDefaults(category="*", condition="used")]
    assert [filled(Product.model_validate(product(**said)), used).product.condition for said in ({}, {"condition": "new"})] == [
        "used",
        "new",
    ]
    elsewhere = filled(Product.model_validate(BARE | {"category": "ap-2"}), mine)
    assert (elsewhere.product.weight, elsewhere.by) == (500, {"weight": "*", "origin": "*"})
    below = filled(Product.model_validate(BARE | {"category": "hg-30"}), mine)
    assert below.by["weight"] == "hg"


def test_what_is_sent_is_filled_and_the_answer_and_the_product_say_so(uploads: Uploads) -> None:
    assert setting(uploads, MINE[:1]).status == 200
    first = uploads.post(BARE)
    assert first.body["filled"] == {"weight": "*", "origin": "*"}
    shown = uploads.submission()
    assert (shown["filled"], shown["product"]["weight"], shown["product"]["origin"]) == (first.body["filled"], 500, "CN")
    assert uploads.post(BARE) == first
    assert "filled" not in uploads.put(product(stock=3)).body
    assert "filled" not in uploads.submission()


def test_defaults_that_are_sent_again_after_a_lost_answer_are_answered_as_the_first_time(uploads: Uploads) -> None:
    with losing_answer(1), suppress(ConnectionError):
        setting(uploads, MINE[:1])
    again = setting(uploads, MINE[:1])
    assert (again.status, again.body["items"]) == (200, MINE[:1])
    assert call(uploads.app, "GET", "/v1/product-defaults", by=SUPPLIER).body == again.body


def test_other_defaults_change_nothing_that_was_sent_and_fill_what_is_sent_again(uploads: Uploads) -> None:
    setting(uploads, MINE[:1])
    uploads.post(BARE)
    setting(uploads, [{"category": "*", "weight": 700}])
    assert uploads.submission()["product"]["weight"] == 500
    assert uploads.post(BARE).body["filled"] == {"weight": "*", "origin": "*"}
    again = uploads.put(BARE).body
    assert (again["version"], again["filled"]) == (2, {"weight": "*"})
    assert uploads.put(BARE).body["version"] == 2


def test_a_feeds_rows_say_what_was_filled(uploads: Uploads) -> None:
    setting(uploads, MINE[:1])
    cells = ["Lantern", "hg-3-2", "2.55", "EUR", "40"]
    feed_id = uploads.feed(file_of(["A-1", *cells, ""], ["A-2", *cells, "310"], columns=HEAD).encode())
    assert [(row["sku"], row["status"], row["filled"]) for row in uploads.report(feed_id)["items"]] == [
        ("A-1", "submitted", {"weight": "*", "origin": "*"}),
        ("A-2", "submitted", {"origin": "*"}),
    ]
    assert uploads.submission()["filled"] == {"weight": "*", "origin": "*"}


def test_defaults_are_replaced_as_a_whole_and_are_their_suppliers_own(uploads: Uploads) -> None:
    setting(uploads, MINE[:1])
    assert uploads.get("/v1/product-defaults").body == {"items": MINE[:1]}
    assert setting(uploads, []).body == {"items": []}
    assert uploads.get("/v1/product-defaults").body == {"items": []}
    assert "filled" not in uploads.post(BARE).body


@pytest.mark.parametrize(("item", "pointer"), [
    ({"category": "hg-9"}, "/items/0/category"), ({"category": "*", "origin": "UK"}, "/items/0/origin"),
    ({"category": "*", "hs_code": "000000"}, "/items/0/hs_code"), ({"category": "*", "weight": 0}, "/items/0/weight"),
])  # fmt: skip
def test_a_default_that_no_product_could_have_is_refused_by_its_field(uploads: Uploads, item: Any, pointer: str) -> None:
    refused = setting(uploads, [item])
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
    assert setting(uploads, [{"category": "*"}] * 2).body["errors"][0]["pointer"] == "/items/1/category"
    assert setting(uploads, [{"category": "*"}] * 201).status == 422
