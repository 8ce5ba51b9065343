"""A small server on 127.0.0.1 for whoever writes a provider's stand-in: one function from a request to a reply."""

import errno
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


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


def as_json(document: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(document).encode())


@contextmanager
def serving(answer: Callable[[Asked], Reply], port: int = 0) -> Iterator[str]:
    """A server, one request at a time, at a free port unless one is given; answers its address."""
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

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 (http.server's names)

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()


def serve(answer: Callable[[Asked], Reply], port: int, name: str = "the stand-in") -> None:
    """Serve at `port` until Ctrl-C or a signal, and say where. Needs no terminal, so that it can go into the background."""
    try:
        with serving(answer, port) as address, suppress(KeyboardInterrupt):
            print(f"{name} answers at {address}; Ctrl-C, or `kill {os.getpid()}`, stops it", flush=True)
            threading.Event().wait()
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        sys.exit(f"{name} cannot answer at port {port} of 127.0.0.1: {error.strerror}")
