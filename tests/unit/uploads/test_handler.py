import gzip
import json
from typing import Any

import pytest

from functions.uploads.products.submission import product_id_of
from shared.aws.packing import unpacked
from shared.bus import envelope, opened
from shared.messages import ProductApproved, ProductDelisted, ProductHeld, ProductRefused, ProductSubmitted
from shared.trade.product import Product
from tests.conftest import aws
from tests.fakes import NOON, call, caller, sqs
from tests.unit.uploads.conftest import PRODUCT_ID, SUPPLIER, Uploads
from tests.unit.uploads.samples import ACCOUNT, CELLS, file_of, product


def verdicts(version: int = 1, product_id: str = PRODUCT_ID) -> tuple[ProductApproved, ProductRefused, ProductHeld]:
    told = {"version": version, "product_id": product_id, "supplier_id": ACCOUNT}
    return (
        ProductApproved(**told, product=Product.model_validate(product()), decided_by="rules"),
        ProductRefused(**told, code="price-too-low", evidence="0.01", remedy="raise it", decided_by="rules"),
        ProductHeld(**told, code="contact-details", evidence="call me"),
    )


def items(pk: str) -> list[dict[str, Any]]:
    found = aws("dynamodb").scan(TableName="uploads-test")["Items"]
    return [item for item in found if item["pk"]["S"] == pk]


def test_a_product_is_taken_and_its_event_is_in_the_same_item(uploads: Uploads) -> None:
    answer = uploads.post(product())
    asked = answer.body.pop("asked")
    assert (answer.status, answer.body) == (202, {"product_id": PRODUCT_ID, "version": 1, "status": "submitted"})
    assert [each["pointer"] for each in asked] == ["/safety"], "it may be sent to the EU"
    [item] = items(f"{ACCOUNT}#products")
    event = opened(unpacked(item["event"]))
    assert isinstance(event, ProductSubmitted)
    assert (event.version, event.product.sku) == (1, "A-1")


def test_the_same_key_takes_a_product_once_and_another_payload_is_refused(uploads: Uploads) -> None:
    assert uploads.post(product()).body == uploads.post(product()).body
    assert len(items(f"{ACCOUNT}#products")) == 1
    assert uploads.post(product(stock=1)).body["type"].endswith("idempotency-key-reused")
    assert uploads.post(product(sku="B-1")).status == 422


def test_what_describes_a_product_is_taken_and_shown_as_it_is_kept(uploads: Uploads) -> None:
    said = {"brand": "StarTech.com", "mpn": "HDMM-2M", "condition": "used", "item_group": "HDMM", "categories": ["hg-3-2"]}
    attributes = [{"name": "Color", "values": ["red"]}, {"name": "Mood", "values": ["calm"]}]
    sent = product(**said, attributes=attributes)
    assert uploads.post(sent).status == 202
    shown = uploads.submission()["product"]
    assert {name: shown[name] for name in said} == said
    assert shown["attributes"] == attributes, "no list is loaded here"
    assert uploads.put(sent).body["version"] == 1
    refused = uploads.put(product(categories=["zz"], attributes=[*attributes, attributes[0]]))
    assert [error["pointer"] for error in refused.body["errors"]] == ["/attributes/2/name", "/categories/0"]


def test_html_is_made_safe_where_it_comes_in(uploads: Uploads) -> None:
    texts = {"en": {"title": "Lantern", "description_html": "<p onclick=x>Soft <b>light</b><script>x</script></p>"}}
    assert uploads.post(product(texts=texts)).status == 202
    kept = {"title": "Lantern", "description": "Soft light", "description_html": "<p>Soft <b>light</b></p>"}
    assert uploads.submission()["product"]["texts"]["en"] == kept
    assert uploads.put(product(texts=texts)).body["version"] == 1
    assert uploads.put(product(texts={"en": kept})).body["version"] == 1


def test_a_draft_is_kept_and_said_to_be_off_sale_once_audit_passed_it_on(uploads: Uploads) -> None:
    draft = product(status="draft")
    assert uploads.post(draft).body["status"] == "submitted"
    told = ProductDelisted(version=1, product_id=PRODUCT_ID, supplier_id=ACCOUNT, product=Product.model_validate(draft))
    uploads.hear(told)
    shown = uploads.submission()
    assert (shown["status"], shown["product"]["status"]) == ("delisted", "draft")
    answer = uploads.put(product()).body
    assert (answer["product_id"], answer["version"], answer["status"]) == (PRODUCT_ID, 2, "submitted")


