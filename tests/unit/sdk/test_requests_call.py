"""What a provider's library sends through `send` is one request, bounded, to a host whose certificate counts."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from functions.payments.plugins.paypal.standin_signer import Signer
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.requests_call import ANSWER, Answer, send


@contextmanager
def served(kind: str, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[str]]]:
    """A server that answers each request in the way of `kind`; with the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(302 if kind == "redirect" else 200)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            if kind == "large":
                self.wfile.write(b"x" * (ANSWER + 1))
            if kind == "slow":
                self._drip()

        def _drip(self) -> None:
            for _ in range(40):
                try:
                    self.wfile.write(b"x")
                except OSError:
                    asked.append("hung up")
                    return
                time.sleep(0.1)
            asked.append("heard all")

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}/asked", asked
    server.shutdown()
    server.server_close()


def post(url: str, *, seconds: float = 3, changes: bool = True) -> Answer:
    return send("It", "POST", url, {}, b"{}", seconds=seconds, changes=changes)


def failure(url: str, **how: Any) -> ErrorKind:
    with pytest.raises(PluginError) as raised:
        post(url, **how)
    return raised.value.kind


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with served("redirect") as (url, asked):
        assert post(url).status == 302
        assert asked == ["/asked"]


@pytest.mark.parametrize(("changes", "kind"), [(True, ErrorKind.OUTCOME_UNKNOWN), (False, ErrorKind.UNAVAILABLE)])
def test_an_answer_that_is_too_large_is_lost(changes: bool, kind: ErrorKind) -> None:
    with served("large") as (url, _):
        assert failure(url, changes=changes) is kind


def test_an_answer_that_drips_ends_with_the_deadline() -> None:
    with served("slow") as (url, asked):
        assert failure(url, seconds=0.5) is ErrorKind.OUTCOME_UNKNOWN
        while len(asked) < 2:
            time.sleep(0.01)
        assert asked[1] == "hung up"


def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        assert failure(f"http://127.0.0.1:{probe.getsockname()[1]}/") is ErrorKind.UNAVAILABLE
    assert failure("https://no-such-host.invalid/") is ErrorKind.UNAVAILABLE


def test_a_certificate_that_nobody_vouches_for_is_refused_before_a_byte_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = Signer.made("127.0.0.1")
    key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "server.pem").write_bytes(key + signer.certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "server.pem"))
    with served("usual", context) as (url, asked):
        assert failure(url) is ErrorKind.UNAVAILABLE
        assert asked == []


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with served("usual") as (url, asked):
        assert post(url).ok
        assert asked == ["/asked"]
