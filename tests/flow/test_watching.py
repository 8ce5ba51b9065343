"""The dashboard of the real template looks at what the hub has: each queue, table, topic and function in it exists."""

import json
import re
from typing import Any

import pytest

from local.stack import Stack

pytestmark = pytest.mark.xdist_group("hub")


def shown(stack: Stack) -> tuple[str, dict[str, set[str]]]:
    """The dashboard's body, and what its metrics name, by dimension."""
    body = stack.client("cloudwatch").get_dashboard(DashboardName="monsoon-local")["DashboardBody"]
    found: dict[str, set[str]] = {}
    for metric in [metric for widget in json.loads(body)["widgets"] for metric in widget["properties"]["metrics"]]:
        named = [part for part in metric if isinstance(part, str)][2:]
        for dimension, value in zip(named[::2], named[1::2], strict=True):
            found.setdefault(dimension, set()).add(value)
    return body, found


def names(stack: Stack, service: str, call: str, key: str, name: str = "", **given: Any) -> set[str]:
    answer = getattr(stack.client(service), call)(**given)[key]
    return {re.split("[:/]", one[name] if name else one)[-1] for one in answer}


def test_the_dashboard_names_what_the_hub_has(stack: Stack):
    body, found = shown(stack)
    queues = {one for one in names(stack, "sqs", "list_queues", "QueueUrls") if "DeadLetters" not in one}
    assert found["QueueName"] == queues
    assert found["FunctionName"] <= names(stack, "lambda", "list_functions", "Functions", "FunctionName", MaxItems=100)
    assert found["TopicName"] <= names(stack, "sns", "list_topics", "Topics", "TopicArn")
    assert found["Stage"] == {"local"}
    assert found["ApiName"] == names(stack, "apigateway", "get_rest_apis", "items", "name")
    tables = names(stack, "dynamodb", "list_tables", "TableNames")
    assert tables
    assert [table for table in tables if body.count(f'\\"{table}\\"') != 4] == [], "reads and writes, of the table and its indexes"
