"""Tables are backed up, written to, restored beside themselves and compared, on the emulator's DynamoDB."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import aws, definition
from tools.restore_drill.__main__ import main
from tools.restore_drill.comparison import unset
from tools.restore_drill.stage_tables import SERVICES, StageTables, Unrestorable, tables_of
from tools.restore_drill.switch import Switch
from tools.restore_drill.table_difference import difference


class Stage:
    """A stage's tables as CloudFormation names them."""

    def __init__(self) -> None:
        self.client = aws("dynamodb")
        self.names = {service: f"monsoon-drill-Tables-1-{service.capitalize()}Table-2" for service in SERVICES}
        for service, name in self.names.items():
            self.client.create_table(TableName=name, **definition(service))

    def put(self, service: str, key: str) -> None:
        self.client.put_item(TableName=self.names[service], Item={"pk": {"S": "a#b"}, "sk": {"S": key}, "version": {"N": "1"}})

    def tables(self) -> StageTables:
        return tables_of("drill", self.client)


@pytest.fixture
def stage(_moto: Any) -> Iterator[Stage]:
    made = Stage()
    yield made
    for name in made.client.list_tables()["TableNames"]:
        if name.startswith("monsoon-drill-"):
            made.client.update_table(TableName=name, DeletionProtectionEnabled=False)
            made.client.delete_table(TableName=name)


def test_what_came_after_the_backup_is_lost_and_the_tables_own_items_stay(stage: Stage):
    for service in SERVICES:
        stage.put(service, "before")
    tables = stage.tables()
    backups = tables.back_up("test", apart=0)
    stage.put("orders", "after")
    restored = tables.restore(backups)
    now, then = tables.items(), restored.items()
    found = {service: difference(now[service], then[service]) for service in SERVICES}
    assert {service: (one.same, len(one.lost)) for service, one in found.items()} == {s: (1, int(s == "orders")) for s in SERVICES}
    assert found["orders"].lost == {("a#b", "after")}


def test_an_order_that_comes_between_two_backups_is_in_the_later_one_alone(stage: Stage):
    between: Callable[[float], None] = lambda _: [stage.put(service, "order") for service in SERVICES] and None  # noqa: E731
    tables = stage.tables()
    restored = tables.restore(tables.back_up("test", apart=1, pause=between)).items()
    assert [service for service in SERVICES if not restored[service]] == ["notices"], "it is backed up first, orders long after"


@pytest.mark.parametrize("along", [False, True])
def test_tables_are_backed_up_against_the_way_of_the_data_unless_along_it_is_asked_for(stage: Stage, along: bool):
    taken = list(stage.tables().back_up("test", apart=0, along=along))
    assert taken == list(SERVICES if along else reversed(SERVICES))


def test_a_restore_brings_keys_and_indexes_and_no_stream(stage: Stage):
    tables = stage.tables()
    changed = unset(tables.settings(), tables.restore(tables.back_up("test", apart=0)).settings())
    assert changed == {"stream": [service for service in SERVICES if service not in ("accounts", "notices")]}


def test_restored_tables_are_not_taken_for_the_stages_own(stage: Stage):
    tables = stage.tables()
    tables.restore(tables.back_up("test", apart=0))
    assert stage.tables().names == tables.names == stage.names


def test_a_stage_without_a_table_or_with_two_of_a_service_is_refused_before_anything_is_done(stage: Stage):
    stage.client.delete_table(TableName=stage.names["audit"])
    stage.client.create_table(TableName="monsoon-drill-Tables-3-OrdersTable-4", **definition("orders"))
    with pytest.raises(Unrestorable, match=re.escape("not one table each at stage drill: audit, orders")):
        stage.tables()


@pytest.mark.parametrize("wrong", [("--orders", "0"), ("--orders", "many"), ("--apart", "-1"), ("--apart", "61"), ("--apart", "soon")])
def test_a_drill_of_no_orders_or_of_no_span_is_refused_with_what_to_give(wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as refused:
        main(wrong)
    assert refused.value.code == 2
    assert "take " in capsys.readouterr().err


class Readers:
    """Functions that read streams: the joins that Lambda knows."""

    def __init__(self, *joins: dict[str, Any]) -> None:
        self.joins = list(joins)

    def get_paginator(self, _: str) -> "Readers":
        return self

    def paginate(self, EventSourceArn: str) -> list[dict[str, Any]]:  # noqa: N803 - AWS's names
        return [{"EventSourceMappings": [join for join in self.joins if join["EventSourceArn"] == EventSourceArn]}]

    def create_event_source_mapping(self, **join: Any) -> None:
        self.joins.append({"UUID": "new", "FunctionArn": join["FunctionName"]} | join)

    def delete_event_source_mapping(self, UUID: str) -> None:  # noqa: N803 - AWS's names
        self.joins = [join for join in self.joins if join["UUID"] != UUID]


def test_a_switched_table_has_its_name_its_settings_its_backups_items_and_its_readers(stage: Stage):
    stage.put("orders", "before")
    name = stage.names["orders"]
    stage.client.update_table(TableName=name, DeletionProtectionEnabled=True)
    stage.client.update_time_to_live(TableName=name, TimeToLiveSpecification={"AttributeName": "expires_at", "Enabled": True})
    stage.client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
    tables = stage.tables()
    settings, stream = tables.settings(), stage.client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    backups = tables.back_up("test", apart=0)
    stage.put("orders", "after")
    readers = Readers({"UUID": "old", "EventSourceArn": stream, "FunctionArn": "arn:publish", "BatchSize": 100, "FilterCriteria": {"a": 1}})
    Switch(stage.client, readers).to({"orders": backups["orders"]})
    assert [item["sk"]["S"] for item in tables.scan("orders")] == ["before"]
    assert tables.settings() == settings
    (join,) = readers.joins
    assert (join["EventSourceArn"], join["FunctionName"]) == (
        stage.client.describe_table(TableName=name)["Table"]["LatestStreamArn"],
        "arn:publish",
    )
    assert (join["BatchSize"], join["FilterCriteria"], join["UUID"]) == (100, {"a": 1}, "new")
