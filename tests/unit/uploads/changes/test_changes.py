"""Price and stock change alone: by PATCH, or by a file that says no more; all else of a product stays, and nothing is counted unsaid."""

from typing import Any

import pytest

from functions.uploads.changes.change import Change, priced, priced_as
from functions.uploads.products.submission import product_id_of
from monsoon_plugin.money import Amount
from shared.trade.product import Product
from shared.variants.offered import offers_of, variant_offer_id
from tests.fakes import caller
from tests.unit.uploads.conftest import PRODUCT_ID, SUPPLIER, Reply, Uploads, call
from tests.unit.uploads.samples import ACCOUNT, CELLS, file_of, product

SHAWL: dict[str, Any] = {
    "options": [{"name": "colour"}], "stock": 0,
    "variants": [{"sku": "A-R", "options": {"colour": "red"}, "stock": 3}, {"sku": "A-B", "options": {"colour": "blue"}, "stock": 4}],
}  # fmt: skip


def patch(uploads: Uploads, by: Any = SUPPLIER, **body: Any) -> Reply:
    return call(uploads.app, "PATCH", "/v1/products/{product_id}", path={"product_id": PRODUCT_ID}, body=body, by=by)


def now(uploads: Uploads) -> Any:
    return uploads.submission()["product"]


def counts(uploads: Uploads) -> Any:
    return uploads.services.count_store.current(ACCOUNT, [PRODUCT_ID])


def eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


def test_a_price_changes_and_nothing_else_and_no_stock_is_counted(uploads: Uploads) -> None:
    uploads.post(product(tags=["gift"]))
    before = now(uploads)
    assert patch(uploads, price=eur(300)).status == 202
    assert now(uploads) == before | {"price": eur(300)}
    assert counts(uploads) == {}


def test_a_stock_is_a_count(uploads: Uploads) -> None:
    uploads.post(product())
    assert patch(uploads, stock=7).status == 202
    assert (now(uploads)["stock"], counts(uploads)[PRODUCT_ID].stock) == (7, 7)


def test_a_variants_own_price_and_stock_change_and_its_sisters_stay(uploads: Uploads) -> None:
    uploads.post(product(**SHAWL))
    assert patch(uploads, variants=[{"sku": "A-B", "price": eur(400), "stock": 9}]).status == 202
    red, blue = now(uploads)["variants"]
    assert (red.get("price"), red["stock"], blue["price"], blue["stock"]) == (None, 3, eur(400), 9)


@pytest.mark.parametrize(
    "body",
    [{}, {"variants": [{"sku": "X", "stock": 1}]}, {"stock": 5}, {"variants": [{"sku": "A-B", "price": {"amount": 1, "currency": "USD"}}]}],
)
def test_what_cannot_be_changed_is_refused_by_name(uploads: Uploads, body: dict[str, Any]) -> None:
    uploads.post(product(**SHAWL))
    assert patch(uploads, **body).status == 422
    assert uploads.submission()["version"] == 1


def test_nobody_elses_product_is_changed(uploads: Uploads) -> None:
    uploads.post(product())
    assert patch(uploads, caller("acc_2", "supplier"), stock=7).status == 404


def test_the_same_change_again_changes_nothing_more(uploads: Uploads) -> None:
    uploads.post(product())
    assert patch(uploads, price=eur(300)).body == patch(uploads, price=eur(300)).body


def test_a_file_of_stock_counts_and_makes_no_version(uploads: Uploads) -> None:
    uploads.post(product())
    feed_id = uploads.feed(b"SKU;Stock\nA-1;7\nZ-9;1\n", partial=True)
    known, unknown = uploads.report(feed_id)["items"]
    assert (known["status"], known["stock"], uploads.submission()["version"]) == ("unchanged", "counted", 1)
    assert (unknown["errors"][0]["code"], unknown["sku"]) == ("unknown-sku", "Z-9")
    assert counts(uploads)[PRODUCT_ID].stock == 7


def test_a_file_of_prices_changes_prices_and_counts_nothing(uploads: Uploads) -> None:
    uploads.post(product())
    feed_id = uploads.feed(b"sku,price\nA-1,3.10\n", partial=True)
    assert uploads.report(feed_id)["items"][0]["status"] == "submitted"
    assert (now(uploads)["price"], now(uploads)["texts"]["en"]["title"], counts(uploads)) == (eur(310), "White lantern", {})


