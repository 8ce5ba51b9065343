"""A read that does not ask for consistency may answer of a moment ago: the item, its absence, an index's old entry."""

from collections.abc import Callable
from random import Random
from typing import Any

import boto3
import pytest
from ministack.services import dynamodb

from simulation.aws.past import Past, may_lag
from simulation.faults import Staleness

KEY = {"pk": {"S": "tenant"}, "sk": {"S": "ord_1"}}


class Written:
    """A table with its past; each write is a second after the one before."""

    def __init__(self, table: str) -> None:
        self.client, self.table, self.past, self.now = boto3.client("dynamodb"), table, Past(), 0.0
        dynamodb._stream_records.pop(table, None)

    def put(self, **more: str) -> None:
        self.now += 1.0
        self.client.put_item(TableName=self.table, Item={**KEY, **{name: {"S": value} for name, value in more.items()}})
        self.past.keep(self.now, self.table, dynamodb._stream_records.pop(self.table))

    def held(self) -> dict[str, Any] | None:
        return self.client.get_item(TableName=self.table, Key=KEY).get("Item")

    def open(self) -> list[str]:
        """What the index lists."""
        asked = {"KeyConditionExpression": "open_pk = :p", "ExpressionAttributeValues": {":p": {"S": "due"}}}
        return [item["open_sk"]["S"] for item in self.client.query(TableName=self.table, IndexName="open", **asked)["Items"]]


@pytest.fixture
def written(make_table: Callable[[str], str]) -> Written:
    return Written(make_table("orders"))


def test_a_lagging_read_answers_what_stood_there_before_and_the_present_comes_back(written: Written):
    written.put(state="unpaid", open_pk="due", open_sk="1")
    written.put(state="paid", open_pk="due", open_sk="2")
    now = (written.held(), written.open())
    with written.past.shown(written.now + 0.3, lambda: 0.5) as otherwise:
        assert otherwise
        assert written.held()["state"] == {"S": "unpaid"}
        assert written.open() == ["1"]
    assert (written.held(), written.open()) == now
    with written.past.shown(written.now + 0.3, lambda: 0.1) as otherwise:
        assert not otherwise
        assert written.held()["state"] == {"S": "paid"}


def test_what_was_just_made_may_not_be_there_yet(written: Written):
    written.put(open_pk="due", open_sk="1")
    with written.past.shown(written.now, lambda: 0.5):
        assert (written.held(), written.open()) == (None, [])
    assert written.open() == ["1"]


def test_nothing_lags_for_more_than_a_second(written: Written):
    written.put(state="unpaid")
    written.put(state="paid")
    written.put(state="sent")
    with written.past.shown(written.now, lambda: 1.0):
        assert written.held()["state"] == {"S": "paid"}


def test_a_read_lags_unless_it_asks_for_consistency_or_is_of_a_transaction():
    assert may_lag("GetItem", {})
    assert not may_lag("GetItem", {"ConsistentRead": True})
    assert may_lag("Query", {"ConsistentRead": False})
    assert may_lag("Query", {"IndexName": "open"})
    assert not may_lag("Query", {"ConsistentRead": True})
    assert may_lag("BatchGetItem", {"RequestItems": {"T": {}}})
    assert not may_lag("BatchGetItem", {"RequestItems": {"T": {"ConsistentRead": True}}})
    assert not may_lag("TransactGetItems", {})
    assert not may_lag("PutItem", {})


def test_many_schedules_have_no_such_fault_and_those_without_it_never_lag():
    drawn = [Staleness(Random(f"stale {seed}")) for seed in range(100)]
    assert 20 < sum(staleness.rate > 0 for staleness in drawn) < 60
    assert all(Staleness(Random(f"stale {seed}"), frozenset({"stale"})).lag() is None for seed in range(100))
    assert any(staleness.lag() for staleness in drawn for _ in range(20))
