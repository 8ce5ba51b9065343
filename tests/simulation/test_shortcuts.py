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
from botocore.serialize import create_serializer
from botocore.session import get_session
from ministack.services import dynamodb

from local.mendings.dynamodb.copies import as_json, copied, told
from local.mendings.dynamodb.expressions import once
from local.mendings.dynamodb.shortcuts import take
from simulation.aws.shortcuts.calls import handlers
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
    model, serializer = get_session().get_service_model("dynamodb"), create_serializer("json")
    operations = set()
    for call in rooms():
        operation = model.operation_model(call.operation)
        expected = json.loads(serializer.serialize_to_request(call.given, operation)["body"])
        assert as_json(written(call.given, operation)["body"]) == expected
        operations.add(call.operation)
    assert len(operations) >= 8


def test_a_request_is_not_its_callers():
    given = {"TableName": "t", "Key": {"pk": {"B": b"\x00"}}, "ExpressionAttributeNames": {"#a": "a"}, "ProjectionExpression": "#a"}
    body = written(given, get_session().get_service_model("dynamodb").operation_model("GetItem"))["body"]
    assert body["Key"] == {"pk": {"B": "AA=="}}
    body["Key"]["pk"].clear()
    body["ExpressionAttributeNames"].clear()
    assert given["Key"] == {"pk": {"B": b"\x00"}}
    assert given["ExpressionAttributeNames"] == {"#a": "a"}


@pytest.mark.parametrize("given", [{"Tabelname": "t"}, {"TableName": "t", "Item": {"pk": {"STR": "a"}}}])
def test_a_name_that_dynamodb_does_not_know_is_refused_before_it_is_sent(given: dict[str, Any]):
    with pytest.raises(KeyError):
        written(given, get_session().get_service_model("dynamodb").operation_model("PutItem"))


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
                handlers().ask(
                    "PutItem", as_json(written(given, get_session().get_service_model("dynamodb").operation_model("PutItem"))["body"])
                )
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
