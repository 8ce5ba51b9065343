"""A file of which something is not sure is held, and its supplier is asked; a preview takes nothing; a lost arrival is made good."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest

from functions.uploads.feeds.feed import Chunk
from functions.uploads.feeds.feed_splitter import FeedSplitter, SendChunks
from shared.aws.packing import unpacked
from shared.bus import opened_as
from shared.messages import ProductSubmitted
from shared.pictures.by_address import picture_id_of
from tests.conftest import aws
from tests.fakes import caller
from tests.unit.uploads.conftest import Uploads
from tests.unit.uploads.samples import ACCOUNT, CELLS, COLUMNS, MORNING, file_of

KOREAN = file_of(*([f"K{i}", f"원목 그릇 {i}", *CELLS[2:]] for i in range(5))).replace("白灯笼", "").encode("cp949")
FOREIGN = "Artikelnummer;Bezeichnung;Preis;W\u00e4hrung;Bestand;Kategorie;Gewicht (kg);Farbe\nA-1;Laterne;12,50;EUR;4;hg-3-2;0,3;rot\n"


def view(uploads: Uploads, feed_id: str) -> Any:
    return uploads.get("/v1/feeds/{feed_id}", feed_id=feed_id).body


def test_a_file_that_reads_in_several_ways_is_held_with_a_sample_of_each_and_read_as_its_supplier_says(uploads: Uploads) -> None:
    feed_id = uploads.feed(KOREAN)
    held = view(uploads, feed_id)
    assert (held["state"], held["error"]["code"]) == ("held", "encoding-unsure")
    assert "원목 그릇 0" in held["question"]["readings"]["cp949"][0]
    assert uploads.answer(feed_id, encoding="cp949").status == 202
    uploads.read_again()
    assert (view(uploads, feed_id)["state"], view(uploads, feed_id)["rows"]["submitted"]) == ("read", 5)
    product = uploads.get("/v1/products/{product_id}", product_id=uploads.report(feed_id)["items"][0]["product_id"]).body
    assert product["product"]["texts"]["en"]["title"] == "원목 그릇 0"


def test_what_a_supplier_says_of_the_encoding_is_believed_only_if_it_can_be(uploads: Uploads) -> None:
    assert view(uploads, uploads.feed(KOREAN, encoding="cp949"))["state"] == "read"
    assert view(uploads, uploads.feed(KOREAN, "f2", encoding="utf-8"))["error"]["code"] == "wrong-encoding"


def test_columns_that_nobody_knows_are_held_with_a_mapping_proposed_which_reads_the_file_when_confirmed(uploads: Uploads) -> None:
    feed_id = uploads.feed(FOREIGN.encode())
    held = view(uploads, feed_id)
    assert (held["state"], held["error"]["code"]) == ("held", "mapping-needed")
    proposed = {rule["column"]: (rule["field"], rule.get("unit")) for rule in held["question"]["mapping"]["rules"]}
    assert (proposed["Bezeichnung"], proposed["Gewicht (kg)"]) == (("title", None), ("weight_g", "kg"))
    assert "Farbe" not in proposed
    assert uploads.answer(feed_id, mapping=held["question"]["mapping"], language="de").status == 202
    uploads.read_again()
    assert view(uploads, feed_id)["rows"]["submitted"] == 1
    found = uploads.submission()["product"]
    assert (found["texts"]["de"]["title"], found["price"]["amount"], found["weight"]) == ("Laterne", 1250, 300)
    assert view(uploads, feed_id)["unknown_columns"] == ["Farbe"]


def test_a_kept_mapping_reads_the_next_file_with_its_columns_and_nobody_elses(uploads: Uploads) -> None:
    columns = {
        "sku": "Artikelnummer", "title_de": "Bezeichnung", "price": "Preis", "currency": "W\u00e4hrung", "stock": "Bestand",
        "category": "Kategorie",
    }  # fmt: skip
    rules = [{"field": field, "column": column} for field, column in columns.items()]
    assert uploads.keep("winter", rules=rules).status == 200
    assert uploads.keep("winter", caller("acc_2", "supplier"), rules=[{"field": "colour", "column": "Farbe"}]).status == 422
    assert [each["name"] for each in uploads.get("/v1/feed-mappings").body["items"]] == ["winter"]
    assert uploads.get("/v1/feed-mappings", caller("acc_2", "supplier")).body["items"] == []
    assert view(uploads, uploads.feed(FOREIGN.encode()))["rows"]["submitted"] == 1


def test_a_preview_shows_what_rows_would_be_and_takes_none(uploads: Uploads) -> None:
    feed_id = uploads.feed(file_of(*([f"S{i}", *CELLS[1:]] for i in range(150)), ["bad"]).encode(), preview=True)
    shown = view(uploads, feed_id)
    assert (shown["preview"], shown["rows"]["read"], shown["rows"]["valid"]) == (True, 100, 100)
    first = uploads.report(feed_id)["items"][0]
    assert (first["status"], first["product"]["price"]["amount"]) == ("valid", 255)
    assert uploads.get("/v1/products").body["items"] == []


def test_a_preview_of_long_rows_shows_as_many(uploads: Uploads) -> None:
    """Their chunks hold fewer than 24 each: a preview of four chunks showed less, and waited for the rest for ever."""
    columns = [*COLUMNS, "bullets_en"]
    long = "|".join(["x" * 500] * 10) + "|" * 9000
    feed_id = uploads.feed(file_of(*([f"S{i}", *CELLS[1:], long] for i in range(130)), columns=columns).encode(), preview=True)
    assert (view(uploads, feed_id)["rows"]["read"], view(uploads, feed_id)["rows"]["waiting"]) == (100, 0)


def test_constants_fill_what_no_column_says(uploads: Uploads) -> None:
    columns = [column for column in COLUMNS if column != "currency"]
    cells = [cell for column, cell in zip(COLUMNS, CELLS, strict=True) if column != "currency"]
    text = file_of(cells, columns=columns).encode()
    assert uploads.counts(uploads.feed(text))["failed"] == {"invalid": 1}
    assert uploads.counts(uploads.feed(text, "f2", constants={"currency": "GBP"}))["submitted"] == 1
    assert uploads.post({"name": "x", "bytes": 9, "constants": {"colour": "red"}}, "f3", "/v1/feeds").status == 422


def test_a_file_whose_arrival_was_never_told_is_read_when_its_request_comes_again(uploads: Uploads) -> None:
    feed_id = uploads.open_feed(file_of(CELLS).encode())
    assert view(uploads, feed_id)["state"] == "awaiting"
    again = {"format": "csv", "name": "autumn.csv", "bytes": len(file_of(CELLS).encode())}
    assert uploads.post(again, "f1", "/v1/feeds").body["feed_id"] == feed_id
    uploads.read_again()
    assert view(uploads, feed_id)["rows"]["submitted"] == 1
    uploads.drain(uploads.arrivals)
    uploads.post(again, "f1", "/v1/feeds")
    assert uploads.drain(uploads.arrivals) == []


class Dies(Exception):
    """A process that ends here."""


def dying(chunks: Iterable[Chunk]) -> int:
    """A splitter's last act: it sends a chunk, and ends."""
    next(iter(chunks))
    raise Dies


