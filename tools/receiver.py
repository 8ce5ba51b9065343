"""A client site's webhook endpoint on 127.0.0.1, for the project's own tools and tests: keeps what is posted to it, with its time."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Posted:
    """One delivery as it came: `at` is `time.time()`, header names are in small letters."""

    at: float
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """As a context manager: listens on enter. `answer` decides each delivery's status, 204 unless told otherwise; `headers` go with it."""

    answer: Callable[[Posted], int] = lambda _: 204
    headers: Mapping[str, str] = field(default_factory=dict)
    posted: list[Posted] = field(default_factory=list)

    def __enter__(self) -> Self:
        receiver = self

        class Endpoint(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                posted = Posted(time.time(), self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                receiver.posted.append(posted)
                self.send_response(receiver.answer(posted))
                for name, value in {**receiver.headers, "Content-Length": "0"}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing: what came is in `posted`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hook"

    def changes(self) -> list[tuple[float, dict[str, Any]]]:
        """Every product change that was delivered, in the order of arrival, with its time."""
        return [
            (posted.at, change)
            for posted in list(self.posted)
            if posted.document["type"] == "product.changed"
            for change in posted.document["data"]["changes"]
        ]
