"""Stand-ins of providers, started on free ports of 127.0.0.1."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest

from tests.conftest import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def localstripe() -> Iterator[str]:
    """Stripe's stand-in; answers its address."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "functions.payments.plugins.stripe.standin", "--port", str(port)], cwd=ROOT)
    server = subprocess.Popen([sys.executable, "-m", "functions.payments.plugins.stripe.standin", "--port", str(port)], cwd=ROOT)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=0.2).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(5)


@dataclass
class Proxy:
    """Stands between a plug-in and its provider; `fault` says what becomes of the next changes."""

    target: str
    address: str = ""
    fault: str = ""
    """lose: pass on, never answer · html: pass on, answer a web page · error: answer 500 · busy: answer 429, both without passing on."""
    changes: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@pytest.fixture
def proxy(localstripe: str) -> Iterator[Proxy]:
    """A fault-injecting proxy before localstripe."""
    state = Proxy(localstripe)

    class Handler(BaseHTTPRequestHandler):
        def _pass(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length) if length else None
            fault = state.fault if self.command == "POST" else ""
            if self.command == "POST":
                state.changes.append(self.path)
                state.keys.append(self.headers.get("idempotency-key", ""))
            if fault in ("error", "busy"):
                return self._answer(500 if fault == "error" else 429, b'{"error": {"type": "api_error"}}')
            passed = {k: v for k, v in self.headers.items() if k.lower() in ("authorization", "content-type")}
            try:
                with urlopen(Request(state.target + self.path, body, passed, method=self.command)) as reply:
                    status, answer = reply.status, reply.read()
            except OSError as error:
                status, answer = error.code, error.read()
            if fault == "lose":
                self.close_connection = True
                return self.connection.close()
            if fault == "html":
                return self._answer(200, b"<html>maintenance</html>")
            return self._answer(status, answer)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

        do_GET = do_POST = _pass  # noqa: N815 (http.server's names)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()