def splitter(uploads: Uploads, told: list[tuple[str, str, int, int]], send: SendChunks) -> FeedSplitter:
    parts = uploads.services
    again: Any = lambda *again: told.append(again)  # noqa: E731
    return FeedSplitter(
        parts.feed_store,
        parts.bucket,
        send,
        parts.mapping_store,
        look_again=again,
        announce=parts.announce_complete,
        foretell=parts.foretell,
        owners=lambda account_id, codes: {},
    )


def test_a_splitter_that_dies_is_taken_over_within_two_minutes(uploads: Uploads) -> None:
    feed_id = uploads.open_feed(file_of(CELLS).encode())
    told: list[tuple[str, str, int, int]] = []
    key = f"feeds/{ACCOUNT}/{feed_id}.csv"
    with pytest.raises(Dies):
        splitter(uploads, told, dying).split(key, MORNING)
    ((key, at, attempt, wait),) = told
    assert (attempt, wait < 120, view(uploads, feed_id)["state"]) == (1, True, "reading")
    splitter(uploads, told, uploads.services.send_chunks).split(key, at, attempt)
    uploads.run(uploads.drain())
    assert (view(uploads, feed_id)["state"], view(uploads, feed_id)["rows"]["submitted"]) == ("read", 1)


COLUMN_OF = {
    "sku": "Artikelnummer", "title_de": "Bezeichnung", "price": "Preis", "currency": "W\u00e4hrung", "stock": "Bestand",
    "category": "Kategorie",
}  # fmt: skip
RULES = [{"field": field, "column": column} for field, column in COLUMN_OF.items()]


