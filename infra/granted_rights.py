"""What the template lets each function do: actions on resources, which are named by the output that tells of them.

`OrdersTable`, `OrdersTable/index/*`, `ReferenceBucket/reference/*`, `RowsQueue`; plug-ins' functions are `function:monsoon-plugin-*`.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from infra.templates import functions

Right = tuple[str, str]
"""An action, such as `dynamodb:PutItem`, and a resource or a pattern of some."""


def granted(function: str) -> frozenset[Right]:
    """The rights of a function of the template, by its logical id."""
    statements = [_taken(one) for policy in functions()[function].get("Policies", []) for one in policy["Statement"]]
    return frozenset((action, name) for one in statements for name in _names(one["Resource"]) for action in one["Action"])


def allows(function: str, right: Right) -> bool:
    action, resource = right
    return any(action == may and fnmatchcase(resource, pattern) for may, pattern in granted(function))


def _taken(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement, or the one that stands if its condition does: the most that the function may."""
    taken: dict[str, Any] = statement["Fn::If"][1] if "Fn::If" in statement else statement
    return taken


def _names(resource: Any) -> Iterator[str]:
    for one in resource if isinstance(resource, list) else [resource]:
        text = ".".join(one["Fn::GetAtt"]) if "Fn::GetAtt" in one else re.sub(r"^\$\{(.+?)\}", r"\1", one["Fn::Sub"])
        yield output_name(text) if "Outputs." in text else text.partition(":${AWS::AccountId}:")[2]


def output_name(text: str) -> str:
    """`Tables.Outputs.OrdersTableArn/index/*` → `OrdersTable/index/*`: without the stack, and without how its output tells of it."""
    output, _, below = text.partition("Outputs.")[2].partition("/")
    name = re.sub(r"(Url|Id|Arn)$", "", output)
    return f"{name}/{below}" if below else name
