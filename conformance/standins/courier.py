"""What the couriers' stand-ins have in common: a server on 127.0.0.1, labels that are real PDF and ZPL, tracking numbers."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from fpdf import FPDF

from functions.shipping.tracking.tracking_numbers import checked


@dataclass(frozen=True)
class Asked:
    """One request; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    address: str
    """The stand-in's own."""

    @property
    def document(self) -> Any:
        return json.loads(self.body) if self.body else {}


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    media_type: str = "application/json"


def told(document: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(document).encode())


@contextmanager
def serving(answer: Callable[[Asked], Reply]) -> Iterator[str]:
    """A server, one request at a time; answers its address."""
    turn = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with turn:
                reply = answer(Asked(self.command, self.path, headers, body, address))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 (http.server's names)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()


@cache
def pdf() -> bytes:
    """A label of one page, 4 × 6 inches."""
    page = FPDF(format=(102, 152))
    page.add_page()
    page.set_font("Helvetica", size=20)
    page.cell(text="A label")
    return bytes(page.output())


ZPL = b"^XA^FO50,50^ADN,36,20^FDA label^FS^XZ"


def numbered(beginning: str, serial: int, length: int, carrier: str) -> str:
    """A tracking number of `length` characters whose check digit is right."""
    bare = beginning + str(serial).rjust(length - len(beginning) - 1, "0")
    return next(bare + digit for digit in "0123456789" if checked(bare + digit, carrier).valid)
