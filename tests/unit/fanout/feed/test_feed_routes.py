"""The feed over HTTP and the log from its queue, on the real table definition."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from functions.fanout import handler
from functions.fanout.day_rates import DayRates
from functions.fanout.feed.feed_cursor import SIGNED, start
from functions.fanout.product_change import Change
from monsoon_plugin.clock import utc_now
from shared.api.tickets import cursor_of
from shared.bus import envelope
from shared.messages import Message, OfferPublished, StorefrontConfigured
from shared.trade.reference_data import load
from shared.trade.selection import PriceBand, PriceRule, Selection
from shared.trade.selling_rule import NO_RATES
from tests.fakes import NOON, FakeObjects, Reply, call, caller, sqs
from tests.unit.fanout.world import available, published, recalled

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SITE = caller("acc_1", "client_site", storefront_id="sf_1")


@pytest.fixture(autouse=True)
def table(make_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = make_table("fanout")
    monkeypatch.setenv("FANOUT_TABLE", name)
    made = boto3.client("secretsmanager").create_secret(Name=f"signing-{name}", SecretString="a secret of 32 bytes or more, for a test")
    monkeypatch.setenv("SIGNING_SECRET", made["ARN"])
    boto3.client("s3").create_bucket(Bucket="reference-test")
    monkeypatch.setenv("REFERENCE_BUCKET", "reference-test")
    for name_of in ("DELIVERIES_QUEUE_URL", "CATCHUPS_QUEUE_URL", "WEBHOOK_SECRET", "STAGE"):
        monkeypatch.setenv(name_of, "of webhooks: nobody subscribes here")
    for factory in vars(handler).values():
        if hasattr(factory, "cache_clear"):
            factory.cache_clear()
    yield name
    boto3.client("secretsmanager").delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)
    bucket = boto3.resource("s3").Bucket("reference-test")
    bucket.objects.delete()
    bucket.delete()


def configured(version: int = 1, selection: Selection | None = None, **more: Any) -> StorefrontConfigured:
    told = {name: more.pop(name) for name in ("open", "suspended", "storefront_id") if name in more}
    return StorefrontConfigured(
        version=version, account_id="acc_1", name="Lantern", selection=selection or Selection(), price_rule=PriceRule(**more),
        **({"storefront_id": "sf_1", "open": True} | told),
    )  # fmt: skip


def tell(*messages: Message) -> None:
    assert handler.worker(sqs(*(envelope(message, NOON) for message in messages)), None) == {"batchItemFailures": []}


def read(query: dict[str, str] | None = None, by: Any = SITE, **headers: str) -> Reply:
    return call(handler.app, "GET", "/v1/feed", query=query, by=by, headers={k.replace("_", "-"): v for k, v in headers.items()})


def long_ago(*messages: OfferPublished) -> None:
    """As the worker would have kept them years ago."""
    for message in messages:
        handler.store().keep(Change.published(message, LONG_AGO))


def named(answer: Reply) -> set[tuple[str, str]]:
    return {(told["type"], told["product_id"]) for told in answer.body["changes"]}


def test_the_feed_tells_each_product_at_the_storefronts_price_and_goes_on_at_its_cursor() -> None:
    tell(configured(margin_per_mille=100))
    long_ago(published("prd_1", 1), published("prd_2", 1), published("prd_3", 1))
    first = read({"limit": "2"})
    second = read({"limit": "2", "cursor": first.body["next"]})
    changes = first.body["changes"] + second.body["changes"]
    assert {c["product_id"] for c in changes} == {"prd_1", "prd_2", "prd_3"}
    assert {c["product"]["price"]["amount"] for c in changes} == {990}
    assert {c["sequence"] for c in changes} == {"0000000001.00000000.000000000001"}
    assert (first.body["more"], second.body["more"], first.body["rule_version"]) == (True, False, 1)
    assert (first.body["snapshot"], second.body["snapshot"]) == (True, False)
    assert read({"cursor": second.body["next"]}).body["changes"] == []


def test_a_new_rule_brings_what_it_adds_and_takes_away_at_the_same_cursor() -> None:
    tell(configured(selection=Selection(price_band=PriceBand(currency="GBP", high=1000))))
    long_ago(published("prd_1", 1, 500), published("prd_2", 1, 900), published("prd_3", 1, 2000))
    cursor = read().body["next"]
    tell(configured(2, selection=Selection(price_band=PriceBand(currency="GBP", low=800))))
    answer = read({"cursor": cursor})
    assert named(answer) == {("removal", "prd_1"), ("upsert", "prd_3")}
    assert answer.body["rule_version"] == 2
    tell(configured(3, suspended="fakes"))
    assert named(read({"cursor": answer.body["next"]})) == {("removal", "prd_2"), ("removal", "prd_3")}


def test_prices_are_converted_by_the_days_rates_once_there_are_any() -> None:
    tell(configured(currencies=["EUR"]))
    long_ago(published("prd_1", 1, 810))
    first = read()
    assert first.body["changes"] == []
    s3, client = FakeObjects(), boto3.client("s3")
    load(s3, "fx", "1", {"date": "2026-11-01", "per_euro": {"GBP": "0.81"}})
    for key, body in s3.kept.items():
        client.put_object(Bucket="reference-test", Key=key, Body=body)
    (told,) = read({"cursor": first.body["next"]}).body["changes"]
    assert (told["product"]["price"], told["product"]["currency_day"]) == ({"amount": 1000, "currency": "EUR"}, "2026-11-01")
    assert isinstance(handler.rates(), DayRates)


def test_a_recalled_product_leaves_a_site_that_began_before() -> None:
    tell(configured())
    handler.store().keep(Change.recalled(recalled("prd_1", 2), LONG_AGO))
    lens = handler.store().lens("acc_1", "sf_1", NO_RATES)
    assert lens is not None
    began = start(lens, LONG_AGO - timedelta(minutes=1)).given_at(utc_now())
    changes = read({"cursor": cursor_of(handler.tickets(), "changes sf_1", began.cursor(), utc_now())}).body["changes"]
    removal = {"type": "removal", "product_id": "prd_1", "offer_id": "off_prd_1", "sequence": "0000000001.00000000.000000000002"}
    assert changes == [removal]
    assert read().body["changes"] == []


def test_what_the_queue_brings_is_kept_and_not_shown_before_it_is_five_seconds_old() -> None:
    tell(configured(), published("prd_1", 1), available("prd_1", 1, False), published("prd_2", 1), recalled("prd_2", 2))
    answer = read()
    assert (answer.body["changes"], answer.body["more"]) == ([], False)
    kept = {change.product_id: change for change in handler.store().changes(["prd_1", "prd_2"])}
    assert (kept["prd_1"].revision, kept["prd_1"].in_stock, kept["prd_2"].product) == (2, False, None)


def test_when_nothing_is_new_the_cursor_and_the_answer_stay_the_same() -> None:
    tell(configured())
    long_ago(published("prd_1", 1))
    first = read()
    assert (first.status, first.headers["Cache-Control"]) == (200, "private, no-cache")
    second = read({"cursor": first.body["next"]})
    assert (second.body["changes"], second.body["next"]) == ([], first.body["next"])
    again = read({"cursor": first.body["next"]}, if_none_match=f'"other", W/{second.headers["ETag"]}')
    assert (again.status, again.body, again.headers["ETag"]) == (304, None, second.headers["ETag"])
    tell(configured(2, margin_per_mille=500))
    assert named(read({"cursor": first.body["next"]}, if_none_match=second.headers["ETag"])) == {("upsert", "prd_1")}


def test_a_cursor_is_renewed_after_a_day_and_gone_after_thirty() -> None:
    tell(configured())
    lens, now = handler.store().lens("acc_1", "sf_1", NO_RATES), utc_now()
    assert lens is not None

    def cursor(age: timedelta) -> str:
        return cursor_of(handler.tickets(), "changes sf_1", start(lens, now - age).level().cursor(), now - age, SIGNED)

    for age, kept in ((timedelta(hours=23), True), (timedelta(hours=25), False), (timedelta(days=29), False)):
        given = cursor(age)
        assert (read({"cursor": given}).body["next"] == given) is kept
    gone = read({"cursor": cursor(timedelta(days=31))})
    assert (gone.status, gone.body["type"]) == (410, "urn:monsoon:problem:cursor-too-old")
    assert "without a cursor" in gone.body["detail"]


def test_owners_name_their_storefront_and_others_find_nothing() -> None:
    tell(configured())
    assert read({"storefront_id": "sf_1"}, caller()).status == 200
    assert read({"storefront_id": "sf_1"}, caller("acc_2")).status == 404
    assert read({"storefront_id": "sf_2"}).status == 404
    unnamed = read(by=caller())
    assert (unnamed.status, unnamed.body["errors"][0]["pointer"]) == (422, "query/storefront_id")


def test_a_forged_or_foreign_cursor_is_refused() -> None:
    tell(configured(), configured(storefront_id="sf_2"))
    mine = read().body["next"]
    for query in ({"cursor": "x"}, {"cursor": mine, "storefront_id": "sf_2"}):
        answer = read({"storefront_id": "sf_1", **query}, caller())
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "query/cursor")
    head, body, seal = mine.split(".")
    assert read({"cursor": f"{head}.{body}.{seal[::-1]}"}).status == 400
    assert json.dumps(read({"cursor": "a" * 5000}).body["errors"]).count("query/cursor") == 1
