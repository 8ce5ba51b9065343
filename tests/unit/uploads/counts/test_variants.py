"""A product with variants is taken in as one, and its count is one event with the units of each."""

from typing import Any

import pytest

from functions.uploads.counts.count_views import CountStock
from functions.uploads.products.product_views import SentProduct
from shared.ids import derived_id, offer_id_of
from shared.messages import ProductApproved, ProductHeld, ProductRefused
from shared.trade.product import Product
from shared.variants.offered import variant_offer_id
from tests.unit.uploads.conftest import PRODUCT_ID, Uploads
from tests.unit.uploads.counts.test_counts import counts, product
from tests.unit.uploads.samples import ACCOUNT

OWN, BLUE = offer_id_of(PRODUCT_ID), derived_id("off", PRODUCT_ID, "A-1-blue")


def scarf(red: int = 5, blue: int = 3, **more: Any) -> dict[str, Any]:
    variants = [
        {"sku": "A-1", "options": {"colour": "red"}, "stock": red},
        {"sku": "A-1-blue", "options": {"colour": "blue"}, "stock": blue, "price": {"amount": 900, "currency": "EUR"}, **more},
    ]
    return product(options=[{"name": "colour"}], variants=variants)


def counted(uploads: Uploads, *asks: dict[str, Any], key: str = "c1", **more: Any) -> list[tuple[str | None, str, str]]:
    answer = uploads.post({"counts": list(asks), **more}, key, "/v1/stock-counts")
    assert answer.status == 202, answer.body
    return [(item.get("variant"), item["offer_id"], item["outcome"]) for item in answer.body["items"]]


def tones(**stock: int) -> dict[str, Any]:
    """The scarf, of which no variant has the product's own sku."""
    sent = scarf(**stock)
    sent["variants"][0]["sku"] = "A-1-red"
    return sent


def decide(uploads: Uploads, version: int, how: str) -> None:
    about = {"version": version, "product_id": PRODUCT_ID, "supplier_id": ACCOUNT}
    said = {"code": "c", "evidence": "e"}
    match how:
        case "held":
            uploads.hear(ProductHeld(**about, **said))
        case "refused":
            uploads.hear(ProductRefused(**about, **said, remedy="r", decided_by="rules"))
        case _:
            sold = Product.model_validate(product())
            uploads.hear(ProductApproved(**about, product=sold, decided_by="rules"))


def units() -> dict[str, int]:
    found = counts()
    assert found
    return found.units()


def test_a_new_version_of_a_product_with_variants_counts_each_in_one_event(uploads: Uploads) -> None:
    assert uploads.post(scarf()).status == 202
    assert counts() is None
    assert uploads.put(scarf(red=6)).body["version"] == 2
    found = counts()
    assert found
    assert (found.version, found.stock, found.variants) == (1, 6, {OWN: 6, BLUE: 3})
    assert uploads.put(scarf(red=6)).body["version"] == 2
    again = counts()
    assert again
    assert (again.version, again.units()) == (2, {OWN: 6, BLUE: 3})


def test_variants_are_counted_by_their_sku_beside_the_products_and_together_they_are_one_count(uploads: Uploads) -> None:
    uploads.post(scarf())
    asks = [{"sku": "A-1", "variant": "A-1-blue", "stock": 8}, {"sku": "A-1", "stock": 2}, {"sku": "A-1", "variant": "A-1-old", "stock": 1}]
    lost = variant_offer_id(PRODUCT_ID, "A-1", "A-1-old")
    told = [("A-1-blue", BLUE, "counted"), (None, OWN, "counted"), ("A-1-old", lost, "unknown")]
    assert counted(uploads, *asks) == told
    assert counted(uploads, *asks) == told
    found = counts()
    assert found
    assert (found.version, found.stock, found.variants) == (1, 2, {BLUE: 8, OWN: 2})


def test_a_count_of_one_variant_says_nothing_of_the_others(uploads: Uploads) -> None:
    uploads.post(scarf())
    counted(uploads, {"sku": "A-1", "variant": "A-1-blue", "stock": 8})
    found = counts()
    assert found
    assert (found.stock, found.variants) == (0, {BLUE: 8}), "a release that knows no variants reads `stock` as the product's own"


def test_a_product_without_variants_has_none_to_count(uploads: Uploads) -> None:
    uploads.post(product())
    assert [outcome for *_, outcome in counted(uploads, {"sku": "A-1", "variant": "A-1-blue", "stock": 8})] == ["unknown"]
    assert [outcome for *_, outcome in counted(uploads, {"sku": "A-1", "variant": "A-1", "stock": 8}, key="c2")] == ["counted"]
    found = counts()
    assert found
    assert (found.stock, found.variants) == (8, {})


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"pictures": ["pic_none"]}, "/variants/1/pictures/0"),
        ({"price": {"amount": 900, "currency": "GBP"}}, "/variants"),
        ({"weight": 0}, "/variants/1/weight"),
    ],
)
def test_what_is_wrong_with_a_variant_is_told_by_its_place(uploads: Uploads, wrong: dict[str, Any], pointer: str) -> None:
    answer = uploads.post(scarf(**wrong))
    assert answer.status == 422
    assert [error["pointer"] for error in answer.body["errors"]] == [pointer]


def test_a_product_without_variants_is_the_same_request_as_before_there_were_any() -> None:
    assert not {"options", "variants"} & SentProduct.model_validate(product()).model_dump().keys()
    asked = {"counts": [{"sku": "A-1", "stock": 3}]}
    assert CountStock.model_validate(asked).model_dump()["counts"] == asked["counts"]


@pytest.mark.parametrize("how", ["held", "refused"])
def test_what_is_on_sale_is_counted_while_a_version_that_has_it_no_more_waits_or_is_refused(uploads: Uploads, how: str) -> None:
    uploads.post(product())
    decide(uploads, 1, "approved")
    uploads.put(tones())
    decide(uploads, 2, how)
    assert counted(uploads, {"sku": "A-1", "stock": 4}) == [(None, OWN, "counted")]
    assert units() == {OWN: 4}
    uploads.put(tones(red=1))
    assert counted(uploads, {"sku": "A-1", "stock": 3}, key="c2") == [(None, OWN, "counted")]
    decide(uploads, 3, "approved")
    assert counted(uploads, {"sku": "A-1", "stock": 2}, key="c3") == [(None, OWN, "unknown")]
    uploads.put(product())
    decide(uploads, 4, how)
    assert counted(uploads, {"sku": "A-1", "variant": "A-1-blue", "stock": 7}, key="c4") == [("A-1-blue", BLUE, "counted")]
    assert units() == {BLUE: 7}


def test_variants_have_as_many_units_each_as_a_product(uploads: Uploads) -> None:
    most = 10_000_000
    assert uploads.post({**scarf(red=most, blue=most), "stock_counts": "available"}).status == 202
    assert units() == {OWN: most, BLUE: most}
    asks = [{"sku": "A-1", "stock": most}, {"sku": "A-1", "variant": "A-1-blue", "stock": most}]
    assert [outcome for *_, outcome in counted(uploads, *asks)] == ["counted", "counted"]