def test_a_file_of_variants_names_their_product(uploads: Uploads) -> None:
    uploads.post(product(**SHAWL))
    uploads.feed(b"sku,parent_sku,price,stock\nA-R,A-1,2.55,1\nA-B,A-1,4.00,2\n", partial=True)
    assert [(v.get("price"), v["stock"]) for v in now(uploads)["variants"]] == [(None, 3), (eur(400), 4)]
    assert sum(counts(uploads)[PRODUCT_ID].variants.values()) == 3


def test_a_partial_chunk_that_comes_again_changes_nothing(uploads: Uploads) -> None:
    uploads.post(product())
    uploads.arrive(uploads.open_feed(b"sku,price,stock\nA-1,3.10,7\n", partial=True))
    bodies = uploads.drain()
    uploads.run(bodies)
    first = uploads.submission(), counts(uploads)
    uploads.run([*bodies, *bodies])
    assert (uploads.submission(), counts(uploads)) == first


def test_a_preview_of_changes_takes_none(uploads: Uploads) -> None:
    uploads.post(product())
    feed_id = uploads.feed(b"sku,price\nA-1,3.10\n", partial=True, preview=True)
    assert uploads.report(feed_id)["items"][0]["product"]["price"] == eur(310)
    assert now(uploads)["price"] == eur(255)


def test_a_variants_count_leaves_what_is_left_of_its_sisters(uploads: Uploads) -> None:
    """Their number as it was sent last is older than what has been sold since."""
    uploads.post(product(**SHAWL))
    patch(uploads, variants=[{"sku": "A-B", "stock": 9}])
    assert counts(uploads)[PRODUCT_ID].variants == {variant_offer_id(PRODUCT_ID, "A-1", "A-B"): 9}
    uploads.feed(b"sku,parent_sku,stock\nA-1,,\nA-R,A-1,1\n", partial=True)
    assert counts(uploads)[PRODUCT_ID].variants == {variant_offer_id(PRODUCT_ID, "A-1", "A-R"): 1}


def test_one_row_of_a_variant_finds_its_product(uploads: Uploads) -> None:
    uploads.post(product(**SHAWL))
    feed_id = uploads.feed(b"sku,parent_sku,price,stock\nA-R,A-1,4.00,1\n", partial=True)
    assert uploads.report(feed_id)["items"][0]["status"] == "submitted"
    assert [v.get("price") for v in now(uploads)["variants"]] == [eur(400), None]


def test_a_code_that_a_spreadsheet_has_wrapped_or_shortened_is_read_or_named(uploads: Uploads) -> None:
    uploads.post(product())
    feed_id = uploads.feed(b"sku,stock\n'A-1,1\n8.41E+12,2\nA-1,3\n", partial=True)
    assert [row["status"] for row in uploads.report(feed_id)["items"]] == ["unchanged", "failed", "failed"]


def test_a_change_of_the_variant_that_has_the_products_code_is_of_no_other(uploads: Uploads) -> None:
    own, blue = SHAWL["variants"]
    uploads.post(product(**SHAWL | {"variants": [own | {"sku": "A-1"}, blue]}))
    patch(uploads, variants=[{"sku": "A-1", "price": eur(999)}])
    assert (now(uploads)["price"], [v.get("price") for v in now(uploads)["variants"]]) == (eur(255), [eur(999), None])
    patch(uploads, price=eur(300))
    assert (now(uploads)["price"], [v.get("price") for v in now(uploads)["variants"]]) == (eur(300), [eur(999), None])


def test_a_files_constant_currency_is_that_of_its_prices(uploads: Uploads) -> None:
    uploads.post(product())
    uploads.feed(b"sku,price\nA-1,3.10\n", partial=True, constants={"currency": "USD"})
    assert now(uploads)["price"] == {"amount": 310, "currency": "USD"}


