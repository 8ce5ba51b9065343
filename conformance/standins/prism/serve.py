"""Prism (npm, `@stoplight/prism-cli`) between a plug-in and a provider's stand-in.

It holds every request to the provider's published OpenAPI document, and every answer of the stand-in too; what does not fit is
answered as an error. So neither side can drift from what the provider published.
"""

import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conformance.standins import node

SPECS = Path(__file__).parents[4] / "shared" / "data" / "provider-apis"
HOPS = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "keep-alive"}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body) if self.body else {}


Reply = tuple[int, Mapping[str, Any] | None]
Answers = Callable[[Asked], Reply]


@contextmanager
def prism(mode: str, document: str, upstream: str = "") -> Iterator[str]:
    """Prism in `mode` (mock or proxy) with a published document; answers its address. Raises RuntimeError where it cannot be had."""
    if not (SPECS / document).is_file():
        raise RuntimeError(f"{document} is not here")
    with node.serving(Path(__file__).parent, {"mode": mode, "document": str(SPECS / document), "upstream": upstream}) as address:
        yield address


@contextmanager
def serving(answers: Answers) -> Iterator[str]:
    """A server on 127.0.0.1 that answers JSON; answers its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, document = answers(Asked(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            told = b"" if document is None else json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

        do_GET = do_POST = do_PATCH = _answer  # noqa: N815 (http.server's names)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def held_to(documents: Mapping[str, str], answers: Answers) -> Iterator[str]:
    """`answers` as a provider, with a Prism before each path that `documents` names (path → published document).

    Raises RuntimeError where Prism or a document cannot be had.
    """
    with ExitStack() as stack:
        behind = stack.enter_context(serving(answers))
        places = {path: stack.enter_context(prism("proxy", document, behind)) for path, document in documents.items()}

        def passed_on(asked: Asked) -> Reply:
            place = next((at for path, at in places.items() if asked.path.startswith(path)), None)
            return forwarded(asked, place) if place else answers(asked)

        yield stack.enter_context(serving(passed_on))


def forwarded(asked: Asked, place: str) -> Reply:
    connection = http.client.HTTPConnection(urlsplit(place).hostname or "", urlsplit(place).port, timeout=20)
    headers = {name: value for name, value in asked.headers.items() if name not in HOPS}
    connection.request(asked.method, asked.path, asked.body or None, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text else None
