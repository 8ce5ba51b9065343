"""The simulation's shorter ways say what the longer ones say. The comparison with the emulator over HTTP holds DynamoDB's as a whole."""

import copy
import inspect
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.model import OperationModel
from botocore.serialize import create_serializer
from botocore.session import get_session
from ministack.core import responses
from ministack.services import dynamodb
from pynamodb.attributes import ListAttribute, MapAttribute, UnicodeAttribute
from pynamodb.models import Model

from local.mendings.dynamodb.copies import as_json, copied, told
from local.mendings.dynamodb.expressions import once
from local.mendings.dynamodb.shortcuts import take
from simulation.aws.shortcuts.attributes import read_at_once
from simulation.aws.shortcuts.calls import handlers, parameters
from simulation.aws.shortcuts.one_account import serve_one_account
from simulation.aws.shortcuts.requests import written
from simulation.aws.tables import PLAYED, properties
from simulation.comparison.calls import Call, Room

ITEM = {"pk": {"S": "a"}, "L": {"L": [{"N": "1"}, {"BOOL": True}, {"NULL": True}, {"M": {"B": {"S": "货"}}}]}, "BS": {"SS": ["x"]}}


@pytest.mark.parametrize("value", [ITEM, {"a": (1, 2.5)}, [None, b"bytes"], {"items": defaultdict(dict, {"a": {"b": ITEM}})}])
def test_a_copy_is_equal_and_shares_nothing(value: Any):
    made = copied(value)
    assert (made, type(made)) == (copy.deepcopy(value), type(value))
    before = copy.deepcopy(value)
    _spoil(made)
    assert value == before


def _spoil(value: Any) -> None:
    """Change every part."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        _spoil(part)
    if isinstance(value, dict | list):
        value.clear()


def test_what_is_written_has_the_types_of_json():
    class Name(str):
        __slots__ = ()

    made = as_json({"ReturnValues": Name("NONE"), "Limit": 3})
    assert made == {"ReturnValues": "NONE", "Limit": 3}
    assert type(made["ReturnValues"]) is str


def test_an_answer_tells_bytes_where_botocore_does_and_text_where_an_attribute_is_called_so():
    parsed = told(
        {"Items": [{"B": {"B": "AAE="}, "S": {"BS": ["AAE=", "Ag=="]}, "M": {"M": {"B": {"S": "B"}, "b": {"B": ""}}}}], "Count": 1}
    )
    item = {"B": {"B": b"\x00\x01"}, "S": {"BS": [b"\x00\x01", b"\x02"]}, "M": {"M": {"B": {"S": "B"}, "b": {"B": b""}}}}
    assert parsed == {"Items": [item], "Count": 1}


def test_random_requests_say_what_botocore_writes():
    serializer, operations = create_serializer("json"), set()
    for call in rooms():
        model = operation(call.operation)
        expected = json.loads(serializer.serialize_to_request(call.given, model)["body"])
        assert parameters(written(call.given, model)) == expected
        operations.add(call.operation)
    assert len(operations) >= 8


def test_a_request_is_not_its_callers():
    for kind, asked, sent in (("B", b"\x00", "AA=="), ("S", "x", "x")):
        given = {"TableName": "t", "Key": {"pk": {kind: asked}}, "ExpressionAttributeNames": {"#a": "a"}, "ProjectionExpression": "#a"}
        request = written(given, operation("GetItem"))
        body = parameters(request)
        assert body["Key"] == {"pk": {kind: sent}}
        body["Key"]["pk"].clear()
        body["ExpressionAttributeNames"].clear()
        assert (given["Key"], given["ExpressionAttributeNames"]) == ({"pk": {kind: asked}}, {"#a": "a"})
        assert parameters(request)["Key"] == {"pk": {kind: sent}}, "asked again it is asked for the same"


def operation(name: str) -> OperationModel:
    return get_session().get_service_model("dynamodb").operation_model(name)


STRANGE = {"TableName": "t", "Item": {"pk": {"STR": "a"}}}


@pytest.mark.parametrize(
    ("name", "given"), [("PutItem", {"Tabelname": "t"}), ("TransactWriteItems", {"TransactItems": [{"Put": STRANGE}]})]
)
def test_a_name_that_dynamodb_does_not_know_is_refused_before_it_is_sent(name: str, given: dict[str, Any]):
    with pytest.raises(KeyError):
        written(given, operation(name))


def test_a_kind_that_dynamodb_does_not_know_is_the_emulators_to_refuse():
    take()
    handlers().ask("CreateTable", {"TableName": "t-strange", **properties(PLAYED[0])})
    item = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    for odd in ({"STR": "a"}, {"M": {"b": {"STR": "a"}}}):
        given = STRANGE | {"TableName": "t-strange", "Item": item | {"odd": odd}}
        assert handlers().ask("PutItem", parameters(written(given, operation("PutItem"))))[0] == 400


def as_it_came(*names: str) -> SimpleNamespace:
    """The emulator's own functions, read anew from its text: those of this process may have been replaced."""
    made = {**vars(dynamodb)}
    for name in names:
        exec(inspect.getsource(dynamodb).split(f"\ndef {name}(")[1].join((f"def {name}(", "")).split("\n\n\n")[0], made)
    return SimpleNamespace(**{name: made[name] for name in names})


