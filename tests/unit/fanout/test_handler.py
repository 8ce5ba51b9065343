"""fanout over HTTP and from its queue, on the real table definition."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from functions.fanout import handler
from functions.fanout.change import Change
from shared.bus import envelope
from shared.clock import rfc3339, utc_now
from shared.messages import Message, OfferPublished, StorefrontConfigured
from shared.selection import PriceRule, Selection
from shared.tickets import cursor_of
from tests.fakes import NOON, Reply, call, caller, sqs
from tests.unit.fanout.test_change import published, recalled

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SITE = caller("acc_1", "client_site", storefront_id="sf_1")


@pytest.fixture(autouse=True)
def table(make_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = make_table("fanout")
    monkeypatch.setenv("FANOUT_TABLE", name)
    made = boto3.client("secretsmanager").create_secret(Name=f"signing-{name}", SecretString="a secret of 32 bytes or more, for a test")
    monkeypatch.setenv("SIGNING_SECRET", made["ARN"])
    for factory in (handler.store, handler.tickets):
        factory.cache_clear()
    yield name
    boto3.client("secretsmanager").delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)


def configured(version: int = 1, **rule: Any) -> StorefrontConfigured:
    return StorefrontConfigured(
        version=version,
        storefront_id="sf_1",
        account_id="acc_1",
        name="Lantern",
        open=True,
        selection=Selection(),
        price_rule=PriceRule(**rule),
    )


def tell(*messages: Message) -> None:
    assert handler.worker(sqs(*(envelope(message, NOON) for message in messages)), None) == {"batchItemFailures": []}


def read(query: dict[str, str] | None = None, by: Any = SITE) -> Reply:
    return call(handler.app, "GET", "/v1/feed", query=query, by=by)


def long_ago(*messages: OfferPublished) -> None:
    """As the worker would have kept them years ago."""
    for message in messages:
        handler.store().keep(Change.published(message, LONG_AGO))


def test_the_feed_tells_each_product_at_the_storefronts_price_and_goes_on_at_its_cursor() -> None:
    tell(configured(margin_per_mille=100))
    long_ago(published("prd_1", 1), published("prd_2", 1), published("prd_3", 1))
    first = read({"limit": "2"})
    second = read({"limit": "2", "cursor": first.body["next"]})
    changes = first.body["changes"] + second.body["changes"]
    assert {c["product_id"] for c in changes} == {"prd_1", "prd_2", "prd_3"}
    assert {c["product"]["price"]["amount"] for c in changes} == {990}
    assert (first.body["more"], second.body["more"], first.body["rule_version"]) == (True, False, 1)
    assert read({"cursor": second.body["next"]}).body["changes"] == []


def test_a_recalled_product_leaves_a_site_that_began_before() -> None:
    tell(configured())
    handler.store().keep(Change.recalled(recalled("prd_1", 2), LONG_AGO))
    began = {"since": rfc3339(LONG_AGO - timedelta(minutes=1)), "first": 0}
    cursor = cursor_of(handler.tickets(), "feed sf_1", began, utc_now())
    changes = read({"cursor": cursor}).body["changes"]
    assert changes == [{"type": "removal", "product_id": "prd_1", "offer_id": "off_prd_1", "version": 2}]
    assert read().body["changes"] == []


def test_a_change_is_one_item_however_often_and_late_it_comes(table: str) -> None:
    tell(published("prd_1", 2), published("prd_1", 1), published("prd_1", 2), recalled("prd_1", 3), published("prd_1", 2))
    items = boto3.client("dynamodb").scan(TableName=table)["Items"]
    assert [(item["version"]["N"], "product" in item) for item in items] == [("3", False)]


def test_what_has_just_happened_is_not_shown_yet() -> None:
    tell(configured(), published("prd_1", 1))
    answer = read()
    assert (answer.body["changes"], answer.body["more"]) == ([], False)


def test_an_older_rule_that_comes_late_is_dropped() -> None:
    tell(configured(2, margin_per_mille=100), configured(1))
    long_ago(published("prd_1", 1))
    answer = read()
    assert (answer.body["changes"][0]["product"]["price"]["amount"], answer.body["rule_version"]) == (990, 2)


def test_owners_name_their_storefront_and_others_find_nothing() -> None:
    tell(configured())
    assert read({"storefront_id": "sf_1"}, caller()).status == 200
    assert read({"storefront_id": "sf_1"}, caller("acc_2")).status == 404
    assert read({"storefront_id": "sf_2"}).status == 404
    unnamed = read(by=caller())
    assert (unnamed.status, unnamed.body["errors"][0]["pointer"]) == (422, "query/storefront_id")


def test_a_forged_or_foreign_cursor_is_refused() -> None:
    tell(configured(), configured().model_copy(update={"storefront_id": "sf_2"}))
    mine = read().body["next"]
    for query in ({"cursor": "x"}, {"cursor": mine, "storefront_id": "sf_2"}):
        answer = read({"storefront_id": "sf_1", **query}, caller())
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "query/cursor")
    assert read({"cursor": mine[:-3] + "abc"}).status == 400
