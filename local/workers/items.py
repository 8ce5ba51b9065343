"""A function's calls of DynamoDB's items, in its process: what is asked is sent as it is, and what is answered taken as it is.

botocore makes each call anew from the service's model, its endpoint's rules, headers and events, which takes two thirds of what a call
costs its function. Whatever is not a plain answer or a refusal is asked once more by botocore, which knows what to try again and how often.
"""

import json
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

import botocore.handlers
from botocore.parsers import create_parser
from botocore.validate import ParamValidationDecorator

from local.workers import calls
from local.workers.attributes import with_bytes

OPERATIONS = frozenset({
    "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem", "TransactGetItems",
    "TransactWriteItems",
})  # fmt: skip
BYTES = (b'"B":', b'"BS":')
"""What stands for certain in an answer that holds such: an attribute's kind."""
REFUSED = 400
"""DynamoDB's status of what it will not do (API reference, "Error handling"); some of its kinds may be tried again."""
AGAIN = ("ThrottlingException", "ProvisionedThroughputExceeded", "RequestLimitExceeded", "TransactionInProgress", "LimitExceeded")


class ItemCalls:
    """What a client of DynamoDB is, beside botocore's: a call of an item goes this way, once the process has its connection."""

    def _make_api_call(self: Any, operation_name: str, api_params: dict[str, Any]) -> Any:
        own = calls.own()
        if own is None or operation_name not in OPERATIONS or not _is_plain(self, own.host):
            return super()._make_api_call(operation_name, api_params)  # type: ignore[misc]
        model = self._service_model.operation_model(operation_name)
        api_params = {name: calls.token() for name in model.idempotent_members} | api_params
        status, body = own.item(operation_name, written(api_params, model), self.meta.endpoint_url)
        if status == REFUSED and not any(kind.encode() in body for kind in AGAIN):
            said = refusal(status, body, model)
            raise self.exceptions.from_code(said["Error"]["Code"])(said, operation_name)
        return read(body) if status == 200 else super()._make_api_call(operation_name, api_params)  # type: ignore[misc]


def install() -> None:
    """Let each client of DynamoDB that is made from now on, by any session, be one."""
    botocore.handlers.BUILTIN_HANDLERS.append(("creating-client-class.dynamodb", _beside_botocores))


def _beside_botocores(base_classes: list[type], **_: Any) -> None:
    base_classes.insert(0, ItemCalls)


def _is_plain(client: Any, host: str) -> bool:
    """Whether a client asks the emulator, and nobody wants its parameters checked first."""
    return not isinstance(client._serializer, ParamValidationDecorator) and urlsplit(client.meta.endpoint_url).netloc == host


def written(given: dict[str, Any], model: Any) -> bytes:
    """A request's JSON. Raises KeyError at a parameter that DynamoDB does not know, as botocore does."""
    members = model.input_shape.members
    for name in given:
        if name not in members:
            raise KeyError(name)
    return json.dumps(given, default=_text, separators=(",", ":")).encode()


def _text(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is nothing that DynamoDB holds")


def read(body: bytes) -> dict[str, Any]:
    """An answer as botocore tells it: bytes are bytes."""
    found: dict[str, Any] = json.loads(body)
    if any(kind in body for kind in BYTES):
        found = with_bytes(found)
    return found | {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}}


def refusal(status: int, body: bytes, model: Any) -> dict[str, Any]:
    """As botocore's endpoint tells it: with what stands beside the code, such as a cancelled transaction's reasons."""
    parser = create_parser(model.service_model.resolved_protocol)
    response = {"status_code": status, "headers": {}, "body": body}
    found: dict[str, Any] = parser.parse(response, model.output_shape)
    shape = model.service_model.shape_for_error_code(found["Error"]["Code"])
    return found if shape is None else found | parser.parse(response, shape)
