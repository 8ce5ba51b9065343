"""Each upload is a new count of the stock, whatever becomes of its texts; the same request or row again is none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.uploads.counts.stock_count import OLDEST, CountAsk, Upload
from functions.uploads.products.submission import product_id_of, submission_event
from monsoon_plugin.clock import from_rfc3339, rfc3339
from shared.api.idempotency import Idempotency
from shared.aws.packing import unpacked
from shared.bus import opened
from shared.ids import offer_id_of
from shared.messages import ProductHeld, ProductRefused, StockCounted
from shared.trade.product import Product
from tests.conftest import aws
from tests.fakes import NOON
from tests.unit.uploads.conftest import PRODUCT_ID, Uploads
from tests.unit.uploads.samples import ACCOUNT, CELLS, COLUMNS, file_of, product

FAR = "2099-11-30T08:00:00.000Z"


def counts(product_id: str = PRODUCT_ID) -> StockCounted | None:
    """The newest count, as its item's event tells it."""
    key = {"pk": {"S": f"{ACCOUNT}#counts"}, "sk": {"S": product_id}}
    found = aws("dynamodb").get_item(TableName="uploads-test", Key=key).get("Item")
    event = opened(unpacked(found["event"])) if found else None
    assert event is None or isinstance(event, StockCounted)
    return event


def told(product_id: str = PRODUCT_ID) -> tuple[int, int] | None:
    """Version and number of the newest count."""
    event = counts(product_id)
    return (event.version, event.stock) if event else None


def sent(uploads: Uploads, stock: int, sku: str = "A-1", key: str = "c1", **more: Any) -> Any:
    return uploads.post({"counts": [{"sku": sku, "stock": stock}], **more}, key, "/v1/stock-counts")


def test_a_new_products_stock_comes_with_its_publication_and_is_no_event_of_its_own(uploads: Uploads) -> None:
    uploads.post(product())
    assert told() is None


def test_the_same_content_again_is_a_count_and_no_version(uploads: Uploads) -> None:
    uploads.post(product())
    assert uploads.put(product()).body["version"] == 1
    assert told() == (1, 40)
    assert uploads.put(product()).body["version"] == 1
    assert told() == (2, 40)
    assert uploads.put(product(stock=3)).body["version"] == 2
    assert told() == (3, 3)


def test_a_count_holds_while_the_texts_are_held_or_refused(uploads: Uploads) -> None:
    uploads.post(product())
    about = {"version": 1, "product_id": PRODUCT_ID, "supplier_id": ACCOUNT, "code": "c", "evidence": "e"}
    for n, verdict in enumerate((ProductHeld(**about), ProductRefused(**about, remedy="r", decided_by="rules")), 1):
        uploads.hear(verdict)
        uploads.put(product())
        assert told() == (n, 40)
        assert uploads.submission()["status"] == ("held", "refused")[n - 1]


def test_the_count_says_of_when_and_what_and_the_next_one_takes_what_it_leaves_out_from_it(uploads: Uploads) -> None:
    at = datetime.now(UTC) - timedelta(hours=1)
    uploads.post(product(stock_counts="on_hand", counted_at=at.isoformat()))
    first = counts()
    assert first
    assert (first.stock_counts, first.counted_at, first.offer_id) == ("on_hand", rfc3339(at), offer_id_of(PRODUCT_ID))
    uploads.put(product())
    second = counts()
    assert second
    assert second.stock_counts == "on_hand"
    assert second.counted_at == second.received_at > first.received_at


def test_a_count_of_before_the_newest_changes_nothing(uploads: Uploads) -> None:
    uploads.post(product())
    uploads.put(product(stock=5))
    uploads.put(product(stock=9, counted_at=(datetime.now(UTC) - timedelta(hours=1)).isoformat()))
    assert told() == (1, 5)