def test_who_answers_for_its_safety_is_asked_of_what_may_go_to_the_eu(uploads: Uploads) -> None:
    uploads.post(product())
    assert [one["pointer"] for one in uploads.submission()["asked"]] == ["/safety"]
    maker = {"name": "Kiln", "lines": ["1 Clay Road"], "city": "Berlin", "country": "DE", "electronic_address": "safety@kiln.example"}
    uploads.put(product(safety={"manufacturer": maker}))
    assert "asked" not in uploads.submission()
    uploads.put(product(ships_to=["GB"]))
    assert "asked" not in uploads.submission()


def test_a_sku_that_is_there_is_refused_with_the_product_to_change(uploads: Uploads) -> None:
    uploads.post(product())
    answer = uploads.post(product(stock=1), "k2")
    assert (answer.status, answer.body["product_id"]) == (409, PRODUCT_ID)


def test_a_replay_after_a_newer_version_does_not_bring_the_old_one_back(uploads: Uploads) -> None:
    uploads.post(product())
    uploads.put(product(stock=1))
    assert uploads.post(product()).body["version"] == 2
    assert uploads.submission()["product"]["stock"] == 1


def test_a_changed_product_is_a_new_version_and_the_same_content_is_not(uploads: Uploads) -> None:
    uploads.post(product())
    assert uploads.put(product()).body["version"] == 1
    assert uploads.put(product(stock=1)).body["version"] == 2
    assert uploads.submission()["product"]["stock"] == 1


def test_a_sku_stays_as_it_is(uploads: Uploads) -> None:
    uploads.post(product())
    answer = uploads.put(product(sku="B-1"))
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/sku")


def test_an_unknown_category_and_what_is_no_pictures_id_are_named(uploads: Uploads) -> None:
    answer = uploads.post(product(category="zz", pictures=["pic_1"]))
    assert (answer.status, [e["pointer"] for e in answer.body["errors"]]) == (422, ["/category", "/pictures/0"])


def test_a_product_is_taken_before_its_picture_has_come(uploads: Uploads) -> None:
    assert uploads.post(product(pictures=["pic_" + "0" * 26])).status == 202


def test_words_for_pictures_that_the_product_does_not_have_are_named_in_order(uploads: Uploads) -> None:
    own, words = "pic_" + "0" * 26, {"en": "from the side"}
    answer = uploads.post(product(pictures=[own], alt_texts={f"pic_{n}": words for n in range(9)} | {own: words}))
    assert (answer.status, [e["pointer"] for e in answer.body["errors"]]) == (422, [f"/alt_texts/pic_{n}" for n in range(9)])


def test_only_verified_suppliers_come_in(uploads: Uploads) -> None:
    assert uploads.post(product(), by=caller(ACCOUNT, "supplier", verified=False)).status == 403
    assert uploads.post(product(), by=caller(ACCOUNT, "storefront")).status == 403
    assert call(uploads.app, "POST", "/v1/products", body=product(), by=SUPPLIER).status == 400


def test_another_suppliers_product_is_not_found(uploads: Uploads) -> None:
    uploads.post(product())
    assert uploads.get("/v1/products/{product_id}", by=caller("acc_2", "supplier"), product_id=PRODUCT_ID).status == 404
    assert uploads.put(product(), "prd_0").status == 404


def test_a_list_is_paged_and_filtered_by_status(uploads: Uploads) -> None:
    ids = {uploads.post(product(sku=f"S{i}"), f"k{i}").body["product_id"] for i in range(5)}
    uploads.hear(verdicts(product_id=min(ids))[0])
    seen: list[str] = []
    page = uploads.get("/v1/products", query={"limit": "2"}).body
    while True:
        seen += [found["product_id"] for found in page["items"]]
        if "next" not in page:
            break
        page = uploads.get("/v1/products", query={"limit": "2", "cursor": page["next"]}).body
    assert seen == sorted(ids)
    assert [f["product_id"] for f in uploads.get("/v1/products", query={"status": "approved"}).body["items"]] == [min(ids)]
    assert uploads.get("/v1/products", query={"cursor": "x"}).status == 400


