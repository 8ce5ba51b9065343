"""What changes seldom: users, keys, functions, APIs, topics, buckets … A call that changes a service has the service's whole state written.

Not so what functions and people do all the time: items and messages have lines of their own (items.py, messages.py), objects are files
(objects.py). Lines of logs and values of metrics are kept when the hub stops in order, and in each new base.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

from ministack import app
from ministack.core.persistence import _json_default, _json_object_hook
from ministack.services import lambda_svc
from ministack.services.cloudformation import _stacks

from local.redo.kept import Kept
from local.redo.log import RedoLog
from local.redo.stores import items, messages

TRIES = 100
"""A state that changes while it is copied is copied again so often. It is a matter of microseconds which of the two is first."""
READS = re.compile(r"(Get|List|Describe|Head|BatchGet|Query|Scan|Search|Receive|Filter|GET$|HEAD$|OPTIONS$)")
OFTEN = {
    "dynamodb": re.compile(r"(Put|Update|Delete|BatchWrite|TransactWrite)Items?$|.*Execute"),
    "sqs": re.compile(r"(Send|Delete|Change)Message|PurgeQueue"),
    "sns": re.compile(r"Publish"),
    "kms": re.compile(r"Encrypt|Decrypt|ReEncrypt|Generate|Sign|Verify|DeriveSharedSecret"),
    "lambda": re.compile(r"Invoke|.*/invocations$"),
    "s3": re.compile(r"(PUT|POST|DELETE) /[^/?]+/[^?]+$"),
    "logs": re.compile(r""),
    "monitoring": re.compile(r""),
    "sts": re.compile(r""),
}
"""What changes nothing that is written here, by service."""
EVERYTHING = "cloudformation"
"""Its calls change all services, after they are answered: whoever asks it how far it is wants to know that it is done."""
PRUNE = lambda_svc._prune_orphan_code_blobs
Request = tuple[str, str, dict[str, str], bytes, dict[str, Any]]


def operation(request: Request) -> str:
    """What a request wants done: `CreateUser`, or `PUT /bucket?policy` where a service is asked by methods and paths."""
    method, path, headers, body, query = request
    target = headers.get("x-amz-target", "").rpartition(".")[2]
    action = target or next(iter(query.get("Action", ())), "")
    if not action and "form-urlencoded" in headers.get("content-type", ""):
        action = next(iter(parse_qs(body.decode(errors="replace")).get("Action", ())), "")
    return action or (method if method in ("GET", "HEAD", "OPTIONS") else f"{method} {path}{'?' if query else ''}")


class States:
    """The services' states, each written when it is another than it was."""

    def __init__(self, log: RedoLog) -> None:
        self._log = log
        self._written: dict[str, bytes] = {}

    def watch(self) -> None:
        for service, handler in app.SERVICE_HANDLERS.items():
            app.SERVICE_HANDLERS[service] = self._watched(service, handler)

    def _watched(self, service: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        async def handled(*request: Any) -> Any:
            seldom = self._log.begun and self._may_change(service, operation(request))
            if seldom:
                self._log.ready()
            answer = await handler(*request)
            if seldom and not (service == EVERYTHING and _deploying()):
                self.write(service)
            return answer

        return handled

    @staticmethod
    def _may_change(service: str, wanted: str) -> bool:
        often = OFTEN.get(service)
        return service == EVERYTHING or not (READS.match(wanted) or (often and often.match(wanted)))

    def write(self, service: str) -> None:
        """Raises NotWritten."""
        with self._log.call():
            for name, state in _states(None if service == EVERYTHING else _names_of(service)):
                digest = sha256(state.encode()).digest()
                if self._written.get(name) != digest:
                    self._written[name] = digest
                    self._log.note("state", name, state)


def everything() -> Iterator[str]:
    """Every service's state."""
    for name, state in _states(None):
        yield json.dumps(["state", name, state])


def _states(names: set[str] | None) -> Iterator[tuple[str, str]]:
    """Those of `names`, or all: each as JSON."""
    for name, state_of in states().items():
        if names is None or name in names:
            yield name, json.dumps(_copied(state_of), default=_json_default)


def states() -> dict[str, Callable[[], Any]]:
    """How to ask each service that is in use for its state."""
    found: dict[str, Callable[[], Any]] = app._build_persistence_save_dict()
    return found | {"dynamodb": items.description, "sqs": messages.description}


def _names_of(service: str) -> set[str]:
    told = app.SERVICE_REGISTRY[service]
    return {told.get("state_key", told["module"]), *told.get("sub_modules", ())}


def _copied(state_of: Callable[[], Any]) -> Any:
    """A service's state, though somebody writes to it still: a function that was cut off says its last words to the logs."""
    for _ in range(TRIES):
        with suppress(RuntimeError):  # "changed size during iteration"
            return state_of()
    return state_of()


def _deploying() -> bool:
    """Whether a stack is half of another: what is half done does not count."""
    return any(str(stack.get("StackStatus", "")).endswith("_IN_PROGRESS") for stack in _stacks.all_values())


def keep_code() -> None:
    """Code stays that a state names which is written, though the newest does not: the emulator deletes it before that is."""
    lambda_svc._prune_orphan_code_blobs = lambda _: None


def forget_code() -> None:
    """Delete the code that no function has, once a base is written that does not name it."""
    codes = [code for function in lambda_svc._functions._data.values() for code in _codes(function)]
    PRUNE({sha256(code).hexdigest() for code in codes if isinstance(code, bytes)})


def _codes(function: dict[str, Any]) -> list[Any]:
    return [function.get("code_zip"), *(version.get("code_zip") for version in function.get("versions", {}).values())]


def restore(kept: Kept) -> None:
    """Every service's state. Raises what a service raises that cannot read its own."""
    for name, module in app._state_map.items():
        if name in kept.states:
            app._get_module(module).load_persisted_state(json.loads(kept.states[name], object_hook=_json_object_hook))
