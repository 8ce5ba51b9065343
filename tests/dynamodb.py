"""DynamoDB in the test's own process: botocore's calls reach the emulator's module without a socket.

It is what the flow tests run against, and knows transactions' conflicts, tokens and sizes better than moto, at a tenth of the CPU time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS
from ministack.services import dynamodb

from local.mendings.dynamodb.copies import copied
from local.mendings.dynamodb.shortcuts import take

SCOPE = ("000000000000", "us-east-1")
"""The account and region of every test's table."""
_watchers: list[Callable[[bool], None]] = []


@contextmanager
def watched_by(watcher: Callable[[bool], None]) -> Iterator[None]:
    """Let `watcher` act at each call from here on: False before the call has its effect, True after; what it raises the caller gets."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


@contextmanager
def losing_answer(number: int) -> Iterator[None]:
    """Let the call of this number, counted from 1 on, have its effect, and its answer be lost."""
    answered = 0

    def watcher(after: bool) -> None:
        nonlocal answered
        answered += after
        if after and answered == number:
            raise ConnectionError("the answer was lost on the way")

    with watched_by(watcher):
        yield


def tell_watchers(after: bool) -> None:
    for watcher in list(_watchers):
        watcher(after)


def all_items(table: str) -> Any:
    """What the table holds, for `put_back`."""
    return {partition: copied(items) for partition, items in dynamodb._tables.get_scoped(*SCOPE, table)["items"].items()}


def put_back(table: str, items: Any) -> None:
    """Let the table hold what it held when `all_items` was asked."""
    held = dynamodb._tables.get_scoped(*SCOPE, table)
    held["items"] = defaultdict(dict, {partition: copied(each) for partition, each in items.items()})
    dynamodb._items_replaced(held)


class _Body(BytesIO):
    def stream(self, **_: Any) -> Any:
        yield self.read()


def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
    """What DynamoDB answers to a request that botocore would send to AWS; None for another address: that of a flow test's hub."""
    if not _is_ours(request.url):
        return None
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    tell_watchers(after=False)
    call = dynamodb.handle_request(request.method, "/", headers, body, {})
    try:
        call.send(None)
    except StopIteration as done:
        status, answered, payload = done.value
        tell_watchers(after=True)
        return AWSResponse(request.url, status, {k.lower(): v for k, v in answered.items()}, _Body(payload))
    raise RuntimeError("the emulator's DynamoDB waited for something")


def _is_ours(url: str) -> bool:
    return (urlsplit(url).hostname or "").endswith(".amazonaws.com")


def _note_address(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context["reached in process"] = _is_ours(params["url"])


def _signer(context: dict[str, Any], **_: Any) -> Any:
    """None signs where botocore's choice stands: a signature costs a tenth of a call, and a module in process reads none."""
    return UNSIGNED if context.get("reached in process") else None


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def serve() -> None:
    """Let every botocore session that is made from now on reach it, with what the laptop's hub and the simulator mend of its speed."""
    take()
    BUILTIN_HANDLERS[:0] = [("before-call.dynamodb", _note_address), ("choose-signer.dynamodb", _signer), ("before-send.dynamodb", answer)]
