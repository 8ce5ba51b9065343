"""The emulator's side of a function's calls to AWS: each goes into the emulator's application as if it had come by HTTP.

What parsing HTTP twice and sending it through hypercorn costs is more than half of what the emulator does for a call.
"""

import asyncio
import contextvars
import logging
import socket
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from ministack import app

from local.mendings.functions.items import ItemDoor
from local.mendings.functions.publishing import TopicDoor
from local.mendings.rights import known_by_connection
from local.workers.frames import packed, taken

log = logging.getLogger(__name__)
Message = dict[str, Any]
CLIENT = ("127.0.0.1", 0)
_known: ContextVar[str] = ContextVar("known", default="")
"""The access key of whoever asks over a connection of its own; empty for whoever asks by HTTP."""


@dataclass(frozen=True)
class Caller:
    """Whose connection it is: a session of a function's role."""

    access_key: str
    session_token: str
    region: str

    def signed(self, service: str) -> list[tuple[bytes, bytes]]:
        """The headers that say so, as a signature has them; what it would prove, the connection does."""
        scope = f"{self.access_key}/{datetime.now(UTC):%Y%m%d}/{self.region}/{service}/aws4_request"
        credential = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"
        return [(b"authorization", credential.encode()), (b"x-amz-security-token", self.session_token.encode())]


def listen(connection: socket.socket, caller: Caller) -> None:
    """Answer what comes by `connection` until its other end is closed; from any thread."""
    loop = app._MAIN_LOOP
    if loop is None:
        raise RuntimeError("the emulator is not up yet")
    connection.setblocking(False)
    asyncio.run_coroutine_threadsafe(loop.create_connection(lambda: Connection(caller), sock=connection), loop)


class Connection(asyncio.Protocol):
    """What comes by one connection: a call at a time, and its answer."""

    def __init__(self, caller: Caller) -> None:
        self._caller, self._items = caller, ItemDoor(caller.access_key, caller.region)
        self._topics = TopicDoor(caller.access_key, caller.region)
        self._heard = bytearray()
        self._answering: asyncio.Task[None] | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        try:
            while found := taken(self._heard):
                self._call(*found)
        except Exception:
            log.exception("a function's call cannot be answered: it will find its connection closed")
            self._transport.close()

    def _call(self, head: list[Any], body: bytes) -> None:
        """A call of items says at its head the operation, and the host that was asked; all else says four words."""
        match head:
            case [operation, host]:
                said = self._items.answer(operation, body)
                if said is not None:
                    self._transport.write(packed([said[0], []], said[1]))
                    return
                asked = item_call(operation, host, body)
            case [service, method, target, headers]:
                told = self._topics.answer(body) if service == "sns" else None
                if told is not None:
                    self._transport.write(packed([told[0], []], told[1]))
                    return
                asked = Asked(service, method, target, headers, body)
        # A context of its own: the emulator keeps whose call it is in context variables.
        loop = asyncio.get_running_loop()
        self._answering = loop.create_task(self._answer(asked), context=contextvars.copy_context())

    async def _answer(self, asked: "Asked") -> None:
        try:
            self._transport.write(await answered(asked, self._caller))
        except Exception:
            log.exception("a function's call cannot be answered: it will find its connection closed")
            self._transport.close()


@dataclass(frozen=True)
class Asked:
    """One call; `service` is what signatures call it, empty for what needs none."""

    service: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def scope(self, caller: Caller) -> Message:
        """As ASGI tells it."""
        path, _, query = self.target.partition("?")
        headers = [(name.lower().encode(), value.encode()) for name, value in self.headers]
        if all(name != b"content-length" for name, _ in headers):
            headers.append((b"content-length", str(len(self.body)).encode()))
        if self.service:
            headers += caller.signed(self.service)
        return {
            "type": "http", "http_version": "1.1", "scheme": "http", "method": self.method, "client": CLIENT,
            "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "headers": headers,
        }  # fmt: skip


def item_call(operation: str, host: str, body: bytes) -> Asked:
    """A call of items as botocore would send it."""
    headers = [("Host", host), ("X-Amz-Target", f"DynamoDB_20120810.{operation}"), ("Content-Type", "application/x-amz-json-1.0")]
    return Asked("dynamodb", "POST", "/", headers, body)


async def answered(asked: Asked, caller: Caller) -> bytes:
    """The message that answers one call."""
    reply = Reply()
    _known.set(caller.access_key if asked.service else "")
    await app.app(asked.scope(caller), _given(asked.body), reply.send)
    return packed([reply.status, reply.headers], b"".join(reply.parts))


class Reply:
    """Gathers an ASGI answer."""

    def __init__(self) -> None:
        self.status, self.headers, self.parts = 500, list[tuple[str, str]](), list[bytes]()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message.get("headers", [])]
        elif message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))


def _given(body: bytes) -> Callable[[], Awaitable[Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def mend() -> None:
    """Who is known by its connection need not prove it: no signature of its is checked."""
    check = app.pin_signed_request

    def unless_known(*request: Any) -> None:
        if key := _known.get():
            known_by_connection(key)
        else:
            check(*request)

    app.pin_signed_request = unless_known
