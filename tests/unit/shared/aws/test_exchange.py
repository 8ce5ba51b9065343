"""One request and its answer, as RFC 9112 has them, over a connection that is kept while its other end keeps it."""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError, SSLError

from conformance.places import UNTRUSTED, served, untrusted
from shared.aws.exchange import Exchange, read

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Amzn-RequestId: r1\r\n\r\n{}"


@dataclass
class Heard:
    """On which of a server's connections, counted from 0 on, each request came; and whether it has hung up one."""

    came: list[int] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)


@contextmanager
def place(*said: bytes, hang_up: bool = False) -> Iterator[tuple[Exchange, Heard]]:
    """An exchange with a server that answers the requests with `said`, one after another."""
    heard, answers = Heard(), iter(said)

    def serve(listening: socket.socket) -> None:
        for number in range(9):
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as asked:
                while head := asked.readline():
                    assert head == b"POST / HTTP/1.1\r\n"
                    fields = {}
                    while (line := asked.readline().strip()) != b"":
                        name, _, value = line.decode().partition(": ")
                        fields[name.lower()] = value
                    asked.read(int(fields["content-length"]))
                    heard.came.append(number)
                    connection.sendall(next(answers, b""))
                    if hang_up:
                        break
            heard.hung_up.set()

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        exchange = Exchange(f"http://127.0.0.1:{listening.getsockname()[1]}", verify=True, connect_s=1, read_s=0.3)
        try:
            yield exchange, heard
        finally:
            exchange.close()


def test_a_connection_serves_the_next_request_too() -> None:
    with place(OK, OK) as (exchange, heard):
        first, second = exchange.post({"a": "1"}, b"{}"), exchange.post({}, b"")
    assert (first.status_code, first.content, first.headers["x-amzn-requestid"]) == (200, b"{}", "r1")
    assert second == first
    assert heard.came == [0, 0]


def test_a_connection_that_the_other_end_has_closed_meanwhile_is_replaced() -> None:
    with place(OK, OK, hang_up=True) as (exchange, heard):
        exchange.post({}, b"")
        assert heard.hung_up.wait(5)
        assert exchange.post({}, b"").status_code == 200
    assert heard.came == [0, 1]


def test_a_connection_that_is_told_to_close_is_not_used_again() -> None:
    with place(OK.replace(b"X-Amzn", b"Connection: close\r\nX-Amzn"), OK) as (exchange, heard):
        exchange.post({}, b"")
        exchange.post({}, b"")
    assert heard.came == [0, 1]


@pytest.mark.parametrize(
    "said", [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}", b"HTTP/1.1 200", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"]
)
def test_what_is_no_whole_answer_leaves_the_outcome_unknown(said: bytes) -> None:
    with place(said, hang_up=True) as (exchange, _), pytest.raises(ConnectionClosedError):
        exchange.post({}, b"")


@pytest.mark.parametrize("said", [OK.replace(b"/1.1", b"/1.0"), OK.replace(b"X-Amzn", b"Connection: upgrade, Close\r\nX-Amzn")])
def test_an_answer_after_which_the_other_end_closes_is_taken_and_the_connection_is_left(said: bytes) -> None:
    with place(said, OK) as (exchange, heard):
        assert exchange.post({}, b"").content == b"{}"
        exchange.post({}, b"")
    assert heard.came == [0, 1]


def test_who_takes_no_more_of_a_request_has_said_why() -> None:
    """DynamoDB and what stands before it refuse what is too large by its head."""
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"

    def refuse(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(refusal)
            connection.shutdown(socket.SHUT_RDWR)

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        threading.Thread(target=refuse, args=(listening,), daemon=True).start()
        exchange = Exchange(f"http://127.0.0.1:{listening.getsockname()[1]}", verify=True, connect_s=1, read_s=1)
        assert exchange.post({}, bytes(64 * 1024 * 1024)).status_code == 413
        assert not exchange._idle


@pytest.mark.parametrize("token", ["one\n", "one\r\nX-Amz-Target: another", "one\rtwo"])
def test_a_header_of_more_than_a_line_is_not_sent(token: str) -> None:
    with place(OK) as (exchange, heard), pytest.raises(ValueError, match="line break"):
        exchange.post({"X-Amz-Security-Token": token}, b"")
    assert heard.came == []


def test_who_is_asked_is_told_without_the_name_and_password_of_its_address() -> None:
    assert Exchange("http://me:secret@[::1]:8000", verify=True, connect_s=1, read_s=1).host == "[::1]:8000"


def test_who_says_nothing_in_time_leaves_the_outcome_unknown_and_its_late_answer_is_nobodys() -> None:
    with place(b"", OK) as (exchange, heard):
        with pytest.raises(ReadTimeoutError):
            exchange.post({}, b"")
        assert exchange.post({}, b"").content == b"{}"
    assert heard.came == [0, 1]


def test_where_nobody_listens_nothing_was_done() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(EndpointConnectionError):
        Exchange(f"http://127.0.0.1:{port}", verify=True, connect_s=1, read_s=1).post({}, b"")


def test_a_certificate_is_believed_only_of_who_is_trusted(tmp_path: Path) -> None:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.wfile.write(OK)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with served(Answering, untrusted(tmp_path)) as url:
        trusting = Exchange(url, verify=str(tmp_path / UNTRUSTED), connect_s=2, read_s=2)
        assert trusting.post({}, b"{}").content == b"{}"
        trusting.close()
        with pytest.raises(SSLError):
            Exchange(url, verify=True, connect_s=2, read_s=2).post({}, b"{}")


@pytest.mark.parametrize(
    ("said", "content"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nt: 1\r\n\r\n", b"abcde"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:3\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
    ],
)
def test_an_answers_body_ends_where_it_says(said: bytes, content: bytes) -> None:
    assert read(io.BufferedReader(io.BytesIO(said))).content == content