def rooms() -> Iterator[Call]:
    """A thousand calls of every kind."""
    for number in range(40):
        room = Room(Random(number), PLAYED[number % len(PLAYED)], "room")
        yield from (room.next() for _ in range(25))


def test_items_are_as_large_as_the_emulator_counts():
    take()
    theirs = as_it_came("_attribute_value_size", "_number_size_bytes", "_item_size_bytes")
    sizes = Counter[int]()
    for call in rooms():
        item = call.given.get("Item") or call.given.get("ExpressionAttributeValues") or {}
        assert dynamodb._item_size_bytes(item) == theirs._item_size_bytes(item)
        sizes[theirs._item_size_bytes(item)] += 1
    assert dynamodb._item_size_bytes({"货": {"S": "货"}}) == theirs._item_size_bytes({"货": {"S": "货"}}) == 6
    assert dynamodb._attribute_value_size({"S": "货"}) == theirs._attribute_value_size({"S": "货"}) == 3
    assert len(sizes) > 50


def test_a_query_has_the_key_that_the_emulator_finds_in_its_condition():
    take()
    theirs, found = as_it_came("_key_condition_av", "_extract_pk_from_condition"), 0
    for call in (call for call in rooms() if call.operation == "Query"):
        condition, names = call.given["KeyConditionExpression"], call.given.get("ExpressionAttributeNames", {})
        values = call.given.get("ExpressionAttributeValues", {})
        for key in ("pk", "sk", "open_pk", *names.values()):
            expected = theirs._extract_pk_from_condition(condition, values, names, key)
            assert dynamodb._extract_pk_from_condition(condition, values, names, key) == expected
            given = theirs._key_condition_av(condition, None, values, names, key)
            assert dynamodb._key_condition_av(condition, None, values, names, key) == given
            found += given is not None
    assert found > 100


def test_a_query_of_an_empty_partition_says_what_the_emulator_says():
    """Whatever was found right of the question before: right and wrong ones, of partitions with and without items, asked twice."""
    take()
    theirs, said = as_it_came("_query"), Counter[tuple[int, bool]]()
    room_table = f"{PLAYED[0]}-queried"
    handlers().ask("CreateTable", {"TableName": room_table, **properties(PLAYED[0])})
    for number in range(40):
        room = Room(Random(number), PLAYED[0], "queried" if number % 2 else "empty")
        for call in (room.next() for _ in range(40)):
            given = call.given | {"TableName": room_table}
            if call.operation == "PutItem" and number % 2:
                handlers().ask("PutItem", parameters(written(given, operation("PutItem"))))
            if call.operation == "Query":
                expected = theirs._query(copy.deepcopy(given))
                for _ in range(2):
                    assert dynamodb._query(copy.deepcopy(given))[::2] == expected[::2]
                said[expected[0], b'"Count":0' in expected[2].replace(b" ", b"")] += 1
    assert min(said[200, True], said[200, False], said[400, False]) > 5, said


def test_what_was_found_wrong_is_looked_at_again_and_what_was_found_right_is_not():
    looked: list[tuple[int, int]] = []

    def check(one: int, other: int) -> str | None:
        looked.append((one, other))
        return "odd" if one % 2 else None

    checked: Callable[..., Any] = once(check, lambda one, other: one)
    assert [checked(1, 0), checked(1, 0), checked(2, 0), checked(2, 1), checked(4, 0)] == ["odd", "odd", None, None, None]
    assert looked == [(1, 0), (1, 0), (2, 0), (4, 0)]