@pytest.mark.parametrize("kept", [True, False], ids=["one was kept", "none was"])
def test_who_takes_over_reads_by_the_mapping_of_who_died_whatever_is_kept_since(uploads: Uploads, kept: bool) -> None:
    """Else one chunk is read by one mapping and the next by another."""
    file = FOREIGN.encode() if kept else file_of(CELLS).encode()
    if kept:
        uploads.keep("winter", rules=RULES)
    feed_id = uploads.open_feed(file)
    told: list[tuple[str, str, int, int]] = []
    with pytest.raises(Dies):
        splitter(uploads, told, dying).split(f"feeds/{ACCOUNT}/{feed_id}.csv", MORNING)
    other = [{"field": "sku", "column": "Bezeichnung" if kept else "title_en"}, {"field": "price", "column": "Preis" if kept else "price"}]
    uploads.keep("winter", rules=other)
    uploads.keep("summer", rules=[*other, {"field": "stock", "column": "Bestand" if kept else "stock"}])
    ((key, at, attempt, _),) = told
    splitter(uploads, told, uploads.services.send_chunks).split(key, at, attempt)
    (chunk,) = map(Chunk.model_validate_json, uploads.drain())
    assert chunk.mapping
    assert chunk.mapping.name == ("winter" if kept else "monsoon")
    assert {rule.column.lower() for rule in chunk.mapping.rules if rule.field == "sku"} == {"artikelnummer" if kept else "sku"}
    assert uploads.services.feed_store.get(ACCOUNT, feed_id).pinned is None  # type: ignore[union-attr]


def test_a_file_that_ends_every_splitter_is_refused(uploads: Uploads) -> None:
    feed_id = uploads.open_feed(file_of(CELLS).encode())
    told = [(f"feeds/{ACCOUNT}/{feed_id}.csv", MORNING, 0, 0)]
    while told:
        key, at, attempt, _ = told.pop()
        with suppress(Dies):
            splitter(uploads, told, dying).split(key, at, attempt)
    assert view(uploads, feed_id)["error"]["code"] == "unreadable"


def test_a_product_names_the_pictures_at_its_addresses_before_they_are_fetched_and_its_event_says_where_they_lie(uploads: Uploads) -> None:
    named, urls = "pic_01JAF3M0Q8W7V5T4S3R2P1N0MK", [f"https://a.example/{n}.jpg" for n in range(1, 14)]
    cells = [named if column == "pictures" else cell for column, cell in zip(COLUMNS, CELLS, strict=True)]
    uploads.feed(file_of([*cells, ", ".join([*urls, urls[0]])], columns=[*COLUMNS, "picture_urls"]).encode())
    (item,) = [each for each in aws("dynamodb").scan(TableName="uploads-test")["Items"] if "row" in each]
    event = opened_as(ProductSubmitted, unpacked(item["event"]))
    assert event.picture_urls == urls[:11], "twelve pictures are a product's"
    assert event.product.pictures == [named, *(picture_id_of(ACCOUNT, url) for url in urls[:11])]
    assert uploads.submission()["product"]["pictures"] == event.product.pictures


def test_only_a_held_feed_is_answered_and_only_by_its_owner(uploads: Uploads) -> None:
    feed_id = uploads.feed(file_of(CELLS).encode())
    assert uploads.answer(feed_id, encoding="cp1252").status == 409
    assert uploads.answer("fd_01JAF3M0Q8W7V5T4S3R2P1N0MK", encoding="cp1252").status == 404


@pytest.mark.parametrize("name", ["monsoon", "monsoon-jsonl", "shopify", "google-merchant", "woocommerce", "amazon-flat-file"])
def test_a_template_is_read_as_it_stands(uploads: Uploads, name: str) -> None:
    template = uploads.get("/v1/feed-templates/{format}", format=name).body
    said = {"currency": "EUR", "stock": "3", "category": "hg-3-2"}
    text = template["text"].replace("4006381333931", "").replace("Home & Garden > Decor", "hg-3-2")
    counts = uploads.counts(uploads.feed(text.encode(), constants=said))
    assert (counts["submitted"], counts["failed"]) == (1, {})