def test_a_change_fills_nothing_and_keeps_what_was_filled_told(uploads: Uploads) -> None:
    """Defaults fill what is sent from now on; here all but the price was sent before."""

    def defaults(**usual: Any) -> None:
        call(uploads.app, "PUT", "/v1/product-defaults", body={"items": [{"category": "*", **usual}]}, by=SUPPLIER)

    defaults(handling_days=2)
    uploads.post(product(condition="new"))
    before = now(uploads)
    defaults(handling_days=3, condition="used")
    assert patch(uploads, price=eur(300)).body["filled"] == {"handling_days": "*"}
    assert now(uploads) == before | {"price": eur(300)}
    uploads.feed(b"sku,price\nA-1,3.10\n", partial=True)
    assert (now(uploads), uploads.submission()["filled"]) == (before | {"price": eur(310)}, {"handling_days": "*"})


SHIRTS = [
    product(
        sku=f"T{n}", options=[{"name": "size"}], stock=0,
        variants=[{"sku": f"T{n}-{size}", "options": {"size": size}, "stock": 1, **codes} for size, codes in sizes.items()],
    )
    for n, sizes in enumerate(({"S": {}, "M": {"gtin": "4006381333931"}}, {"S": {}, "M": {}}))
]  # fmt: skip


def counted(uploads: Uploads, sku: str) -> dict[str, int]:
    product_id = product_id_of(ACCOUNT, sku)
    found = uploads.services.count_store.current(ACCOUNT, [product_id]).get(product_id)
    offers = {variant_offer_id(product_id, sku, f"{sku}-{size}"): size for size in "SM"}
    return {offers[offer]: units for offer, units in found.variants.items()} if found else {}


def test_a_variants_row_finds_its_product_by_its_own_code_alone(uploads: Uploads) -> None:
    for n, each in enumerate((*SHIRTS, product())):
        assert uploads.post(each, f"s{n}").status == 202
    file = b"sku,stock,price\nT0-M,7,2.99\nA-1,5,\n'T1-S,8,\nT0-S,9,\nT0-M,3,\nnobody's,1,\n"
    feed_id = uploads.feed(file, partial=True, constants={"currency": "EUR"})
    items = uploads.report(feed_id)["items"]
    shown = {row["row"]: (row["sku"], row["status"], [e["code"] for e in row.get("errors", [])]) for row in items}
    assert shown == {
        2: ("T0", "submitted", []), 3: ("A-1", "unchanged", []), 4: ("T1", "unchanged", []), 6: ("", "failed", ["repeated-sku"]),
        7: ("nobody's", "failed", ["unknown-sku"]),
    }  # fmt: skip
    assert (counted(uploads, "T0"), counted(uploads, "T1")) == ({"M": 7, "S": 9}, {"S": 8})
    prices = uploads.get("/v1/products/{product_id}", product_id=product_id_of(ACCOUNT, "T0")).body["product"]["variants"]
    assert [variant.get("price") for variant in prices] == [None, eur(299)]
    assert uploads.counts(feed_id)["waiting"] == 0


def test_a_row_finds_what_it_is_of_by_its_gtin(uploads: Uploads) -> None:
    for n, each in enumerate((*SHIRTS, product(gtin="5449000000996"))):
        uploads.post(each, f"s{n}")
    feed_id = uploads.feed(b"gtin,stock\n4006381333931,7\n5449000000996,4\n4006381333948,1\n", partial=True)
    shown = {row["row"]: (row["sku"], row["status"]) for row in uploads.report(feed_id)["items"]}
    assert shown == {2: ("T0", "unchanged"), 3: ("A-1", "unchanged"), 4: ("4006381333948", "failed")}
    assert (counted(uploads, "T0"), counts(uploads)[PRODUCT_ID].stock) == ({"M": 7}, 4)


def test_what_two_products_call_by_one_code_is_the_products_own(uploads: Uploads) -> None:
    uploads.post(SHIRTS[0], "s0")
    uploads.post(product(sku="T0-M"), "s1")
    feed_id = uploads.feed(b"sku,stock\nT0-M,7\n", partial=True)
    assert [row["sku"] for row in uploads.report(feed_id)["items"]] == ["T0-M"]
    assert counted(uploads, "T0") == {}


def test_nobody_elses_variant_is_found(uploads: Uploads) -> None:
    uploads.post(SHIRTS[0], "s0", by=caller("acc_2", "supplier"))
    feed_id = uploads.feed(b"sku,stock\nT0-M,7\n", partial=True)
    assert uploads.report(feed_id)["items"][0]["errors"][0]["code"] == "unknown-sku"


