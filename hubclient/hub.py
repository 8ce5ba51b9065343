"""A client of the hub's API for the project's own tools and tests. One connection a thread, kept alive; JSON in and out."""

import http.client
import json
import threading
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

TIMEOUT = 60


class Refused(RuntimeError):
    """The hub answered with a status that was not expected; the text holds its problem document."""

    def __init__(self, method: str, path: str, status: int, body: Any) -> None:
        super().__init__(f"{method} {path} → {status}: {json.dumps(body, ensure_ascii=False)[:600]}")
        self.status, self.body = status, body


@dataclass(frozen=True)
class Reply:
    """A status, the JSON body (None if empty) and the headers, lower-case."""

    status: int
    body: Any
    headers: dict[str, str]


class Kept:
    """A connection of one thread to the hub, closed when its holder is gone: the thread, or the `Hub` that it was made for."""

    def __init__(self, http: http.client.HTTPConnection) -> None:
        self.http = http

    def __del__(self) -> None:
        self.http.close()


@dataclass
class Hub:
    """The API at `api` (with its stage), spoken to as whoever `token` belongs to (a JWT or an API key; empty: nobody)."""

    api: str
    token: str = ""
    _local: threading.local = field(default_factory=threading.local, repr=False)

    def as_(self, token: str) -> "Hub":
        """The same hub, spoken to as somebody else."""
        return Hub(self.api, token)

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None, raw: bytes | None = None,
             headers: dict[str, str] | None = None, **query: Any) -> Reply:  # fmt: skip
        """Send one request and answer whatever comes back."""
        parts = urlsplit(self.api)
        target = f"{parts.path}{path}" + (f"?{urlencode({k: v for k, v in query.items() if v is not None})}" if query else "")
        sent = {"Content-Type": "application/json", **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        if key is not None:
            sent["Idempotency-Key"] = key
        payload = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        for attempt in (0, 1):  # a connection that idled out is made anew, once
            connection = self._connection(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80), parts.scheme)
            try:
                connection.request(method, target, payload, sent | (headers or {}))
                answer = connection.getresponse()
                text = answer.read()
                break
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self._local.connection = None
                if attempt:
                    raise
        return Reply(answer.status, _json(text), {k.lower(): v for k, v in answer.getheaders()})

    def _connection(self, host: str, port: int, scheme: str) -> http.client.HTTPConnection:
        kept: Kept | None = getattr(self._local, "connection", None)
        if kept is None:
            made = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
            kept = self._local.connection = Kept(made(host, port, timeout=TIMEOUT))
        return kept.http

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Send, and answer the body. Raises Refused unless the status is 2xx."""
        reply = self.send(method, path, body, **more)
        if not 200 <= reply.status < 300:
            raise Refused(method, path, reply.status, reply.body)
        return reply.body

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", path, **query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """Create; a fresh Idempotency-Key unless `key` is given."""
        return self.ask("POST", path, body, key=key or str(uuid.uuid4()))

    def put(self, path: str, body: Any) -> Any:
        return self.ask("PUT", path, body)

    def all(self, path: str, **query: Any) -> list[Any]:
        """Every item of a list, page by page."""
        items: list[Any] = []
        cursor = None
        while True:
            page = self.get(path, cursor=cursor, **query)
            items += page["items"]
            cursor = page.get("next")
            if cursor is None:
                return items


def _json(text: bytes) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text.decode(errors="replace")
