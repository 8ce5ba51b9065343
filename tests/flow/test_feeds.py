"""A supplier's file through the presigned way: what is good goes on sale, what is bad is said row by row, and nothing is half done."""

import gzip
import io
import json
import uuid
import zipfile
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from hubclient.hub import Hub
from local.stack import Stack
from tests.flow.doors import refused
from tests.flow.market import CASH, TABLE_RATE, Market, eventually

pytestmark = pytest.mark.xdist_group("hub")
COLUMNS = "sku,title_en,title_zh,category,price,currency,stock,weight_g,length_mm,width_mm,height_mm,hs_code,origin"
SETTLED = ("read", "refused")


@dataclass(frozen=True)
class Report:
    """How a feed ended."""

    feed: dict[str, Any]
    rows: list[dict[str, Any]]

    def faults(self) -> dict[int, tuple[str, str]]:
        """Row number → column and code of its first error; every error says how to mend it."""
        assert all(len(error["detail"]) > 15 for row in self.rows for error in row["errors"])
        return {row["row"]: (row["errors"][0]["column"], row["errors"][0]["code"]) for row in self.rows if row["errors"]}


def row(sku: str, **changes: str) -> str:
    """A line of the file; `changes` replace its cells."""
    cells = dict(zip(COLUMNS.split(","), f"{sku},Bowl {sku},木碗 {sku},hg,10.00,GBP,5,400,200,200,80,441990,CN".split(","), strict=True))
    return ",".join((cells | changes).values())


def file(*rows: str, columns: str = COLUMNS) -> str:
    return "\n".join((columns, *rows)) + "\n"


def opened(hub: Hub, size: int, **how: Any) -> dict[str, Any]:
    """A feed that awaits a file of `size` bytes."""
    made: dict[str, Any] = hub.post("/v1/feeds", {"format": "csv", "name": "goods.csv", "bytes": size, **how})
    return made


def put(upload: dict[str, Any], data: bytes, **headers: str) -> int:
    """PUT `data` where the hub said, with the headers it said unless `headers` differ; answers the status."""
    place = urlsplit(upload["url"])
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
    sent = upload["headers"] | {"content-length": str(len(data))} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("PUT", f"{place.path}?{place.query}", data, sent)
    status = connection.getresponse().status
    connection.close()
    return status


def sent(hub: Hub, data: bytes, **how: Any) -> Report:
    """Send a file and wait until every row of it has its outcome."""
    feed = opened(hub, len(data), **how)
    assert put(feed["upload"], data) == 200
    path = f"/v1/feeds/{feed['feed_id']}"
    ended = eventually(
        lambda: (f := hub.get(path))["state"] in SETTLED and f["rows"]["waiting"] == f["rows"]["submitted"] == 0 and f,
    )
    return Report(ended, hub.all(f"{path}/rows", limit=100))


@pytest.fixture
def skus() -> list[str]:
    return [f"{uuid.uuid4().hex[:10]}" for _ in range(12)]


def titles(market: Market, report: Report) -> list[dict[str, str]]:
    """What stands in each product of a feed, by language."""
    products = [market.supplier.hub.get(f"/v1/products/{row['product_id']}")["product"] for row in report.rows]
    return [{language: text["title"] for language, text in product["texts"].items()} for product in products]


