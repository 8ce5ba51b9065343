"""A function's calls to AWS, in its process: they go to the emulator over the function's own socket instead of HTTP.

Everything before and after stays as on AWS, botocore's or beside it (shared/aws/short_calls.py): what is asked is made, parsed and tried
again. Only signatures are left out, for whose socket it is says who asks; links that others will use are signed. Of DynamoDB's calls of
items nothing is said but the operation and its JSON.
"""

import io
import socket
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import botocore
import botocore.handlers
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError

from local.workers.frames import Ended, Messages, packed

LINKS = ("-query", "-presign-post")
"""How the names of signatures end that make a link."""
ITEMS = frozenset({
    f"DynamoDB_20120810.{operation}" for operation in (
        "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "BatchGetItem", "BatchWriteItem", "TransactGetItems",
        "TransactWriteItems",
    )
})  # fmt: skip
"""Targets of DynamoDB's calls of items, which the emulator may answer at its door (local/mendings/functions/items.py)."""


class Raw(io.BytesIO):
    """A body as botocore reads it from urllib3."""

    def stream(self, amount: int = 65536, decode_content: bool = False) -> Iterator[bytes]:
        while part := self.read(amount):
            yield part


class Calls:
    """Sends what is asked of `host` (and port) over `connection`, one at a time; other hosts are asked by HTTP."""

    def __init__(self, connection: socket.socket, host: str) -> None:
        self._connection, self._answers = connection, Messages(connection)
        self.host, self._turn = host, threading.Lock()
        self._signing_names: dict[str, str] = {}
        """By service and operation; empty for what AWS lets everybody ask."""

    def signer(self, event_name: str, signing_name: str, signature_version: Any) -> Any:
        """botocore's `choose-signer.SERVICE.OPERATION`: none, but for links."""
        self._signing_names[_operation(event_name)] = "" if signature_version is botocore.UNSIGNED else signing_name
        return None if str(signature_version).endswith(LINKS) else botocore.UNSIGNED

    def send(self, event_name: str, request: AWSPreparedRequest) -> AWSResponse | None:
        """botocore's `before-send.SERVICE.OPERATION`: the answer; None for another host's."""
        place = urlsplit(request.url)
        if place.netloc != self.host:
            return None
        if (named := _text(request.headers.get("X-Amz-Target", ""))) in ITEMS:
            (status, told), body = self._asked([named.partition(".")[2], self.host], _body(request.body), request.url)
            return AWSResponse(request.url, status, HTTPHeaders.from_pairs(told), Raw(body))
        target = place.path + (f"?{place.query}" if place.query else "")
        headers = [("Host", self.host), *((name, _text(value)) for name, value in request.headers.items())]
        service = self._signing_names.get(_operation(event_name), "")
        (status, told), body = self._asked([service, request.method, target, headers], _body(request.body), request.url)
        return AWSResponse(request.url, status, HTTPHeaders.from_pairs(told), Raw(body))

    def _asked(self, head: list[Any], body: bytes, url: str) -> tuple[Any, bytes]:
        try:
            with self._turn:
                self._connection.sendall(packed(head, body))
                return self._answers.next()
        except (Ended, OSError) as error:
            raise ConnectionClosedError(endpoint_url=url) from error


_own: list[Calls] = []


def take(connection: socket.socket, host: str) -> None:
    """This process's calls of `host` go over `connection` from now on."""
    _own[:] = [Calls(connection, host)]


def install() -> None:
    """Let each client of a session that is made from now on ask that way, once a connection is taken: the sessions of a process are
    made before it is forked."""
    botocore.handlers.BUILTIN_HANDLERS += [("before-send", _send), ("choose-signer", _signer)]


def _send(event_name: str, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
    return _own[0].send(event_name, request) if _own else None


def _signer(event_name: str, signing_name: str, signature_version: Any, **_: Any) -> Any:
    return _own[0].signer(event_name, signing_name, signature_version) if _own else None


def _operation(event_name: str) -> str:
    return event_name.partition(".")[2]


def _body(body: Any) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        return bytes(body.read())
    return body.encode() if isinstance(body, str) else bytes(body)


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