@pytest.mark.parametrize(("hours", "words"), [(-13, "count again"), (1, "future")])
def test_a_moment_that_is_too_old_or_to_come_is_refused_with_what_to_do(uploads: Uploads, hours: int, words: str) -> None:
    uploads.post(product())
    at = (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
    for answer in (
        uploads.put(product(counted_at=at)),
        sent(uploads, 5, counted_at=at),
        uploads.post(product(sku="B", counted_at=at), "k2"),
    ):
        [error] = answer.body["errors"]
        assert (answer.status, error["pointer"]) == (422, "/counted_at")
        assert words in error["detail"]
    assert told() is None


def test_a_feed_sent_again_is_a_new_count_of_every_row_and_the_same_chunk_again_is_none(uploads: Uploads) -> None:
    feed = file_of(CELLS, ["B-2", *CELLS[1:]])
    uploads.feed(feed.encode())
    assert told() is None
    again = uploads.open_feed(feed.encode(), "f2")
    uploads.arrive(again, "2099-11-02T08:00:00.000Z")
    chunks = uploads.drain()
    for _ in range(2):
        uploads.run(chunks)
        assert [told(product_id_of(ACCOUNT, sku)) for sku in ("A-1", "B-2")] == [(1, 40), (1, 40)]
    rows = uploads.report(again)["items"]
    assert [(row["status"], row["stock"]) for row in rows] == [("unchanged", "counted")] * 2


def test_of_two_feeds_read_out_of_order_the_later_one_counts(uploads: Uploads) -> None:
    uploads.feed(file_of(CELLS).encode())
    for key, at, stock in (("f2", "2099-11-03T08:00:00.000Z", "7"), ("f3", "2099-11-02T08:00:00.000Z", "99")):
        last = uploads.feed(
            file_of([stock if column == "stock" else cell for column, cell in zip(COLUMNS, CELLS, strict=True)]).encode(), key, at
        )
    assert told() == (1, 7)
    assert [(row["status"], row["stock"]) for row in uploads.report(last)["items"]] == [("superseded", "superseded")]


def test_a_feed_may_say_when_and_what_was_counted_and_a_row_that_says_it_wrongly_fails(uploads: Uploads) -> None:
    columns = [*COLUMNS, "counted_at", "stock_counts"]
    good, bad, old = "2099-11-01T07:30:00+01:00", "yesterday", "2099-10-01T07:30:00Z"
    said = [(good, "On_hand"), (bad, "shelf"), (old, ""), ("", "")]
    rows = [[f"S-{n}", *CELLS[1:], *more] for n, more in enumerate(said)]
    report = uploads.report(uploads.feed(file_of(*rows, columns=columns).encode()))["items"]
    assert [row["status"] for row in report] == ["submitted", "failed", "failed", "submitted"]
    assert [[fault["column"] for fault in row["errors"]] for row in report[1:3]] == [["counted_at", "stock_counts"], ["counted_at"]]
    first = counts(product_id_of(ACCOUNT, "S-0"))
    assert first
    assert (first.counted_at, first.stock_counts) == ("2099-11-01T06:30:00.000Z", "on_hand")
    assert told(product_id_of(ACCOUNT, "S-3")) is None


def test_counts_are_taken_by_sku_without_their_products_once_for_their_key(uploads: Uploads) -> None:
    uploads.post(product())
    answer = sent(uploads, 12)
    [item] = answer.body["items"]
    assert (answer.status, item) == (
        202,
        {"sku": "A-1", "product_id": PRODUCT_ID, "offer_id": offer_id_of(PRODUCT_ID), "outcome": "counted"},
    )
    uploads.put(product(stock=3))
    assert sent(uploads, 12).body == answer.body
    assert told() == (2, 3)
    assert sent(uploads, 13).body["type"].endswith("idempotency-key-reused")
    assert sent(uploads, 12, key="c2").body == answer.body
    assert told() == (3, 12)


def test_an_unknown_sku_is_named_and_the_others_are_counted(uploads: Uploads) -> None:
    uploads.post(product())
    both = {"counts": [{"sku": "A-1", "stock": 2}, {"sku": "NONE", "stock": 2}]}
    answer = uploads.post(both, "c1", "/v1/stock-counts")
    assert [item["outcome"] for item in answer.body["items"]] == ["counted", "unknown"]
    assert (told(), told(product_id_of(ACCOUNT, "NONE"))) == ((1, 2), None)


@pytest.mark.parametrize(
    "wrong", [[], [{"sku": "A", "stock": -1}], [{"sku": "A", "stock": 1}] * 2, [{"sku": str(n), "stock": 1} for n in range(51)]]
)
def test_what_cannot_be_counts_is_refused(uploads: Uploads, wrong: list[Any]) -> None:
    assert uploads.post({"counts": wrong}, "c1", "/v1/stock-counts").status == 422


def test_a_moment_ahead_of_ours_is_the_moment_of_receipt() -> None:
    received = rfc3339(NOON)
    upload = Upload(PRODUCT_ID, ACCOUNT, received, None)
    count = upload.next_count(None, CountAsk(stock=1, counted_at=NOON + timedelta(minutes=4)))
    assert count
    assert count.counted_at == received
    assert not list(CountAsk(stock=1, counted_at=NOON - OLDEST).flaws(from_rfc3339(received)))


def count_of(stock: int, version: int = 1) -> StockCounted:
    held = None if version == 1 else count_of(stock, version - 1)
    made = Upload(PRODUCT_ID, ACCOUNT, rfc3339(NOON), None).next_count(held, CountAsk(stock=stock))
    assert made
    return made


def test_of_two_counts_after_the_same_one_the_second_to_be_written_looks_again(uploads: Uploads) -> None:
    uploads.post(product())
    found, idle = uploads.services.submission_store, Idempotency("k", ACCOUNT, "f")
    event = submission_event(ACCOUNT, Product.model_validate(product(stock=1)), 2, FAR)
    before = found.current(ACCOUNT, [PRODUCT_ID])[PRODUCT_ID]
    assert found.replace(before, None, count_of(5))
    assert not found.replace(before, None, count_of(6))
    assert not found.replace(before, event, count_of(6))
    assert not uploads.services.count_store.save(ACCOUNT, [count_of(6)], {}, idle)
    assert (told(), uploads.submission()["version"]) == ((1, 5), 1)
    assert found.replace(before, event, count_of(6, 2))
    assert told() == (2, 6)


def test_a_request_that_is_answered_twice_at_once_counts_once(uploads: Uploads) -> None:
    store, same = uploads.services.count_store, Idempotency("k", ACCOUNT, "f")
    assert store.save(ACCOUNT, [count_of(5)], {"A-1": "counted"}, same)
    assert not store.save(ACCOUNT, [count_of(6, 2)], {"A-1": "superseded"}, same)
    assert (told(), store.answered(ACCOUNT, same)) == ((1, 5), {"A-1": "counted"})