FIRST, FILE, OLDER = "2020-01-01T00:00:00.000Z", "2021-01-01T00:00:00.000Z", "2020-06-01T00:00:00.000Z"
"""Of content that was sent long before what is changed today, and of a file that was sent in between."""


def whole(uploads: Uploads, at: str, title: str = "灯笼", price: str = "2.55") -> Any:
    """What became of a file of the whole product, sent at that moment and read now."""
    cells = [*CELLS[:2], title, *CELLS[3:5], price, *CELLS[6:]]
    return uploads.counts(uploads.feed(file_of(cells).encode(), f"{at}{title.encode().hex()}{price}", at=at))


def shown(uploads: Uploads) -> tuple[str, int]:
    return now(uploads)["texts"]["zh"]["title"], now(uploads)["price"]["amount"]


@pytest.mark.parametrize("change", [{"price": eur(300)}, {"stock": 7}])
def test_a_small_change_that_overtakes_a_whole_upload_does_not_discard_it(uploads: Uploads, change: dict[str, Any]) -> None:
    """The file was sent before the change, and is read after it: its texts count, and the newer price, and the newer count."""
    whole(uploads, FIRST)
    assert patch(uploads, **change).status == 202
    assert whole(uploads, FILE, "白灯笼")["submitted"] == 1
    assert shown(uploads) == ("白灯笼", change.get("price", eur(255))["amount"])
    assert "stock" not in change or counts(uploads)[PRODUCT_ID].stock == 7
    assert whole(uploads, OLDER, "older")["superseded"] == 1, "the rest is of when it was sent whole"
    assert whole(uploads, "2099-01-01T00:00:00.000Z", "newer", "9.99")["submitted"] == 1
    assert shown(uploads) == ("newer", 999), "what is sent whole later says its own price"


def test_an_older_file_that_differs_in_a_price_sent_since_changes_nothing(uploads: Uploads) -> None:
    whole(uploads, FIRST)
    patch(uploads, price=eur(300))
    assert whole(uploads, FILE)["unchanged"] == 1
    assert shown(uploads) == ("灯笼", 300)


def test_prices_alone_are_taken_in_the_order_in_which_they_were_sent_and_the_rest_in_its_own(uploads: Uploads) -> None:
    whole(uploads, FIRST)
    prices = {at: f"sku,price,currency\nA-1,{price},EUR\n".encode() for at, price in ((OLDER, "3.10"), (FILE, "3.20"))}
    for at, became in ((FILE, "submitted"), (OLDER, "superseded")):
        assert uploads.counts(uploads.feed(prices[at], at, at=at, partial=True))[became] == 1
    assert whole(uploads, OLDER, "白灯笼")["submitted"] == 1
    assert shown(uploads) == ("白灯笼", 320)
    assert whole(uploads, FIRST, "first")["superseded"] == 1


def test_a_variants_price_that_was_sent_since_is_kept_and_a_new_variant_has_its_own() -> None:
    sent = {"sku": "A-G", "options": {"colour": "green"}, "stock": 1, "price": eur(700)}
    held = Product.model_validate(product(**SHAWL))
    held = priced(held, {"A-B": Change(price=Amount(amount=400, currency="EUR"))}, Change(price=Amount(amount=300, currency="EUR")))
    new = priced_as(Product.model_validate(product(**SHAWL | {"variants": [*SHAWL["variants"], sent]})), held)
    assert [offer.product.price.amount for offer in offers_of("off_1", "prd_1", new)] == [300, 400, 700]


def test_prices_that_do_not_go_with_a_whole_upload_leave_it_too_late(uploads: Uploads) -> None:
    """It is in another currency than the prices sent since: of the two nobody can say what was meant, and the later stays."""
    whole(uploads, FIRST)
    patch(uploads, price=eur(300))
    cells = [*CELLS[:6], "USD", *CELLS[7:]]
    tiers = uploads.counts(uploads.feed(file_of(cells).encode(), "usd", at=FILE))
    assert (tiers["submitted"] + tiers["superseded"], now(uploads)["price"]) == (1, eur(300))
