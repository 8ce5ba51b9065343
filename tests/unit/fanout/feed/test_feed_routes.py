"""The feed over HTTP and the log from its queue, on the real table definition."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.fanout.bootstrap import Settings
from functions.fanout.change_store import ChangeStore
from functions.fanout.feed.feed_cursor import SIGNED, start
from functions.fanout.product_change import ProductChange
from monsoon_plugin.clock import rfc3339, utc_now
from shared.api.tickets import cursor_of
from shared.messages import OfferPublished
from shared.optimistic_retry import AT_ONCE
from shared.trade.fx import NO_RATES
from shared.trade.reference_data import load
from shared.trade.selection import PriceBand, Selection
from tests.fakes import TICKETS, Reply, call, caller
from tests.unit.fanout.service import Fanout, configured
from tests.unit.fanout.world import available, published, recalled

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SITE = caller("acc_1", "client_site", storefront_id="sf_1")


class FeedFanout(Fanout):
    def read(self, query: dict[str, str] | None = None, by: Any = SITE, **headers: str) -> Reply:
        return call(self.app, "GET", "/v1/feed", query=query, by=by, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def long_ago(self, *messages: OfferPublished) -> None:
        """As the worker would have kept them years ago."""
        for message in messages:
            self.past.keep(ProductChange.published(message, LONG_AGO))

    @property
    def past(self) -> ChangeStore:
        """As it was written years ago."""
        return ChangeStore(self.services.settings(Settings).fanout_table, lambda: LONG_AGO, AT_ONCE)


@pytest.fixture
def fanout(make_table: Callable[[str], str]) -> FeedFanout:
    return FeedFanout(make_table("fanout"))


def named(answer: Reply) -> set[tuple[str, str]]:
    return {(told["type"], told["product_id"]) for told in answer.body["changes"]}


def test_the_feed_tells_each_product_at_the_storefronts_price_and_goes_on_at_its_cursor(fanout: FeedFanout) -> None:
    fanout.tell(configured(margin_per_mille=100))
    fanout.long_ago(published("prd_1", 1), published("prd_2", 1), published("prd_3", 1))
    first = fanout.read({"limit": "2"})
    second = fanout.read({"limit": "2", "cursor": first.body["next"]})
    changes = first.body["changes"] + second.body["changes"]
    assert {c["product_id"] for c in changes} == {"prd_1", "prd_2", "prd_3"}
    assert {c["product"]["price"]["amount"] for c in changes} == {990}
    assert {c["sequence"] for c in changes} == {"0000000001.00000000.000000000001"}
    assert (first.body["more"], second.body["more"], first.body["rule_version"]) == (True, False, 1)
    assert (first.body["snapshot"], second.body["snapshot"]) == (True, False)
    assert fanout.read({"cursor": second.body["next"]}).body["changes"] == []


def test_a_new_rule_brings_what_it_adds_and_takes_away_at_the_same_cursor(fanout: FeedFanout) -> None:
    fanout.tell(configured(selection=Selection(price_band=PriceBand(currency="GBP", high=1000))))
    fanout.long_ago(published("prd_1", 1, 500), published("prd_2", 1, 900), published("prd_3", 1, 2000))
    cursor = fanout.read().body["next"]
    fanout.tell(configured(2, selection=Selection(price_band=PriceBand(currency="GBP", low=800))))
    answer = fanout.read({"cursor": cursor})
    assert named(answer) == {("removal", "prd_1"), ("upsert", "prd_3")}
    assert answer.body["rule_version"] == 2
    fanout.tell(configured(3, suspended="fakes"))
    assert named(fanout.read({"cursor": answer.body["next"]})) == {("removal", "prd_2"), ("removal", "prd_3")}


def test_prices_are_converted_by_the_days_rates_once_there_are_any(fanout: FeedFanout) -> None:
    fanout.tell(configured(currencies=["EUR"]))
    fanout.long_ago(published("prd_1", 1, 810))
    first = fanout.read()
    assert first.body["changes"] == []
    load(fanout.reference, "fx", "1", {"date": "2026-11-01", "per_euro": {"GBP": "0.81"}})
    (told,) = fanout.read({"cursor": first.body["next"]}).body["changes"]
    assert (told["product"]["price"], told["product"]["currency_day"]) == ({"amount": 1000, "currency": "EUR"}, "2026-11-01")


def test_a_recalled_product_leaves_a_site_that_began_before(fanout: FeedFanout) -> None:
    fanout.tell(configured())
    fanout.past.keep(ProductChange.recalled(recalled("prd_1", 2), LONG_AGO))
    view = fanout.services.rules.current_view("acc_1", "sf_1", NO_RATES)
    assert view is not None
    began = start(view, LONG_AGO - timedelta(minutes=1)).given_at(utc_now())
    changes = fanout.read({"cursor": cursor_of(TICKETS, "changes sf_1", began.position(), utc_now())}).body["changes"]
    removal = {"type": "removal", "product_id": "prd_1", "offer_id": "off_prd_1", "sequence": "0000000001.00000000.000000000002"}
    assert changes == [removal]
    assert fanout.read().body["changes"] == []


def test_what_the_queue_brings_is_kept_and_not_shown_before_it_is_five_seconds_old(fanout: FeedFanout) -> None:
    fanout.tell(configured(), published("prd_1", 1), available("prd_1", 1, False), published("prd_2", 1), recalled("prd_2", 2))
    answer = fanout.read()
    assert (answer.body["changes"], answer.body["more"]) == ([], False)
    kept = {change.product_id: change for change in fanout.services.changes.changes(["prd_1", "prd_2"])}
    assert (kept["prd_1"].revision, kept["prd_1"].in_stock, kept["prd_2"].product) == (2, False, None)


def test_when_nothing_is_new_the_cursor_and_the_answer_stay_the_same(fanout: FeedFanout) -> None:
    fanout.tell(configured())
    fanout.long_ago(published("prd_1", 1))
    first = fanout.read()
    assert (first.status, first.headers["Cache-Control"]) == (200, "private, no-cache")
    second = fanout.read({"cursor": first.body["next"]})
    assert (second.body["changes"], second.body["next"]) == ([], first.body["next"])
    again = fanout.read({"cursor": first.body["next"]}, if_none_match=f'"other", W/{second.headers["ETag"]}')
    assert (again.status, again.body, again.headers["ETag"]) == (304, None, second.headers["ETag"])
    fanout.tell(configured(2, margin_per_mille=500))
    assert named(fanout.read({"cursor": first.body["next"]}, if_none_match=second.headers["ETag"])) == {("upsert", "prd_1")}


def test_a_cursor_is_renewed_after_a_day_and_gone_after_thirty(fanout: FeedFanout) -> None:
    fanout.tell(configured())
    view, now = fanout.services.rules.current_view("acc_1", "sf_1", NO_RATES), utc_now()
    assert view is not None

    def cursor(age: timedelta) -> str:
        return cursor_of(
            TICKETS, "changes sf_1", start(view, now - age).level(rfc3339(now - age), as_before=False).position(), now - age, SIGNED
        )

    for age, kept in ((timedelta(hours=23), True), (timedelta(hours=25), False), (timedelta(days=29), False)):
        given = cursor(age)
        assert (fanout.read({"cursor": given}).body["next"] == given) is kept
    gone = fanout.read({"cursor": cursor(timedelta(days=31))})
    assert (gone.status, gone.body["type"]) == (410, "urn:monsoon:problem:cursor-too-old")
    assert "without a cursor" in gone.body["detail"]


def test_owners_name_their_storefront_and_others_find_nothing(fanout: FeedFanout) -> None:
    fanout.tell(configured())
    assert fanout.read({"storefront_id": "sf_1"}, caller()).status == 200
    assert fanout.read({"storefront_id": "sf_1"}, caller("acc_2")).status == 404
    assert fanout.read({"storefront_id": "sf_2"}).status == 404
    unnamed = fanout.read(by=caller())
    assert (unnamed.status, unnamed.body["errors"][0]["pointer"]) == (422, "query/storefront_id")


def test_a_forged_or_foreign_cursor_is_refused(fanout: FeedFanout) -> None:
    fanout.tell(configured(), configured(storefront_id="sf_2"))
    mine = fanout.read().body["next"]
    for query in ({"cursor": "x"}, {"cursor": mine, "storefront_id": "sf_2"}):
        answer = fanout.read({"storefront_id": "sf_1", **query}, caller())
        assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "query/cursor")
    head, body, seal = mine.split(".")
    assert fanout.read({"cursor": f"{head}.{body}.{seal[::-1]}"}).status == 400
    assert json.dumps(fanout.read({"cursor": "a" * 5000}).body["errors"]).count("query/cursor") == 1


def test_a_site_is_shown_neither_the_suppliers_price_nor_why_an_operator_suspended_its_storefront(fanout: FeedFanout) -> None:
    fanout.tell(configured(margin_per_mille=100))
    fanout.long_ago(published("prd_1", 1, 777))
    first = fanout.read()
    assert "777" not in json.dumps(first.body["changes"])
    assert not {"cost", "margin", "sku", "stock"} & set(first.body["changes"][0]["product"])
    fanout.tell(configured(2, margin_per_mille=100, suspended="sold copies"))
    assert "sold copies" not in json.dumps(fanout.read({"cursor": first.body["next"]}).body)


def test_a_key_that_may_only_browse_reads_no_feed(fanout: FeedFanout) -> None:
    fanout.tell(configured())
    answer = fanout.read(by=caller("acc_1", "client_site", storefront_id="sf_1", scope="browse"))
    assert (answer.status, answer.body["scope"]) == (403, "sell")
