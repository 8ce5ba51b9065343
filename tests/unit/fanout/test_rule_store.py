"""What the table keeps of storefronts' rules, on its real definition."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.fanout.rule_store import HISTORY, RuleStore
from shared.aws.dynamo import connection
from shared.messages import StorefrontConfigured
from shared.optimistic_retry import AT_ONCE
from shared.trade.fx import NO_RATES
from shared.trade.selection import PriceRule, Selection
from tests.conftest import aws
from tests.fakes import NOON
from tests.unit.fanout.world import rates


@pytest.fixture
def store(make_table: Callable[[str], str]) -> RuleStore:
    return RuleStore(make_table("fanout"), AT_ONCE)


def items(sk: str) -> list[dict[str, Any]]:
    found = aws("dynamodb").scan(TableName="fanout-test")["Items"]
    return [item for item in found if item["sk"]["S"].startswith(sk)]


def configured(version: int, margin: int = 0, name: str = "Lantern", **more: Any) -> StorefrontConfigured:
    return StorefrontConfigured(
        version=version, storefront_id="sf_1", account_id="acc_1", name=name, open=more.pop("open", True), selection=Selection(),
        price_rule=PriceRule(margin_per_mille=margin), **more,
    )  # fmt: skip


def test_a_rule_is_kept_unless_a_newer_one_is(store: RuleStore) -> None:
    assert store.current_view("acc_1", "sf_1", NO_RATES) is None
    assert store.configure(configured(2, 200), NOON)
    assert not store.configure(configured(1, 100), NOON)
    view = store.current_view("acc_1", "sf_1", rates(1))
    assert view is not None
    assert (view.version, view.rule.price_rule.margin_per_mille, view.rates) == (2, 200, rates(1))
    assert store.current_view("acc_2", "sf_1", NO_RATES) is None


def test_an_event_that_comes_again_is_answered_as_it_was(store: RuleStore) -> None:
    assert store.configure(configured(2), NOON)
    assert store.configure(configured(2), NOON)
    assert len(items("rule#")) == 0


def test_a_storefront_that_is_closed_or_suspended_sells_nothing(store: RuleStore) -> None:
    for version, (more, selling) in enumerate([({"open": False}, False), ({}, True), ({"suspended": "fakes"}, False)], 1):
        store.configure(configured(version, **more), NOON)
        view = store.current_view("acc_1", "sf_1", NO_RATES)
        assert view is not None
        assert view.rule.selling is selling


def test_a_new_name_is_no_new_rule(store: RuleStore) -> None:
    store.configure(configured(1, 100), NOON)
    assert not store.configure(configured(2, 100, name="Lamp"), NOON)
    assert store.configure(configured(3, 300), NOON)
    view = store.current_view("acc_1", "sf_1", NO_RATES)
    assert view is not None
    assert view.version == 3
    past = store.earlier_views(view, 1, NO_RATES, 8, NOON)
    assert past is not None
    assert [(one.version, one.rule.price_rule.margin_per_mille) for one in past] == [(1, 100)]


def test_the_past_is_every_rule_from_a_version_on_until_it_is_forgotten(store: RuleStore) -> None:
    for version in (1, 2, 5, 9):
        store.configure(configured(version, version), NOON)
    view = store.current_view("acc_1", "sf_1", NO_RATES)
    assert view is not None

    def versions(since: int, limit: int = 8, now: Any = NOON) -> list[int] | None:
        past = store.earlier_views(view, since, rates(1), limit, now)
        assert past is None or {one.rates.day for one in past} == {"2026-11-01"}
        return None if past is None else [one.version for one in past]

    assert versions(1) == [1, 2, 5]
    assert versions(2) == [2, 5]
    assert versions(3) is None
    assert versions(1, limit=2) is None
    assert versions(1, now=NOON + HISTORY) is None
    assert store.earlier_views(replace(view, account_id="acc_2"), 1, NO_RATES, 8, NOON) is None


def test_two_events_at_once_lose_no_rule(store: RuleStore) -> None:
    """Another worker puts version 2 after this one, which puts version 3, has read version 1."""
    store.configure(configured(1, 100), NOON)
    races, calls = [2], connection().client.meta.events

    def meanwhile(**_: Any) -> None:
        if races:
            store.configure(configured(races.pop(), 200), NOON)

    calls.register("before-call.dynamodb.PutItem", meanwhile)
    try:
        assert store.configure(configured(3, 300), NOON)
    finally:
        calls.unregister("before-call.dynamodb.PutItem", meanwhile)
    view = store.current_view("acc_1", "sf_1", NO_RATES)
    assert view is not None
    past = store.earlier_views(view, 1, NO_RATES, 8, NOON)
    assert past is not None
    assert [one.version for one in past] == [1, 2]