def test_a_verdict_is_noted_and_one_on_another_version_is_dropped(uploads: Uploads) -> None:
    uploads.post(product())
    uploads.hear(verdicts()[1])
    assert (uploads.submission()["status"], uploads.submission()["code"], uploads.submission()["remedy"]) == (
        "refused",
        "price-too-low",
        "raise it",
    )
    uploads.put(product(stock=1))
    uploads.hear(verdicts()[0])
    assert (uploads.submission()["status"], uploads.submission()["version"]) == ("submitted", 2)
    uploads.hear(verdicts(2)[0])
    assert uploads.submission()["status"] == "approved"


def test_a_batch_of_verdicts_is_noted_whole_whatever_feeds_and_suppliers_it_is_about(uploads: Uploads) -> None:
    first = uploads.feed(file_of(*([f"S{i}", *CELLS[1:]] for i in range(30))).encode())
    uploads.post(product())
    known = [product_id_of(ACCOUNT, f"S{i}") for i in range(30)]
    stranger = verdicts()[0].model_copy(update={"supplier_id": "acc_2"})
    uploads.hear(
        verdicts()[0], stranger, *(verdicts(product_id=i)[0] for i in known[:25]), *(verdicts(product_id=i)[2] for i in known[25:])
    )
    assert (uploads.counts(first)["approved"], uploads.counts(first)["held"], uploads.submission()["status"]) == (25, 5, "approved")
    uploads.hear(*(verdicts(product_id=i)[1] for i in known[25:]), *(verdicts(product_id=i)[2] for i in known[25:]))
    assert (uploads.counts(first)["held"], uploads.counts(first)["refused"]) == (0, {"price-too-low": 5})


def test_a_verdict_that_cannot_be_read_comes_back_alone(uploads: Uploads) -> None:
    uploads.post(product())
    answer = uploads.worker(sqs("{}", envelope(verdicts()[0], NOON)), None)
    assert (answer["batchItemFailures"], uploads.submission()["status"]) == ([{"itemIdentifier": "0"}], "approved")


def test_held_never_follows_a_decision(uploads: Uploads) -> None:
    uploads.post(product())
    approved, _, held = verdicts()
    assert uploads.hear(approved, held)["batchItemFailures"] == []
    assert uploads.submission()["status"] == "approved"


def test_a_verdict_on_a_product_that_is_not_here_is_dropped(uploads: Uploads) -> None:
    assert uploads.hear(*verdicts())["batchItemFailures"] == []
    assert items(f"{ACCOUNT}#products") == []


def test_a_feed_that_is_too_large_is_refused_before_it_is_sent(uploads: Uploads) -> None:
    feed = uploads.post({"format": "csv", "name": "x", "bytes": 200_000_000}, resource="/v1/feeds")
    assert (feed.status, feed.body["errors"][0]["pointer"]) == (422, "/bytes")


def test_a_feed_becomes_submissions_and_a_report(uploads: Uploads) -> None:
    content = file_of(
        CELLS, ["B-1", *CELLS[1:]], ["C-1", "x"], ["D-1", *CELLS[1:5], "1.0e+04", *CELLS[6:]], ["E-1", *CELLS[1:4], "zz-1", *CELLS[5:]]
    )
    feed_id = uploads.feed(content.encode("gb18030"), encoding="gb18030")
    view = uploads.get("/v1/feeds/{feed_id}", feed_id=feed_id).body
    assert (view["state"], view["encoding"]) == ("read", "gb18030")
    uploads.hear(verdicts()[0], verdicts(product_id=product_id_of(ACCOUNT, "B-1"))[1])
    assert uploads.counts(feed_id) == {
        "read": 5, "waiting": 0, "submitted": 0, "unchanged": 0, "superseded": 0, "approved": 1, "held": 0,
        "refused": {"price-too-low": 1}, "failed": {"ragged": 1, "invalid": 1, "unknown-category": 1},
    }  # fmt: skip
    assert [(r["row"], r["sku"], r["status"]) for r in uploads.report(feed_id)["items"]] == [
        (2, "A-1", "approved"), (3, "B-1", "refused"), (4, "C-1", "failed"), (5, "D-1", "failed"), (6, "E-1", "failed"),
    ]  # fmt: skip
    assert [r["errors"][0]["column"] for r in uploads.report(feed_id, status="failed")["items"]] == ["", "price", "category"]
    assert uploads.submission()["product"]["texts"]["zh"]["title"] == "白灯笼"


