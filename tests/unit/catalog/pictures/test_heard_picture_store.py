"""What was heard of pictures, and who waits, on the real table; and the whole way through the catalog's entry points."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.catalog import handler
from functions.catalog.bootstrap import Services, Settings
from functions.catalog.pictures.heard_picture import heard_of
from functions.catalog.pictures.heard_picture_store import HeardPictureStore
from functions.catalog.pictures.picture_wait import PictureWait
from shared.api.service import Service
from shared.aws.packing import unpacked
from shared.bus import envelope, opened
from shared.ids import derived_id
from shared.messages import Message, OfferPublished
from shared.optimistic_retry import AT_ONCE
from tests.conftest import aws
from tests.fakes import NOON, TICKETS, call, caller, sqs
from tests.unit.catalog.pictures.world import PICTURES, SUPPLIER, approved, broken, hidden, shown

FIRST, SECOND, THIRD = PICTURES


@pytest.fixture
def table(make_table: Callable[[str], str]) -> str:
    return make_table("catalog")


@pytest.fixture
def jobs() -> list[tuple[Any, int]]:
    return []


@pytest.fixture
def catalog(table: str, jobs: list[tuple[Any, int]]) -> Services:
    return Services(Settings(table), tickets=TICKETS, retry=AT_ONCE, send_job=lambda job, delay: jobs.append((job, delay)))


def hear(catalog: Services, *messages: Message) -> None:
    worker = replace(handler.worker, services=lambda: catalog)
    assert worker(sqs(*(envelope(message, NOON) for message in messages)), None) == {"batchItemFailures": []}


def carry_out(catalog: Services, jobs: list[tuple[Any, int]]) -> None:
    worker = replace(handler.sanctions, services=lambda: catalog)
    while jobs:
        assert worker(sqs(jobs.pop(0)[0].model_dump_json()), None) == {"batchItemFailures": []}


def told(table: str) -> OfferPublished:
    (item,) = (item for item in aws("dynamodb").scan(TableName=table)["Items"] if item["sk"]["S"] == "product#prd_1")
    event = opened(unpacked(item["event"]))
    assert isinstance(event, OfferPublished)
    return event


def test_of_news_that_change_places_the_newest_is_kept_and_of_waits_each_once(table: str):
    store = HeardPictureStore(table)
    for message in (shown(FIRST), hidden(FIRST), shown(FIRST), broken(SECOND)):
        store.keep(heard_of(message))
    found = store.heard(SUPPLIER, PICTURES)
    assert {key: (each.state, each.version) for key, each in found.items()} == {FIRST: ("hidden", 2), SECOND: ("broken", 1)}
    assert (found[SECOND].reason, found[SECOND].reason_zh) == ("cut off", "不完整")
    waits = [PictureWait(SUPPLIER, FIRST, f"prd_{n}", 2) for n in range(3)]
    store.await_each(waits)
    store.await_each(waits)
    assert store.waiting(SUPPLIER, FIRST, "", 2) == waits[:2]
    assert store.waiting(SUPPLIER, FIRST, "prd_1", 2) == waits[2:]
    assert store.waiting(SUPPLIER, SECOND, "", 2) == []
    store.done(replace(waits[0], since=1))
    store.done(waits[1])
    assert store.waiting(SUPPLIER, FIRST, "", 9) == [waits[0], waits[2]], "one that waits anew since is left"


def test_a_product_is_published_with_what_is_shown_and_its_supplier_is_told_of_the_rest_by_name(
    table: str, catalog: Services, jobs: list[tuple[Any, int]]
):  # fmt: skip
    hear(catalog, shown(FIRST), approved(pictures=PICTURES), broken(SECOND))
    assert told(table).shown == [f"{FIRST} {derived_id('img', FIRST)} 900 600 #a1b2c3"]
    assert told(table).blurs == ["UklGRg=="]
    app = Service("catalog", lambda: catalog, handler.ROUTES)
    asked = lambda: call(app, "GET", "/v1/catalog/products/{product_id}", path={"product_id": "prd_1"}, by=caller()).body  # noqa: E731
    assert [(each["picture_id"], each["state"]) for each in asked()["pictures"]] == [
        (FIRST, "shown"), (SECOND, "broken"), (THIRD, "missing")
    ]  # fmt: skip
    assert [each.get("detail") for each in asked()["pictures"]][:2] == [None, "cut off"]
    hear(catalog, shown(THIRD))
    carry_out(catalog, jobs)
    assert [line.split()[0] for line in told(table).shown] == [FIRST, THIRD]
    hear(catalog, hidden(FIRST))
    carry_out(catalog, jobs)
    assert ([line.split()[0] for line in told(table).shown], asked()["pictures"][0]["state"]) == ([THIRD], "hidden")


def test_what_waits_for_its_picture_says_so_and_a_recall_of_it_loses_no_picture(
    table: str, catalog: Services, jobs: list[tuple[Any, int]]
):  # fmt: skip
    hear(catalog, approved(requires_picture=True))
    app = Service("catalog", lambda: catalog, handler.ROUTES)
    where: dict[str, Any] = {"path": {"product_id": "prd_1"}, "by": caller()}
    assert call(app, "GET", "/v1/catalog/products/{product_id}", **where).body["state"] == "awaiting_picture"
    act = "/v1/catalog/products/{product_id}/"
    assert call(app, "POST", act + "recall", body={"reason": "x"}, headers={"idempotency-key": "1"}, **where).body["state"] == "recalled"
    hear(catalog, shown(SECOND))
    carry_out(catalog, jobs)
    item = aws("dynamodb").get_item(TableName=table, Key={"pk": {"S": "acc_1"}, "sk": {"S": "product#prd_1"}})["Item"]
    assert json.loads(item["shown"]["S"])[0][0].startswith(SECOND), "its event says nothing of pictures while it is recalled"
    answer = call(app, "POST", act + "reinstatement", body={}, headers={"idempotency-key": "2"}, **where)
    assert (answer.body["state"], [line.split()[0] for line in told(table).shown]) == ("on_sale", [SECOND])