def test_good_rows_go_on_sale_bad_ones_are_told_with_row_column_and_remedy_and_the_same_file_again_changes_nothing(
    market: Market, skus: list[str]
):
    shop = market.shop([CASH], [TABLE_RATE])
    rows = [
        row(skus[0]),
        row(skus[1], title_en="- Soft cotton"),
        row(skus[2], category="hg-9999"),
        row(skus[3], category="Gizmos"),
        row(skus[4], price="-1.00"),
        row(skus[5], price="1.005"),
        row(skus[6], stock="1.5"),
        row(skus[0]),
        f"{skus[7]},only two",
        row(skus[8]) + ",one more",
        row(skus[9], title_en='"an open quote'),
    ]
    data = file(*rows[:-1], "", row(skus[10]), rows[-1]).encode()
    report = sent(market.supplier.hub, data)
    assert report.faults() == {
        4: ("category", "unknown-category"),
        5: ("category", "unknown-category"),
        6: ("price", "invalid"),
        7: ("price", "invalid"),
        8: ("stock", "invalid"),
        9: ("sku", "repeated-sku"),
        10: ("", "ragged"),
        11: ("", "ragged"),
        14: ("", "not-csv"),
    }
    approved = {found["sku"]: found["product_id"] for found in report.rows if found["status"] == "approved"}
    assert approved.keys() == {skus[0], skus[1], skus[10]}
    for product_id in approved.values():
        assert market.offer(shop, product_id)["price"] == {"amount": 1250, "currency": "GBP"}
    again = sent(market.supplier.hub, data)
    assert (again.feed["rows"]["unchanged"], again.feed["rows"]["approved"]) == (3, 0)
    assert again.faults() == report.faults()
    assert {market.supplier.hub.get(f"/v1/products/{product_id}")["version"] for product_id in approved.values()} == {1}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_chinese_titles_arrive_as_they_were_written(encoding: str, market: Market, skus: list[str]):
    wanted = ["手工胡桃木碗", "青花瓷茶具套装", "竹编收纳篮，大号"]
    rows = [row(sku, title_zh=title) for sku, title in zip(skus, wanted, strict=False)]
    report = sent(market.supplier.hub, file(*rows).encode(encoding))
    assert report.feed["encoding"] == encoding
    assert [text["zh"] for text in titles(market, report)] == wanted


def test_accents_of_latin_1_arrive_as_they_were_written(market: Market, skus: list[str]):
    wanted = ["Théière en grès émaillé", "Käsemesser für Könner", "Señal de jardín"]
    rows = [row(sku, title_en=title, title_zh="") for sku, title in zip(skus, wanted, strict=False)]
    report = sent(market.supplier.hub, file(*rows).encode("latin-1"), encoding="cp1252")
    assert [text["en"] for text in titles(market, report)] == wanted


BOMB = io.BytesIO()
with zipfile.ZipFile(BOMB, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("goods.csv", b"0" * 20_000_000)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("wrong-header", b"gizmo,widget\nBowl,1\n"),
        ("empty", b"\n"),
        ("compressed", BOMB.getvalue()),
        ("compressed", gzip.compress(b"0" * 20_000_000)),
        ("not-text", file("x").encode() + b"\0"),
    ],
    ids=["wrong header", "blank", "zip bomb", "gzip bomb", "zero bytes"],
)
def test_a_file_that_is_no_feed_is_refused_as_a_whole(code: str, data: bytes, market: Market):
    report = sent(market.supplier.hub, data)
    assert (report.feed["state"], report.feed["error"]["code"], report.rows) == ("refused", code, [])
    assert report.feed["error"]["detail"]


def test_a_file_that_is_not_the_declared_one_is_not_let_in(market: Market, skus: list[str]):
    hub, data = market.supplier.hub, file(row(skus[0])).encode()
    for size in (0, -1, 50_000_001, 200_000_000):
        problem = refused(hub.send("POST", "/v1/feeds", {"format": "csv", "name": "x", "bytes": size}, key=str(uuid.uuid4())), 422)
        assert problem["errors"][0]["pointer"] == "/bytes"
    feed = opened(hub, len(data))
    for other in (b"", data + b"x" * 100_000, b"x" * 200_000_000):
        assert put(feed["upload"], other) == 403
    assert put(feed["upload"], data, content_type="text/html") == 403
    assert hub.get(f"/v1/feeds/{feed['feed_id']}")["state"] == "awaiting"
    assert put(feed["upload"], data) == 200
    assert put(feed["upload"], data) == 412, "nor is it replaced"


def test_a_row_that_waits_for_a_person_is_overtaken_by_the_next_file(market: Market, skus: list[str]):
    waiting = sent(market.supplier.hub, file(row(skus[0], title_en="A machete")).encode())
    assert waiting.feed["rows"]["held"] == 1
    assert sent(market.supplier.hub, file(row(skus[0])).encode()).feed["rows"]["approved"] == 1
    path = f"/v1/feeds/{waiting.feed['feed_id']}"
    assert [found["status"] for found in market.supplier.hub.all(f"{path}/rows", limit=100)] == ["superseded"]
    assert market.supplier.hub.get(path)["rows"]["superseded"] == 1


