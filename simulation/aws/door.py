"""The one door between botocore and the stand-ins: every AWS call of this process is answered here, and may meet a fault.

botocore's `before-call` event hands over the operation with its raw parameters and takes the parsed answer, so no socket is opened.
Clients that a schedule uses lead here by a shorter way: what botocore does beside checking and writing the request (endpoints, user agents,
events) is a tenth of a schedule's time, and ends in nothing here.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Protocol
from uuid import uuid4

from botocore.exceptions import ReadTimeoutError
from botocore.handlers import BUILTIN_HANDLERS

from simulation.aws.shortcuts.requests import written
from simulation.faults import Fault

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Http:
    """As much of an HTTP response as botocore looks at."""

    status_code: int


Answer = tuple[Http, dict[str, Any]]


class NotSimulated(LookupError):
    """A service asks for an operation that its stand-in does not know: the schedule ends, and the stand-in must learn it."""


class AwsService(Protocol):
    """A stand-in of one AWS service."""

    def answer(self, operation: str, raw: Raw, request: Mapping[str, Any]) -> Answer:
        """The answer to `operation`. `raw`: the caller's parameters; `request`: what botocore would send."""


def refusal(status: int, code: str, message: str, **more: Any) -> Answer:
    return Http(status), {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}


def found(status: int = 200, **parsed: Any) -> Answer:
    return Http(status), {"ResponseMetadata": {"HTTPStatusCode": status}, **parsed}


class Door:
    """Stands in front of the stand-ins. `meet` is told of each call before it is made, and answers the fault that it meets."""

    def __init__(self) -> None:
        self.services: dict[str, AwsService] = {}
        self.meet: Callable[[str], Fault | None] = lambda call: None
        self.heard: Callable[[str, str, Raw], None] = lambda service, operation, raw: None
        """Told of each call, whatever becomes of it."""
        self.die: Callable[[], None] = lambda: None
        """Ends the calling process; never returns while a schedule runs."""
        self.calls = 0

    def stand_before(self, client: Any) -> None:
        """Let this one client lead here."""
        client.meta.events.register_first("before-parameter-build", self._keep)
        client.meta.events.register_first("before-call", self._answer)

    def shorten(self, client: Any) -> Any:
        """Let this one client lead here past botocore's events. S3's needs them: they put its requests right, but for those that read."""
        name = client.meta.service_model.service_name
        if name == "s3":
            client.get_object = partial(self._read, client)
        else:
            write = written if name == "dynamodb" else client._serializer.serialize_to_request
            client._make_api_call = partial(self._called, client, write)
        return client

    def open(self) -> None:
        """Let every botocore session that is made from now on lead here."""
        BUILTIN_HANDLERS.insert(0, ("before-parameter-build", self._keep))
        BUILTIN_HANDLERS.insert(0, ("before-call", self._answer))

    def _called(self, client: Any, write: Callable[..., Raw], operation: str, given: dict[str, Any]) -> dict[str, Any]:
        """What botocore's own does: check and write the request, have it answered, raise what is refused."""
        model, tokens = _model(client.meta.service_model, operation)
        raw = {name: str(uuid4()) for name in tokens if name not in given} | given if tokens else given
        answer = self._answered(client.meta.service_model.service_name, operation, raw, write(raw, model))
        return _taken(client, operation, answer)

    def _read(self, client: Any, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 (as boto3 has it)
        """An object of S3."""
        return _taken(client, "GetObject", self._answered("s3", "GetObject", {"Bucket": Bucket, "Key": Key}, {}))

    @staticmethod
    def _keep(params: Raw, context: dict[str, Any], **_: Any) -> None:
        context["raw"] = params

    def _answer(self, model: Any, params: Mapping[str, Any], context: Mapping[str, Any], **_: Any) -> Answer:
        return self._answered(model.service_model.service_name, model.name, context["raw"], params)

    def _answered(self, name: str, operation: str, raw: Raw, params: Mapping[str, Any]) -> Answer:
        service = self.services[name]
        self.calls += 1
        self.heard(name, operation, raw)
        fault = self.meet(f"{operation} {_subject(raw)}")
        if fault == "refused":
            return refusal(500, "InternalServerError", "simulated: nothing was done")
        if fault == "conflict" and operation in ("TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem"):
            return _conflict(operation, raw)
        if fault == "dies before":
            self.die()
        answer = service.answer(operation, raw, params)
        if fault == "dies after":
            self.die()
        if fault == "lost" or (fault == "repeated" and getattr(service, "asked_once", False)):
            raise ReadTimeoutError(endpoint_url="simulated")
        if fault == "repeated":
            answer = service.answer(operation, raw, params)
        return answer


@cache
def _model(service: Any, operation: str) -> tuple[Any, tuple[str, ...]]:
    """An operation as botocore knows it, and its parameters that name one call for all its tries."""
    found = service.operation_model(operation)
    return found, tuple(found.idempotent_members)


def _taken(client: Any, operation: str, answer: Answer) -> dict[str, Any]:
    """What was answered. Raises what was refused, as botocore does."""
    http, parsed = answer
    if http.status_code >= 300:
        raise client.exceptions.from_code(parsed["Error"]["Code"])(parsed, operation)
    return parsed


def _conflict(operation: str, raw: Raw) -> Answer:
    if operation != "TransactWriteItems":
        return refusal(400, "TransactionConflictException", "simulated")
    reasons = [{"Code": "TransactionConflict" if i == 0 else "None"} for i, _ in enumerate(raw["TransactItems"])]
    told = ", ".join(reason["Code"] for reason in reasons)
    return refusal(400, "TransactionCanceledException", f"Transaction cancelled, please refer to ... [{told}]", CancellationReasons=reasons)


def _subject(raw: Raw) -> str:
    """What the call is about, for the history."""
    key = raw.get("Key") or raw.get("Item")
    if type(key) is dict:
        return " ".join([str(raw.get("TableName")), *[str(next(iter(key[name].values()))) for name in ("pk", "sk") if name in key]])
    if "TransactItems" in raw:
        return " + ".join(_subject(action) for item in raw["TransactItems"] for action in item.values() if isinstance(action, Mapping))
    return str(raw.get("TableName") or key or json.dumps(sorted(raw)))
