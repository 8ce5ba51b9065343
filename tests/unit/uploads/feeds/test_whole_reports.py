"""No row of a feed is lost between its file and its report."""

import json

import pytest

from tests.unit.uploads.conftest import PRODUCT_ID, Uploads

HEADER = "sku,title_en,category,price,currency,stock"
FLAT = {"title_en": "t", "category": "hg-3-2", "price": "1", "currency": "EUR", "stock": 1}


def test_pages_of_a_report_hold_every_row_though_codes_repeat(uploads: Uploads) -> None:
    rows = "\n".join(f"S{i % 8},a,hg-3-2,1,EUR,1" for i in range(10))
    feed_id = uploads.feed(f"{HEADER}\n{rows}\n".encode())
    found, query = list[int](), {"limit": "3"}
    while query:
        page = uploads.report(feed_id, **query)
        found += [row["row"] for row in page["items"]]
        query = {"limit": "3", "cursor": page["next"]} if page.get("next") else {}
    assert sorted(found) == list(range(2, 12))
    assert uploads.counts(feed_id)["read"] == 10


def test_a_field_that_a_late_line_is_the_first_to_name_is_read(uploads: Uploads) -> None:
    lines = [json.dumps(FLAT | {"sku": f"S{i}"}) for i in range(60)] + [json.dumps(FLAT | {"sku": "A-1", "brand": "Acme", "weight_g": 5})]
    feed_id = uploads.feed("\n".join(lines).encode(), constants={"origin": "CN"})
    assert [uploads.submission()["product"][name] for name in ("brand", "weight", "origin")] == ["Acme", 5, "CN"]
    assert uploads.get("/v1/feeds/{feed_id}", feed_id=feed_id).body["unknown_columns"] == []


def columns(count: int) -> str:
    return ",".join(f"option:a{i}" for i in range(count))


@pytest.mark.parametrize(
    ("file", "how"),
    [
        (f"{HEADER},{columns(250)}\n", {}),
        (f"{HEADER},{columns(194)}\nA-1,t,hg-3-2,1,EUR,1{',x' * 194}\n", {"constants": {"origin": "CN"}}),
        (f"{HEADER}\nA-1,t,hg-3-2,1,EUR,1\n", {"encoding": "utf-16"}),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once_and_stops_nobody(uploads: Uploads, file: str, how: dict[str, object]) -> None:
    feed = uploads.get("/v1/feeds/{feed_id}", feed_id=uploads.feed(file.encode(), **how)).body
    assert (feed["state"], feed["error"]["code"]) == ("refused", "wrong-encoding" if "encoding" in how else "wrong-header")


def test_a_variant_without_a_price_is_not_sold_at_its_sisters(uploads: Uploads) -> None:
    rows = "R,A-1,t,hg-3-2,10,EUR,1,c,r\nB,A-1,t,hg-3-2,,EUR,1,c,b\n"
    feed_id = uploads.feed(f"sku,parent_sku,title_en,category,price,currency,stock,option1_name,option1_value\n{rows}".encode())
    (row,) = uploads.report(feed_id)["items"]
    assert [(error["code"], error["column"], error["row"]) for error in row["errors"]] == [("missing", "price", 3)]
    parent = "A-1,,t,hg-3-2,10,EUR,,,\n"
    uploads.feed(f"sku,parent_sku,title_en,category,price,currency,stock,option1_name,option1_value\n{parent}{rows}".encode(), "f2")
    assert uploads.get("/v1/products/{product_id}", product_id=PRODUCT_ID).status == 200