def test_a_file_of_unknown_columns_is_asked_about_and_read_by_its_suppliers_mapping_as_the_next_one_is_at_once(
    market: Market, skus: list[str]
):  # fmt: skip
    hub, fields = market.supplier.hub, COLUMNS.split(",")
    named = ["Artikelnummer", "Bezeichnung", *(f"Spalte {i}" for i in range(2, len(fields)))]
    columns, rules = ",".join(named), [{"field": field, "column": column} for field, column in zip(fields, named, strict=True)]
    data = file(row(skus[0]), columns=columns).encode()
    feed = opened(hub, len(data), format="auto")
    assert put(feed["upload"], data) == 200
    path = f"/v1/feeds/{feed['feed_id']}"
    held = eventually(lambda: (f := hub.get(path))["state"] in (*SETTLED, "held") and f)
    assert (held["state"], held["error"]["code"]) == ("held", "mapping-needed")
    assert [rule["field"] for rule in held["question"]["mapping"]["rules"]][:2] == ["sku", "title"]
    hub.send("PUT", f"{path}/reading", {"mapping": {"name": "spalten", "rules": rules}})
    assert eventually(lambda: (f := hub.get(path))["state"] == "read" and f["rows"].get("approved") == 1)
    assert hub.send("PUT", "/v1/feed-mappings/spalten", {"rules": rules}).status == 200
    assert sent(hub, file(row(skus[1]), columns=columns).encode(), format="auto").feed["rows"]["approved"] == 1
    assert hub.send("DELETE", "/v1/feed-mappings/spalten").status == 204
    assert "spalten" not in [kept["name"] for kept in hub.get("/v1/feed-mappings")["items"]]


def test_a_file_that_is_told_of_twice_is_read_once(stack: Stack, market: Market, skus: list[str]):
    report = sent(market.supplier.hub, file(row(skus[0])).encode())
    key = f"feeds/{market.supplier.account_id}/{report.feed['feed_id']}.csv"
    record = {"eventTime": "2026-11-29T12:00:00.000Z", "s3": {"object": {"key": key}}}
    sqs = stack.client("sqs")
    queue = next(url for url in sqs.list_queues()["QueueUrls"] if "FeedsQueue" in url)
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"Records": [record]}))
    assert stack.quiet()
    assert market.supplier.hub.get(f"/v1/feeds/{report.feed['feed_id']}") == report.feed


def test_what_a_complete_file_lacks_is_archived_and_comes_back_with_the_next_one(market: Market, skus: list[str]):
    shop, hub, source = market.shop([CASH], [TABLE_RATE]), market.supplier.hub, uuid.uuid4().hex
    first = sent(hub, file(*map(row, skus[:3])).encode(), complete=True, source=source)
    ids = {found["sku"]: found["product_id"] for found in first.rows}
    preview = sent(hub, file(*map(row, skus[:2])).encode(), complete=True, source=source, preview=True).feed["archiving"]
    assert (preview["state"], preview["there"], preview["missing"], preview["examples"]) == ("previewed", 3, 1, [skus[2]])
    path = f"/v1/feeds/{sent(hub, file(*map(row, skus[:2])).encode(), complete=True, source=source).feed['feed_id']}"
    eventually(lambda: hub.get(path)["archiving"]["state"] == "archived")
    assert hub.all(f"{path}/archived", limit=100) == [{"product_id": ids[skus[2]], "sku": skus[2]}]
    assert eventually(lambda: hub.get(f"/v1/products/{ids[skus[2]]}")["status"] == "delisted")
    back = sent(hub, file(*map(row, skus[:3])).encode(), complete=True, source=source)
    assert (back.feed["rows"]["unchanged"], back.feed["rows"]["approved"]) == (2, 1)
    assert market.offer(shop, ids[skus[2]])["price"] == {"amount": 1250, "currency": "GBP"}
    asked = f"/v1/feeds/{sent(hub, file(row(skus[0])).encode(), complete=True, source=source).feed['feed_id']}"
    assert eventually(lambda: hub.get(asked)["archiving"]["state"] == "asked")
    hub.send("PUT", f"{asked}/archiving", {"archive": False})
    assert hub.get(asked)["archiving"]["state"] == "kept"