NUMBERS = ("0", "-0", "1.50", "1e3", "1E-131", "9" * 39, "007", "", " 5", "1_0", "x", "NaN", 5, None, ["1"])
VALUES = (
    *({"N": number} for number in NUMBERS), {"S": ""}, {"S": 5}, {"M": {"a": {"L": [{"M": {"b": {"N": "x"}}}]}}}, {"SS": ["a", "a"]},
    {"NS": ["1", "1.0"]}, {"S": "a", "N": "1"}, {}, "S",
)  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_value_is_as_right_and_lies_as_deep_as_the_emulator_says(value: Any):
    take()
    theirs = as_it_came("_values_error_response", "_attribute_value_error", "_number_error", "_request_values", "_nesting_level")
    for given in ({"Item": {"a": value, "b": {"S": "x"}}, "Key": {"c": value}}, {"Expected": {"a": {"Value": value}}}):
        expected = theirs._values_error_response(theirs._request_values(given), envelope=True)
        for _ in range(2):
            assert dynamodb._values_error_response(dynamodb._request_values(given), envelope=True) == expected
        assert _deepest(dynamodb, given) == _deepest(theirs, given)


def _deepest(by: Any, given: dict[str, Any]) -> int:
    return max((by._nesting_level(value) for value in by._request_values(given)), default=1)


@pytest.mark.parametrize("number", NUMBERS, ids=str)
def test_a_number_is_written_as_the_emulator_writes_it(number: Any):
    take()
    theirs = as_it_came("_ddb_canonicalize_number", "_number_error")
    for _ in range(2):
        assert dynamodb._ddb_canonicalize_number(number) == theirs._ddb_canonicalize_number(number)


STORED = {"a": {"S": "x"}, "b": {"L": [{"N": "1"}, {"M": {"c": {"S": "y"}}}]}, "name": {"S": "z"}}


@pytest.mark.parametrize(
    "expression", ["a", "a, #n", "b, a", "missing", "b[1].c, a", "b, b[0]", "a, a", "name", "#n, #n", "#unknown", "", None, " , a"]
)
def test_what_a_read_asks_for_is_what_the_emulator_takes_of_an_item(expression: Any):
    take()
    theirs = as_it_came("_project_item", "_projection_overlap_error")
    for names in ({"#n": "name"}, {"#n": "a"}, None):
        for _ in range(2):
            assert _projected(dynamodb, expression, names) == _projected(theirs, expression, names)


def _projected(by: Any, expression: Any, names: Any) -> Any:
    wrong = by._projection_overlap_error(expression, names) if expression else None
    try:
        return by._project_item(copy.deepcopy(STORED), expression, names), wrong
    except ValueError as error:
        return str(error), wrong


class Part(MapAttribute[str, Any]):
    name = UnicodeAttribute(attr_name="n")


class Whole(Model):
    class Meta:
        table_name = "whole"

    pk = UnicodeAttribute(hash_key=True)
    part = Part(attr_name="p")
    raw: Any = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    many: Any = ListAttribute(of=Part, null=True)


def test_attributes_read_at_once_are_those_of_items_their_parts_and_their_paths():
    read_at_once()
    item = Whole("a", part=Part(name="x"), raw={"one": 1}, many=[Part(name="y")])
    assert (item.pk, item.part.name, item.raw["one"], item.many[0].name) == ("a", "x", 1, "y")
    item.part.name, item.raw = "z", {"two": 2}
    assert item.serialize() == {
        "pk": {"S": "a"}, "p": {"M": {"n": {"S": "z"}}}, "raw": {"M": {"two": {"N": "2"}}}, "many": {"L": [{"M": {"n": {"S": "y"}}}]},
    }  # fmt: skip
    assert (Whole.part.name.attr_path, Whole.raw["two"].path, Whole.pk is vars(Whole)["pk"]) == (["p", "n"], ["raw", "two"], True)


def test_tables_of_one_account_are_those_of_the_account_of_now():
    serve_one_account()
    handlers().ask("CreateTable", {"TableName": "t-ours", **properties(PLAYED[0])})
    scoped = (responses.get_account_id(), responses.get_region(), "t-ours")
    tables = dynamodb._tables
    assert ("t-ours" in tables, tables["t-ours"], tables.get("t-ours"), tables.get("no", 7)) == (
        True, tables._data[scoped], tables._data[scoped], 7,
    )  # fmt: skip
    assert "t-ours" in [*tables]
