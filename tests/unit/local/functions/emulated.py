"""Run by test_item_calls.py in a process of its own, for it mends the emulator: prints what each call was answered, both ways.

A call goes in by the door for items, where it is answered at once or not at all, and through the emulator's application.
"""

import asyncio
import json
import os
from typing import Any

os.environ |= {"AUTH": "true", "PERSIST_STATE": "0"}

from ministack import app
from ministack.core import lambda_runtime
from ministack.services import dynamodb, iam

from local.mendings import rights
from local.mendings.functions import calls
from local.mendings.functions.items import ItemDoor

ARN = "arn:aws:dynamodb:us-east-1:000000000000:table/orders"
KEY = {"pk": {"S": "one"}}
NAMED: dict[str, Any] = {"TableName": "orders", "Key": KEY}
PUT = {"Put": {"TableName": "orders", "Item": {"pk": {"S": "two"}}, "ConditionExpression": "attribute_not_exists(pk)"}}
QUERY = {"TableName": "orders", "KeyConditionExpression": "pk = :k", "ExpressionAttributeValues": {":k": {"S": "one"}}}
BY_INDEX = QUERY | {"IndexName": "by_n", "KeyConditionExpression": "n = :k"}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("PutItem", {"TableName": "orders", "Item": KEY | {"n": {"S": "one"}, "词": {"S": "碗"}}}),
    ("UpdateItem", NAMED | {"UpdateExpression": "ADD c :c", "ExpressionAttributeValues": {":c": {"N": "1"}}, "ReturnValues": "ALL_NEW"}),
    ("GetItem", NAMED), ("Query", QUERY), ("Query", BY_INDEX), ("BatchGetItem", {"RequestItems": {"orders": {"Keys": [KEY]}}}),
    ("TransactWriteItems", {"TransactItems": [PUT]}), ("TransactWriteItems", {"TransactItems": [PUT]}),
    ("DeleteItem", NAMED | {"ConditionExpression": "attribute_exists(nothing)"}), ("GetItem", {"TableName": "orders", "Key": {}}),
    ("Scan", {"TableName": "orders"}), ("GetItem", {"TableName": "others", "Key": KEY}), ("GetItem", {}),
    ("TransactWriteItems", {"TransactItems": [{"Put": {}}]}),
]  # fmt: skip
MAY = ["PutItem", "UpdateItem", "GetItem", "Query", "BatchGetItem", "DeleteItem"]


NEVER = {"StringEquals": {"aws:PrincipalTag/team": "nobody's"}}
BESIDE: dict[str, dict[str, Any]] = {
    "another action's": {"Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": "*", "Condition": NEVER},
    "its own": {"Effect": "Deny", "Action": ["dynamodb:Put*"], "Resource": "*", "Condition": NEVER},
    "its own by leaving out": {"Effect": "Deny", "NotAction": ["kms:*"], "Resource": "*", "Condition": NEVER},
}
"""What else a role says, under a condition that denies nothing here."""


def role(name: str, *beside: dict[str, Any], **condition: Any) -> calls.Caller:
    """A function of the name, whose role may do these with one table."""
    may = {"Effect": "Allow", "Action": [f"dynamodb:{each}" for each in MAY], "Resource": [ARN, f"{ARN}/index/*"], **condition}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may, *beside]})
    arn = f"arn:aws:iam::000000000000:role/{name}"
    iam._roles[name] = {"RoleName": name, "Arn": arn, "InlinePolicies": {"own": policy}, "AttachedPolicies": []}
    function = f"arn:aws:lambda:us-east-1:000000000000:function:{name}"
    known = lambda_runtime.execution_credentials({"Role": arn, "FunctionArn": function, "FunctionName": name})
    return calls.Caller(known["AWS_ACCESS_KEY_ID"], known["AWS_SESSION_TOKEN"], "us-east-1")


def table() -> None:
    dynamodb._tables.clear()
    index = {
        "IndexName": "by_n",
        "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "ALL"},
    }
    attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "n")]
    status, _, said = dynamodb._create_table({
        "TableName": "orders", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": attributes, "GlobalSecondaryIndexes": [index],
    })  # fmt: skip
    assert status == 200, said


def by_application(caller: calls.Caller, operation: str, data: dict[str, Any]) -> tuple[int, Any]:
    asked, reply = calls.item_call(operation, "127.0.0.1:4566", json.dumps(data).encode()), calls.Reply()

    async def ask() -> None:
        calls._known.set(caller.access_key)
        await app.app(asked.scope(caller), calls._given(asked.body), reply.send)

    asyncio.run(ask())
    return reply.status, json.loads(b"".join(reply.parts))


def by_door(caller: calls.Caller, operation: str, data: dict[str, Any]) -> tuple[int, Any] | None:
    said = ItemDoor(caller.access_key, caller.region).answer(operation, json.dumps(data).encode())
    return said and (said[0], json.loads(said[1]))


def known_beside(name: str, said: dict[str, Any]) -> tuple[int, bool]:
    """What the application answers a function whose role says this besides, and whether the door answers it then."""
    caller = role(name, said)
    return by_application(caller, *ASKED[0])[0], by_door(caller, *ASKED[0]) is not None


def main() -> None:
    now = [0.0]
    rights.mend(lambda: now[0])
    calls.mend()
    free, bound = role("Free"), role("Bound", Condition={"StringEquals": {"dynamodb:Select": "ALL_ATTRIBUTES"}})
    table()
    unknown = [by_door(free, *each) for each in ASKED]
    untouched = sum(len(items) for items in dynamodb._tables["orders"]["items"].values())
    first = [by_application(free, *each) for each in ASKED]
    table()
    second = [by_door(free, *each) for each in ASKED]
    before = len(rights.asked())
    by_application(bound, *ASKED[0])
    conditioned = by_door(bound, *ASKED[0])
    besides = {name: known_beside(name, said) for name, said in BESIDE.items()}
    iam._roles["Free"]["InlinePolicies"].clear()
    soon = by_door(free, *ASKED[2])
    now[0] += 2.0
    taken_away = soon and soon[0], by_door(free, *ASKED[2]), by_application(free, *ASKED[2])[0]
    print(json.dumps([unknown, untouched, first, second, conditioned, taken_away, before, besides]))


if __name__ == "__main__":
    main()
