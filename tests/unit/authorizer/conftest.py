"""An issuer's documents on 127.0.0.1."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

Serve = Callable[[bytes, int], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(body, status)` puts a document on 127.0.0.1 and answers its URL."""
    servers: list[HTTPServer] = []

    def start(body: bytes, status: int = 200) -> str:
        class Document(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        servers.append(HTTPServer(("127.0.0.1", 0), Document))
        threading.Thread(target=servers[-1].serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/jwks.json"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
