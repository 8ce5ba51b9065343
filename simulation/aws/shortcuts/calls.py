"""The emulator's DynamoDB asked without JSON on the way: its handlers take and give dictionaries already."""

import json
import marshal
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from botocore import xform_name
from ministack.services import dynamodb
from pynamodb.connection import Connection

from local.mendings.dynamodb.copies import as_json

Said = tuple[int, dict[str, str], dict[str, Any] | bytes]
"""Status, headers, and what was said: a refusal in JSON."""


class Handlers:
    """The emulator's own handler of each operation."""

    def __init__(self) -> None:
        self._asked = False
        self._in_json = dynamodb.json_response
        dynamodb.json_response = self._response

    def ask(self, operation: str, given: dict[str, Any]) -> Said:
        """The handler's answer; what it gives may still be in its tables. `given` is the emulator's from now on."""
        self._asked = True
        try:
            return _handler(operation)(given)
        finally:
            self._asked = False

    def _response(self, data: dict[str, Any], status: int = 200, **more: Any) -> Said:
        return (status, {}, data) if self._asked else self._in_json(data, status, **more)


def pass_over_hooks() -> None:
    """Let this process's PynamoDB tell no hook of each call, under a random name made for it: nobody has hung any there. Nor does it ask
    what each took."""

    def dispatch(connection: Connection, operation: str, given: dict[str, Any]) -> dict[str, Any]:
        return connection._make_api_call(operation, given)

    Connection.dispatch = dispatch  # type: ignore[assignment, method-assign]


@cache
def handlers() -> Handlers:
    """This process's."""
    return Handlers()


@cache
def _handler(operation: str) -> Callable[[dict[str, Any]], Said]:
    found: Callable[[dict[str, Any]], Said] = getattr(dynamodb, f"_{xform_name(operation)}")
    return found


def parameters(request: Mapping[str, Any]) -> dict[str, Any]:
    """What a request asks for, each time anew; its body may be JSON by now, or not yet."""
    if "dumped" in request:
        given: dict[str, Any] = marshal.loads(request["dumped"])
        return given
    body = request["body"]
    found: dict[str, Any] = json.loads(body) if isinstance(body, bytes) else as_json(body)
    return found
