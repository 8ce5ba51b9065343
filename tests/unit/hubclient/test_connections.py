"""A hub's client keeps one connection a thread, and hangs up when it is forgotten."""

import threading
import warnings
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hubclient.hub import Hub

connected = list[int]()


class Answers(BaseHTTPRequestHandler):
    """Says 401 to everybody, and keeps the connection."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        connected.append(self.client_address[1])
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Hub(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


def in_a_thread(do: Callable[[], object]) -> None:
    thread = threading.Thread(target=do)
    thread.start()
    thread.join(10)


def test_requests_of_one_thread_share_a_connection(hub: Hub):
    connected.clear()
    for _ in range(2):
        hub.send("GET", "/v1/account")
    in_a_thread(lambda: hub.send("GET", "/v1/account"))
    first, second, other = connected
    assert first == second != other


def test_no_socket_is_left_open_by_a_hub_that_is_forgotten_or_a_thread_that_ends(hub: Hub):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert hub.as_("a.b.c").send("GET", "/v1/account").status == 401
        in_a_thread(lambda: hub.send("GET", "/v1/account"))
    assert [str(warning.message) for warning in told] == []
