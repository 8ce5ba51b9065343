"""A complete feed archives what its source has and its file lacks: all of that, nothing else; where the file may not be whole, it asks."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from functions.uploads.complete.archive_service import BUDGET
from functions.uploads.products.submission import product_id_of
from functions.uploads.upload_items import ReportItem
from monsoon_plugin.clock import rfc3339
from shared.messages import ProductApproved
from shared.trade.product import Product
from tests.dynamodb import losing_answer
from tests.fakes import call, sqs
from tests.unit.uploads.conftest import SUPPLIER, Uploads
from tests.unit.uploads.samples import ACCOUNT, CELLS, COLUMNS, file_of, product

FIRST, THEN, LATER = (f"2099-11-0{day}T08:00:00.000Z" for day in (1, 2, 3))


def rows(*skus: str, **cells: str) -> bytes:
    said = [cells.get(column, cell) for column, cell in zip(COLUMNS, CELLS, strict=True)]
    return file_of(*([sku, *said[1:]] for sku in skus)).encode()


@dataclass
class Arrivals:
    """The queue of arrivals: all that it is told, without its pauses."""

    waiting: list[tuple[str, str, int, str]] = field(default_factory=list)

    def send(self, key: str, at: str, attempt: int = 0, wait: int = 0, step: str = "") -> None:
        self.waiting.append((key, at, attempt, step))


@pytest.fixture
def uploads(uploads: Uploads) -> Uploads:
    uploads.services.__dict__["arrivals"] = Arrivals()
    return uploads


def told(uploads: Uploads) -> list[tuple[str, str, int, str]]:
    arrivals: Any = uploads.services.arrivals
    found, arrivals.waiting = arrivals.waiting, []
    return found


def steps(uploads: Uploads) -> None:
    """Let all that was told of archiving happen, until nothing more is told."""
    for _ in range(40):
        for key, at, attempt, step in told(uploads):
            if step == "archive" and attempt < 20:
                notice = {"eventTime": at, "s3": {"object": {"key": key}}, "attempt": attempt, "step": step}
                assert uploads.feeds(sqs(json.dumps({"Records": [notice]})), None)["batchItemFailures"] == []


def complete(uploads: Uploads, content: bytes, key: str, at: str = THEN, **how: Any) -> str:
    feed_id = uploads.feed(content, key, at, complete=True, **how)
    steps(uploads)
    return feed_id


def archiving(uploads: Uploads, feed_id: str) -> Any:
    return uploads.get("/v1/feeds/{feed_id}", feed_id=feed_id).body["archiving"]


def said(uploads: Uploads, feed_id: str, archive: bool) -> Any:
    return call(uploads.app, "PUT", "/v1/feeds/{feed_id}/archiving", path={"feed_id": feed_id}, body={"archive": archive}, by=SUPPLIER)


def answer(uploads: Uploads, feed_id: str, archive: bool) -> Any:
    reply = said(uploads, feed_id, archive)
    steps(uploads)
    return reply


def standing(uploads: Uploads) -> dict[str, str]:
    """Sku → status of the product as it was last sent."""
    found = uploads.get("/v1/products", query={"limit": "100"}).body["items"]
    ids = {each["sku"]: each["product_id"] for each in found}
    return {
        sku: uploads.get("/v1/products/{product_id}", product_id=product_id).body["product"]["status"] for sku, product_id in ids.items()
    }  # fmt: skip


def archived(uploads: Uploads, feed_id: str) -> list[str]:
    found, query = list[str](), {"limit": "2"}
    while query:
        page = uploads.get("/v1/feeds/{feed_id}/archived", query=query, feed_id=feed_id).body
        found += [each["sku"] for each in page["items"]]
        query = {"limit": "2", "cursor": page["next"]} if page.get("next") else {}
    return sorted(found)


def test_what_the_file_lacks_is_archived_told_and_comes_back_with_the_next_file_that_has_it(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C", "D", "E"), "f1", FIRST)
    feed_id = complete(uploads, rows("A", "B", "C"), "f2")
    assert standing(uploads) == {"A": "active", "B": "active", "C": "active", "D": "archived", "E": "archived"}
    shown = archiving(uploads, feed_id)
    assert [shown[name] for name in ("state", "there", "missing", "archived")] == ["archived", 5, 2, 2]
    assert archived(uploads, feed_id) == ["D", "E"]
    complete(uploads, rows("A", "B", "C", "D"), "f3", LATER)
    assert standing(uploads)["D"] == "active"
    assert standing(uploads)["E"] == "archived"


def test_an_archived_product_is_a_new_version_that_takes_it_off_sale(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B"), "f1", FIRST)
    complete(uploads, rows("A"), "f2")
    event = uploads.services.submission_store.with_product(ACCOUNT, product_id_of(ACCOUNT, "B"))
    assert event
    assert (event[1].version, event[1].product.status, event[1].submitted_at) == (2, "archived", THEN)


def test_a_feed_that_is_not_complete_archives_nothing(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C"), "f1", FIRST)
    feed_id = uploads.feed(rows("A"), "f2", THEN)
    steps(uploads)
    assert "archiving" not in uploads.get("/v1/feeds/{feed_id}", feed_id=feed_id).body
    assert set(standing(uploads).values()) == {"active"}


def test_products_of_rows_with_errors_stay(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C", "D"), "f1", FIRST)
    faulty = rows("A", "B") + rows("C", price="free").split(b"\r\n", 1)[1]
    feed_id = complete(uploads, faulty, "f2")
    assert standing(uploads) == {"A": "active", "B": "active", "C": "active", "D": "archived"}
    assert archived(uploads, feed_id) == ["D"]


GROUPED = "sku,parent_sku,title_en,category,price,currency,stock,option1_name,option1_value\n"


def test_a_product_whose_variant_is_faulty_stays(uploads: Uploads) -> None:
    good = "R,P,t,hg-3-2,10,EUR,1,c,r\nB,P,t,hg-3-2,10,EUR,1,c,b\nX,,t,hg-3-2,10,EUR,1,,\nY,,t,hg-3-2,10,EUR,1,,\n"
    uploads.feed((GROUPED + good).encode(), "f1", FIRST)
    feed_id = complete(uploads, (GROUPED + good.replace("10,EUR,1,c,b", "free,EUR,1,c,b").replace("Y,", "Z,")).encode(), "f2")
    assert archived(uploads, feed_id) == ["Y"]


BROKEN = {
    "a ragged row": b"D,too short\r\n",
    "an open quote": b'D,"Lantern,x\r\n',
    "no sku": b",White lantern,,,hg-3-2,2.55,EUR,40,310,100,90,80,940550,CN,,,,\r\n",
}


@pytest.mark.parametrize("row", BROKEN.values(), ids=BROKEN)
def test_a_file_with_rows_of_nobody_knows_which_product_is_asked_about(uploads: Uploads, row: bytes) -> None:
    uploads.feed(rows("A", "B", "C", "D"), "f1", FIRST)
    feed_id = complete(uploads, rows("A", "B", "C") + row, "f2")
    shown = archiving(uploads, feed_id)
    assert (shown["state"], shown["missing"], shown["examples"]) == ("asked", 1, ["D"])
    assert "1 of your 4 products" in shown["detail"]
    assert "4 个商品中有 1 个" in shown["detail_zh"]
    assert set(standing(uploads).values()) == {"active"}


@pytest.mark.parametrize("content", [rows("A"), rows()], ids=["fewer than half", "no row"])
def test_a_file_that_lacks_more_than_half_is_asked_about_and_done_as_its_supplier_says(uploads: Uploads, content: bytes) -> None:
    uploads.feed(rows("A", "B", "C", "D"), "f1", FIRST)
    missing = 4 - content.count(b"lantern")
    feed_id = complete(uploads, content, "f2")
    shown = archiving(uploads, feed_id)
    assert (shown["state"], shown["missing"], shown["archived"]) == ("asked", missing, 0)
    assert set(standing(uploads).values()) == {"active"}
    assert answer(uploads, feed_id, True).status == 202
    assert answer(uploads, feed_id, True).status == 202
    assert answer(uploads, feed_id, False).status == 409
    shown = archiving(uploads, feed_id)
    assert (shown["state"], shown["archived"]) == ("archived", missing)
    assert list(standing(uploads).values()).count("archived") == missing


def test_half_of_what_was_there_is_enough_and_what_is_declined_stays(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C", "D"), "f1", FIRST)
    assert archived(uploads, complete(uploads, rows("A", "B"), "f2")) == ["C", "D"]
    feed_id = complete(uploads, rows("X"), "f3", LATER)
    assert (archiving(uploads, feed_id)["state"], archiving(uploads, feed_id)["there"]) == ("asked", 3)
    assert answer(uploads, feed_id, False).status == 202
    assert answer(uploads, feed_id, False).body == {"feed_id": feed_id, "archive": False}
    assert archiving(uploads, feed_id)["state"] == "kept"
    assert answer(uploads, feed_id, True).status == 409
    assert standing(uploads)["A"] == "active"


def test_a_file_that_is_no_feed_archives_nothing(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B"), "f1", FIRST)
    feed_id = complete(uploads, b"\n", "f2")
    assert uploads.get("/v1/feeds/{feed_id}", feed_id=feed_id).body["state"] == "refused"
    assert set(standing(uploads).values()) == {"active"}


def test_each_named_file_speaks_for_itself_and_takes_what_it_has(uploads: Uploads) -> None:
    complete(uploads, rows("A", "B", "C"), "f1", FIRST, source="summer")
    complete(uploads, rows("W", "X"), "f2", FIRST, source="winter")
    uploads.post(product(sku="P"), "p")
    assert archived(uploads, complete(uploads, rows("A", "B"), "f3", THEN, source="summer")) == ["C"]
    complete(uploads, rows("W", "X", "B"), "f4", THEN, source="winter")  # B moved, as it is
    assert archived(uploads, complete(uploads, rows("A"), "f5", LATER, source="summer")) == []
    assert standing(uploads) == {"A": "active", "B": "active", "C": "archived", "P": "active", "W": "active", "X": "active"}


def test_a_file_without_a_name_leaves_named_files_products_alone(uploads: Uploads) -> None:
    complete(uploads, rows("A", "B"), "f1", FIRST, source="summer")
    uploads.feed(rows("A", "N", "M"), "f2", FIRST)  # not complete: A stays summer's
    assert archived(uploads, complete(uploads, rows("N"), "f3", THEN)) == ["M"]
    assert archived(uploads, complete(uploads, rows("B"), "f4", LATER, source="summer")) == ["A"]


@pytest.mark.parametrize("counted", [None, 3, 4], ids=["now", "as it was", "before that"])
def test_what_is_sent_by_itself_after_the_feed_stays_though_nothing_of_it_is_new(uploads: Uploads, counted: int | None) -> None:
    """Seed 72000039: nor its count, which is of an earlier moment than the one that is known. In hours ago."""
    moments = {hours: rfc3339(uploads.services.clock() - timedelta(hours=hours)) for hours in (2, 3, 4)}
    uploads.feed(rows("A", "B", "C", "D", "E"), "f1", moments[3])
    feed_id = uploads.feed(rows("A", "B", "C"), "f2", moments[2], complete=True)
    known = uploads.get("/v1/products/{product_id}", product_id=product_id_of(ACCOUNT, "D")).body["product"]
    assert uploads.put(known | ({"counted_at": moments[counted]} if counted else {}), product_id_of(ACCOUNT, "D")).body["version"] == 1
    assert uploads.post(product(sku="N"), "n").status == 202
    steps(uploads)
    assert archived(uploads, feed_id) == ["E"]


def test_of_two_complete_files_at_once_the_later_one_says_what_there_is(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C", "D"), "f1", FIRST)
    earlier = uploads.feed(rows("A", "B", "C"), "f2", THEN, complete=True)
    later = uploads.feed(rows("A", "B", "D"), "f3", LATER, complete=True)
    steps(uploads)
    assert (archiving(uploads, earlier)["state"], archived(uploads, earlier)) == ("kept", [])
    assert "later complete file" in archiving(uploads, earlier)["detail"]
    assert archived(uploads, later) == ["C"]


def test_a_file_that_arrives_after_a_later_one_archives_nothing(uploads: Uploads) -> None:
    later = complete(uploads, rows("A", "B"), "f1", LATER)
    assert archiving(uploads, complete(uploads, rows("A"), "f2", THEN))["state"] == "kept"
    assert archiving(uploads, later)["state"] == "archived"
    assert set(standing(uploads).values()) == {"active"}


def test_what_is_sent_while_it_is_being_archived_stays(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C", "D"), "f1", "2020-11-01T08:00:00.000Z")
    feed_id = uploads.feed(rows("A", "B", "C"), "f2", "2020-11-02T08:00:00.000Z", complete=True)
    store, known = uploads.services.archive_store, product(sku="D")
    held = uploads.get("/v1/products/{product_id}", product_id=product_id_of(ACCOUNT, "D")).body["product"]
    assert known["sku"] == held["sku"]

    class Between:
        """The store; who archives has read D when D is sent as it is."""

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def archive(self, feed: Any, wanted: Any, keep: Any) -> Any:
            def late(submission: Any) -> bool:
                nonlocal held
                if held:
                    body, held = held, None
                    uploads.put(body, product_id_of(ACCOUNT, "D"))
                return bool(keep(submission))

            return store.archive(feed, wanted, late)

    uploads.services.__dict__["archive_store"] = Between()
    steps(uploads)
    assert (archived(uploads, feed_id), standing(uploads)["D"]) == ([], "active")


def test_nothing_is_archived_before_all_rows_were_looked_at(uploads: Uploads) -> None:
    uploads.feed(rows(*(f"S{i}" for i in range(40))), "f1", FIRST)
    feed_id = uploads.open_feed(rows(*(f"S{i}" for i in range(39))), "f2", complete=True)
    uploads.arrive(feed_id, THEN)
    first, second = uploads.drain()
    uploads.run([first])
    steps(uploads)
    assert archiving(uploads, feed_id)["state"] == "waiting"
    uploads.run([second])
    uploads.services.archives.go_on(ACCOUNT, feed_id, 0, watch=False)
    assert archived(uploads, feed_id) == ["S39"]


@dataclass
class Slow(Arrivals):
    """A file takes longer to read than until it is first looked at: twice, before any of its rows are sent."""

    uploads: Uploads | None = None

    def send(self, key: str, at: str, attempt: int = 0, wait: int = 0, step: str = "") -> None:
        super().send(key, at, attempt, wait, step)
        if self.uploads and step == "archive" and attempt < 2:
            notice = {"eventTime": at, "s3": {"object": {"key": key}}, "attempt": attempt, "step": step}
            assert self.uploads.feeds(sqs(json.dumps({"Records": [notice]})), None)["batchItemFailures"] == []
            self.waiting.remove((key, at, attempt, step))


def test_a_file_that_is_read_for_long_archives_what_it_lacks_all_the_same(uploads: Uploads) -> None:
    """Seed 9264: it was first looked at while it was read, and then by nobody."""
    uploads.feed(rows("A", "B"), "f1", FIRST)
    uploads.services.__dict__["arrivals"] = Slow(uploads=uploads)
    feed_id = complete(uploads, rows("A"), "f2")
    assert (archiving(uploads, feed_id)["state"], standing(uploads)["B"]) == ("archived", "archived")


def test_a_feed_whose_rows_are_never_looked_at_archives_nothing_and_asks_no_more(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B"), "f1", FIRST)
    feed_id = uploads.open_feed(rows("A"), "f2", complete=True)
    uploads.arrive(feed_id, THEN)
    for look in range(200):
        uploads.services.archives.go_on(ACCOUNT, feed_id, look, watch=False)
    assert "never looked at" in archiving(uploads, feed_id)["detail"]
    uploads.run(uploads.drain())
    steps(uploads)
    assert set(standing(uploads).values()) == {"active"}


def test_looks_that_come_twice_do_not_become_ever_more(uploads: Uploads) -> None:
    """Seed 854: each message that was doubled, or whose worker died after it had sent the next, began a row of looks of its own."""
    uploads.feed(rows("A", "B"), "f1", FIRST)
    feed_id = uploads.open_feed(rows("A"), "f2", complete=True)
    uploads.arrive(feed_id, THEN)
    for look in range(12):
        looks = [attempt for *_, attempt, step in told(uploads) if step == "archive"]
        assert looks == [look] * len(looks)
        assert 1 <= len(looks) <= 2
        for _ in range(2 * len(looks)):
            uploads.services.archives.go_on(ACCOUNT, feed_id, look, watch=False)


def test_a_feed_whose_report_is_gone_archives_nothing(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C", "D"), "f1", FIRST)
    feed_id = complete(uploads, rows("A"), "f2")
    next(iter(ReportItem.query(f"{ACCOUNT}#{feed_id}", ReportItem.sk.startswith("report#")))).delete()
    answer(uploads, feed_id, True)
    assert archiving(uploads, feed_id)["state"] == "kept"
    assert set(standing(uploads).values()) == {"active"}


class Dies(Exception):
    """A process that ends here."""


@pytest.mark.parametrize("after", range(4))
def test_who_dies_in_the_middle_is_taken_over_and_nothing_is_left_out_or_told_twice(uploads: Uploads, after: int) -> None:
    skus = [f"S{i}" for i in range(60)]
    uploads.feed(rows(*skus), "f1", FIRST)
    feed_id = uploads.feed(rows(*skus[:30]), "f2", THEN, complete=True)
    store, left = uploads.services.archive_store, after

    class Dying:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def archive(self, *asked: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise Dies
            return store.archive(*asked)

        def note(self, *asked: Any) -> None:
            raise Dies

    uploads.services.__dict__["archive_store"] = Dying()
    with pytest.raises(Dies):
        uploads.services.archives.go_on(ACCOUNT, feed_id, 0, watch=False)
    uploads.hear(
        *(
            ProductApproved(
                version=1, product_id=product_id_of(ACCOUNT, sku), supplier_id=ACCOUNT, product=Product.model_validate(product()),
                decided_by="rules",
            )
            for sku in skus
        )
    )  # fmt: skip
    uploads.services.__dict__.update(archive_store=store)
    del uploads.services.__dict__["archives"]
    uploads.services.archives.go_on(ACCOUNT, feed_id, 0, watch=False)
    assert archived(uploads, feed_id) == sorted(skus[30:])
    assert archiving(uploads, feed_id)["archived"] == 30


def test_it_goes_on_after_each_budget_and_who_looks_whether_it_died_lets_it_work(uploads: Uploads) -> None:
    assert BUDGET <= 2000, "of 16 a transaction: well within the 110 seconds after which it is looked at"
    uploads.feed(rows("A", "B", "C", "D"), "f1", FIRST)
    feed_id = complete(uploads, rows("A"), "f2")
    said(uploads, feed_id, True)
    told(uploads)
    uploads.services.archives.go_on(ACCOUNT, feed_id, 0, watch=True)
    assert archiving(uploads, feed_id)["state"] == "archiving", "somebody has just begun"
    assert [step for *_, step in told(uploads)] == ["watch"]


def test_a_row_that_waited_for_audit_is_overtaken_and_the_sums_agree(uploads: Uploads) -> None:
    first = uploads.feed(rows("A", "B"), "f1", FIRST)
    complete(uploads, rows("A"), "f2")
    assert (uploads.counts(first)["submitted"], uploads.counts(first)["superseded"]) == (1, 1)


@pytest.mark.parametrize("said", [{"partial": True}, {"source": ""}, {"source": "x" * 61}])
def test_what_cannot_be_is_refused(uploads: Uploads, said: dict[str, Any]) -> None:
    assert uploads.post({"name": "x", "bytes": 9, "complete": True, **said}, "f9", "/v1/feeds").status == 422


def previewed(uploads: Uploads, content: bytes, key: str, **how: Any) -> dict[str, Any]:
    """What a preview says of archiving, beside what becomes of the same file: both with the same numbers."""
    before = standing(uploads)
    shown: dict[str, Any] = archiving(uploads, complete(uploads, content, key, preview=True, **how))
    assert standing(uploads) == before, "a preview archives nothing"
    taken = archiving(uploads, complete(uploads, content, key + "-taken", THEN, **how))
    assert {name: shown[name] for name in ("there", "missing", "examples")} == {
        name: taken[name] for name in ("there", "missing", "examples")
    }
    assert ("detail" in shown, "detail_zh" in shown) == (taken["state"] == "asked", taken["state"] == "asked")
    assert (shown["state"], shown["archived"]) == ("previewed", 0)
    return shown


def test_a_preview_says_how_many_it_would_archive_and_the_first_of_them(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C", "D", "E"), "f1", FIRST)
    shown = previewed(uploads, rows("A", "B", "C"), "f2")
    assert (shown["there"], shown["missing"], sorted(shown["examples"])) == (5, 2, ["D", "E"])


def test_a_preview_of_a_long_file_reads_all_its_rows_and_shows_the_first(uploads: Uploads) -> None:
    skus = [f"S{n:03}" for n in range(120)]
    uploads.feed(rows(*skus, "GONE"), "f1", FIRST)
    feed_id = complete(uploads, rows(*skus), "f2", preview=True)
    assert (uploads.counts(feed_id)["valid"], archiving(uploads, feed_id)["examples"]) == (100, ["GONE"])


def test_a_preview_says_that_its_supplier_would_be_asked_and_why(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C", "D", "E"), "f1", FIRST)
    assert "more than half" in previewed(uploads, rows("A"), "f2")["detail"]
    assert "cannot be read" in previewed(uploads, rows("A", "B", "C", "D") + b"x,y\r\n", "f3")["detail"]


def test_a_preview_knows_whose_a_faulty_row_is_and_a_variants_code_of_what_can_be_read_is_no_product(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C", "D"), "f1", FIRST)
    faulty = rows("A", "B") + rows("C", price="free").split(b"\r\n", 1)[1]
    assert previewed(uploads, faulty, "f2")["examples"] == ["D"]
    grouped = (GROUPED + "A,P,t,hg-3-2,10,EUR,1,c,r\nB,P,t,hg-3-2,10,EUR,1,c,b\nC,,t,hg-3-2,10,EUR,1,,\n").encode()
    assert sorted(previewed(uploads, grouped, "f3")["examples"]) == ["A", "B"]


def test_a_preview_leaves_the_newest_complete_file_what_it_was(uploads: Uploads) -> None:
    """It is none by which another is overtaken."""
    uploads.feed(rows("A", "B", "C"), "f1", FIRST)
    feed_id = uploads.feed(rows("A", "B"), "f2", THEN, complete=True)
    uploads.feed(rows("A"), "f3", LATER, complete=True, preview=True)
    steps(uploads)
    assert (archiving(uploads, feed_id)["state"], archived(uploads, feed_id)) == ("archived", ["C"])


def test_another_suppliers_feed_is_not_found(uploads: Uploads) -> None:
    assert answer(uploads, "fd_01JAF3M0Q8W7V5T4S3R2P1N0MK", True).status == 404
    assert uploads.get("/v1/feeds/{feed_id}/archived", feed_id="fd_01JAF3M0Q8W7V5T4S3R2P1N0MK").status == 404


@pytest.mark.parametrize("number", range(1, 5))
def test_after_any_lost_answer_the_same_again_is_answered_and_what_is_missing_archived(uploads: Uploads, number: int) -> None:
    uploads.feed(rows("A", "B", "C", "D"), "f1", FIRST)
    feed_id = complete(uploads, rows("A"), "f2")
    with losing_answer(number), suppress(ConnectionError):
        said(uploads, feed_id, True)
    assert answer(uploads, feed_id, True).status == 202
    assert archived(uploads, feed_id) == ["B", "C", "D"]


def test_a_decision_whose_answer_was_lost_and_that_was_sent_again_is_carried_out(uploads: Uploads) -> None:
    uploads.feed(rows("A", "B", "C"), "f1", FIRST)
    store = uploads.services.feed_store

    class SendsTwice:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def save_archiving(self, *asked: Any) -> bool:
            store.save_archiving(*asked)
            return store.save_archiving(*asked)

    feed_id = uploads.feed(rows("A", "B"), "f2", THEN, complete=True)
    uploads.services.__dict__["feed_store"] = SendsTwice()
    uploads.services.archives.go_on(ACCOUNT, feed_id, 0, watch=False)
    assert archived(uploads, feed_id) == ["C"]


def test_what_is_archived_between_a_look_and_a_write_of_the_same_product_sent_whole_is_back(uploads: Uploads) -> None:
    """Seed 21: its content was the same as what was looked at, so its count alone was written, after that had been archived."""
    uploads.feed(rows("A", "B", "C", "D"), "f1", "2020-11-01T08:00:00.000Z")
    feed_id = uploads.feed(rows("A", "B", "C"), "f2", "2020-11-02T08:00:00.000Z", complete=True)
    body = uploads.get("/v1/products/{product_id}", product_id=product_id_of(ACCOUNT, "D")).body["product"]
    store, first = uploads.services.submission_store, True

    class Between:
        """The store; what the file lacks is archived when something is about to be written."""

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def replace(self, *asked: Any) -> bool:
            nonlocal first
            if first:
                first = False
                steps(uploads)
            return store.replace(*asked)

    uploads.services.__dict__.pop("submissions", None)
    uploads.services.__dict__["submission_store"] = Between()
    moved = uploads.put(body, product_id_of(ACCOUNT, "D"))
    assert (moved.status, archived(uploads, feed_id), standing(uploads)["D"]) == (409, ["D"], "archived"), "it is told, and sends it again"
    assert uploads.put(body, product_id_of(ACCOUNT, "D")).body["version"] == 3
    assert standing(uploads)["D"] == "active"


def test_what_is_sent_whole_with_an_earlier_count_stays_whatever_count_comes_after_that(uploads: Uploads) -> None:
    """Seed 780617615: the count that showed that it was sent gave way to a feed's, of an earlier moment but counted later."""
    now = uploads.services.clock()
    uploads.feed(rows("A", "B", "C", "D"), "f1", rfc3339(now - timedelta(hours=9)))
    feed_id = uploads.feed(rows("A", "B", "C"), "f2", rfc3339(now - timedelta(hours=2)), complete=True)
    body = uploads.get("/v1/products/{product_id}", product_id=product_id_of(ACCOUNT, "D")).body["product"]
    counted = {"counted_at": rfc3339(now - timedelta(hours=4)), "stock": 3}
    assert uploads.put(body | counted, product_id_of(ACCOUNT, "D")).status == 202
    uploads.feed(rows("D"), "f3", rfc3339(now - timedelta(hours=3)))
    steps(uploads)
    assert (archived(uploads, feed_id), standing(uploads)["D"]) == ([], "active")