def test_a_chunk_or_notification_that_comes_again_changes_nothing(uploads: Uploads) -> None:
    feed_id = uploads.open_feed(file_of(CELLS).encode())
    uploads.arrive(feed_id)
    bodies = uploads.drain()
    uploads.rows(sqs(*bodies), None)
    uploads.hear(verdicts()[0])
    before = items(f"{ACCOUNT}#products"), items(f"{ACCOUNT}#{feed_id}")
    uploads.rows(sqs(*bodies, *bodies), None)
    uploads.arrive(feed_id)
    assert (items(f"{ACCOUNT}#products"), items(f"{ACCOUNT}#{feed_id}"), uploads.drain()) == (*before, [])


def test_a_feed_sent_again_finds_its_rows_unchanged(uploads: Uploads) -> None:
    uploads.feed(file_of(CELLS).encode())
    again = uploads.feed(file_of(CELLS).encode(), "f2")
    assert uploads.counts(again)["unchanged"] == 1
    assert uploads.submission()["version"] == 1


def test_a_feed_and_a_request_about_one_sku_meet(uploads: Uploads) -> None:
    uploads.post(product())
    uploads.feed(file_of(CELLS).encode())
    assert (uploads.submission()["version"], uploads.submission()["product"]["texts"]["zh"]["title"]) == (2, "白灯笼")


def test_what_was_sent_later_wins_even_if_the_feeds_rows_are_read_later(uploads: Uploads) -> None:
    uploads.post(product(stock=7))
    late = uploads.feed(file_of(CELLS).encode(), at="2020-01-01T00:00:00.000Z")
    assert uploads.counts(late)["superseded"] == 1
    assert (uploads.submission()["version"], uploads.submission()["product"]["stock"]) == (1, 7)


def test_a_report_is_paged_by_row(uploads: Uploads) -> None:
    feed_id = uploads.feed(file_of(*([f"S{i}", *CELLS[1:]] for i in range(60))).encode())
    seen: list[int] = []
    page = uploads.report(feed_id, limit="25")
    while True:
        seen += [found["row"] for found in page["items"]]
        if "next" not in page:
            break
        page = uploads.report(feed_id, limit="25", cursor=page["next"])
    assert seen == list(range(2, 62))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gzip.compress(b"0" * 1_000_000, mtime=0), "compressed"),
        (b"", "empty"),
        (b"gizmo,widget\n1,2\n", "wrong-header"),
        (b"sku\0", "not-text"),
    ],
    ids=["compressed", "empty", "wrong-header", "not-text"],
)
def test_a_file_that_cannot_be_read_is_refused_whole(uploads: Uploads, content: bytes, code: str) -> None:
    feed_id = uploads.feed(content)
    view = uploads.get("/v1/feeds/{feed_id}", feed_id=feed_id).body
    assert (view["state"], view["error"]["code"], view["rows"]["read"]) == ("refused", code, 0)
    assert items(f"{ACCOUNT}#products") == []


def test_s3s_test_message_and_files_of_nobody_are_passed_over(uploads: Uploads) -> None:
    assert uploads.feeds(sqs(json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})), None)["batchItemFailures"] == []
    assert uploads.arrive("fd_0")["batchItemFailures"] == []


def test_a_feed_is_opened_once_a_key(uploads: Uploads) -> None:
    wanted = {"format": "csv", "name": "autumn.csv", "bytes": 10}
    first = uploads.post(wanted, resource="/v1/feeds")
    assert uploads.post(wanted, resource="/v1/feeds").body["feed_id"] == first.body["feed_id"]
    assert uploads.post({**wanted, "bytes": 11}, resource="/v1/feeds").status == 422
    assert uploads.get("/v1/feeds/{feed_id}", by=caller("acc_2", "supplier"), feed_id=first.body["feed_id"]).status == 404
