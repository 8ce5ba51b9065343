"""Calls that the emulator takes and DynamoDB refuses are errors of a schedule."""

from typing import Any

import pytest

from simulation.aws.strictness import NotOnAws, hold

NAMES = {"#0": "version", "#1": "past", "#2": "pk", "#3": "held", "#4": "order"}


def update(expression: str, **more: Any) -> dict[str, Any]:
    return {"TableName": "ShippingTable", "UpdateExpression": expression, "ExpressionAttributeNames": NAMES, **more}


def filtered(expression: str, index: str = "unsent") -> dict[str, Any]:
    return {"TableName": "ShippingTable", "IndexName": index, "FilterExpression": expression, "ExpressionAttributeNames": NAMES}


SOUND = (
    update("SET #0 = :0, #1.#3 = if_not_exists (#1.#3, :1), #4[0] = :2 REMOVE #1.#0, #4[1] ADD #3 :3"),
    update("SET #0 = #0 + :0"),
    filtered("contains (#3, :0) AND attribute_exists (#2)"),
    {"TableName": "FanoutTable", "IndexName": "by_time", "FilterExpression": "#4 = :0", "ExpressionAttributeNames": NAMES},
    {"TableName": "ShippingTable", "Key": {}},
)
REFUSED = (
    update("SET #0 = :0, #0 = :1"),
    update("SET #1 = :0 REMOVE #1.#3"),
    update("SET #4[0] = :0 ADD #4 :1"),
    update("SET #0 = :0, #2 = :1"),
    update("ADD #3 :0", ExpressionAttributeValues={":0": {"SS": []}}),
    filtered("#4 = :0"),
    filtered("contains (#3, :0)", index="due"),
)


@pytest.mark.parametrize("call", SOUND)
def test_what_dynamodb_takes_passes(call: dict[str, Any]):
    hold(call)
    hold({"TransactItems": [{"Update": call}]})


@pytest.mark.parametrize("call", REFUSED)
def test_what_dynamodb_refuses_is_an_error_alone_and_in_a_transaction(call: dict[str, Any]):
    with pytest.raises(NotOnAws):
        hold(call)
    with pytest.raises(NotOnAws):
        hold({"TransactItems": [{"ConditionCheck": {"TableName": "ShippingTable"}}, {"Update": call}]})
