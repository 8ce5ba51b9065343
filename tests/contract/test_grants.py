"""A function may use what its variables name, and nothing else: what it is told of and may not touch fails when it is needed."""

import json
import re
from typing import Any

import pytest

from infra.granted_rights import granted, output_name
from infra.templates import functions

USED_BY = {
    "_TABLE": "dynamodb:", "_SECRET": "secretsmanager:GetSecretValue", "_KEY": "kms:Decrypt", "_BUCKET": "s3:GetObject",
    "_QUEUE_URL": "sqs:SendMessage", "TOPIC": "sns:Publish", "USER_POOL_ID": "cognito-idp:", "PLUGIN_FUNCTIONS": "lambda:InvokeFunction",
}  # fmt: skip
"""How a variable's name ends → the beginning of an action that its use takes."""
ONLY_WRITES = {
    ("UploadsApi", "FEED_BUCKET"): "s3:PutObject",
    ("ShippingWorker", "DOCUMENTS_BUCKET"): "s3:PutObject",
    ("ShippingSweep", "DOCUMENTS_BUCKET"): "s3:PutObject",
}
"""The first signs addresses that suppliers put to, and the signature carries this right; the others keep labels that the API hands out."""
BY_AWS = {"PlannerDeadLetters", "PublishDeadLetters", "StockDeadLetters"}
"""Where Lambda puts what a stream's function could not do: in the function's name, and not by its code."""
PLUGINS = "function:monsoon-plugin-*"
FUNCTIONS = {name: properties for name, properties in functions().items() if "Environment" in properties}


def output(value: Any) -> str:
    """The name of the nested stack's output in `value`, without how it tells of the resource: `OrdersTable`, `RowsQueue`."""
    named = re.search(r"Outputs\.\w+", json.dumps(value))
    return output_name(named[0]) if named else PLUGINS


def rights(name: str) -> set[tuple[str, str]]:
    """(resource, action) that the function is granted, indexes and folders being their table's and their bucket's."""
    return {(resource.partition("/")[0], action) for action, resource in granted(name)}


def uses(name: str) -> set[tuple[str, str]]:
    """(resource, beginning of an action) that the function's variables tell of."""
    told = FUNCTIONS[name]["Environment"]["Variables"]
    ends = {variable: next((end for end in USED_BY if variable.endswith(end)), None) for variable in told}
    return {(output(told[v]), ONLY_WRITES.get((name, v), USED_BY[end])) for v, end in ends.items() if end}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_variable_names_may_be_used(name: str):
    held = rights(name)
    lacking = {(r, action) for r, action in uses(name) if not any(r == known and may.startswith(action) for known, may in held)}
    assert not lacking, "grant it, or leave the variable out of the function that never uses it"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_granted_is_named_by_a_variable(name: str):
    told = {resource for resource, _ in uses(name)} | BY_AWS
    assert {resource for resource, _ in rights(name)} - told == set()
