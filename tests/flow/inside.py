"""What a flow test may do where HTTP does not reach: run a function now, find what the stacks made, let a moment be over."""

import json
from typing import Any

from infra.templates import ALIAS
from local.deploy import STACK
from local.stack import Stack
from shared.aws.packing import unpacked

PAST = "2026-01-01T00:00:00.000Z"
Item = dict[str, Any]
"""As DynamoDB's client tells it."""


def run(stack: Stack, function: str) -> Any:
    """Run a function of the template now, by its logical id, as its schedule does. Answers what it said it did."""
    client = stack.client("lambda")
    known = (found["FunctionName"] for found in client.list_functions(MaxItems=100)["Functions"])
    answer = client.invoke(
        FunctionName=next(name for name in known if name.startswith(f"{STACK}-{function}-")), Qualifier=ALIAS, Payload=b"{}"
    )
    said = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, said
    return said


def output(stack: Stack, name: str) -> str:
    """An output of the template or of one of its nested stacks."""
    stacks = stack.client("cloudformation").describe_stacks()["Stacks"]
    found: str = next(told["OutputValue"] for made in stacks for told in made.get("Outputs", []) if told["OutputKey"] == name)
    return found


def items(stack: Stack, table: str) -> list[Item]:
    """Every item of a table, by the name of its output."""
    pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=output(stack, table))
    return [item for page in pages for item in page["Items"]]


def put(stack: Stack, table: str, item: Item) -> None:
    stack.client("dynamodb").put_item(TableName=output(stack, table), Item=item)


def take_away(stack: Stack, table: str, item: Item) -> None:
    stack.client("dynamodb").delete_item(TableName=output(stack, table), Key={name: item[name] for name in ("pk", "sk")})


def make_due(stack: Stack, table: str, named: str, place: str, told: str = "") -> None:
    """Let the moment be over that the item whose key holds `named` waits for: nobody waits an hour for a test.

    `place`: the index's sort key, which begins with the moment; `told`: the attribute whose JSON says the moment too, as `due`.
    """
    (item,) = [found for found in items(stack, table) if named in f"{found['pk']['S']} {found['sk']['S']}" and place in found]
    item[place] = {"S": PAST}
    if told:
        item[told] = {"S": json.dumps(json.loads(unpacked(item[told])) | {"due": PAST})}
    put(stack, table, item)
