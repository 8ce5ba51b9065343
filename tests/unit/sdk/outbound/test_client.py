"""sdk/monsoon_plugin/outbound/client.py against endpoints on real sockets: whatever they do, a call ends in time with an outcome."""

import random
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import anyio
import httpcore
import pytest

from monsoon_plugin.outbound.call import Failure, Limits, Outcome, Request
from monsoon_plugin.outbound.client import Outbound
from tests.unit.sdk.outbound.endpoints import Behaviour, Endpoint, Guest, certificate, endpoint

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HASTY = Limits(seconds=0.5)
SLOWEST = 5000
"""Milliseconds that a call with such a limit may take on a busy machine; what its endpoint does would take longer, or for ever."""
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HEAD = b"HTTP/1.1 200 OK\r\n"
UNENDING = HEAD + b"Content-Length: 1000000000\r\n\r\n"
PUBLIC = "93.184.215.14"


def call(url: str, limits: Limits = HASTY, **more: object) -> Outcome:
    outbound = Outbound(limits, local=True, now=lambda: NOW, **more)  # type: ignore[arg-type]
    return anyio.run(outbound.post, Request(url, {"webhook-id": "msg_1"}, b'{"a":1}'))


def called(behaviour: Behaviour, limits: Limits = HASTY) -> tuple[Outcome, Endpoint]:
    with endpoint(behaviour) as there:
        return call(there.url(), limits), there


async def public_name(name: str) -> Sequence[str]:
    return [PUBLIC]


class Rerouted(httpcore.AnyIOBackend):
    """Takes every connection to this machine, so that a public name's endpoint may lie here."""

    async def connect_tcp(self, host: str, port: int, *args: object, **more: object) -> httpcore.AsyncNetworkStream:
        assert host == PUBLIC
        return await super().connect_tcp("127.0.0.1", port)


def test_an_endpoint_gets_the_body_and_the_headers_and_its_answer_is_told():
    outcome, there = called(lambda guest: guest.send(OK))
    assert (outcome.status, outcome.error, outcome.snippet, outcome.taken) == (200, None, "ok", True)
    head, _, body = there.requests[0].partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    assert (lines[0], body) == (b"post /hook http/1.1", b'{"a":1}')
    assert {b"webhook-id: msg_1", b"connection: close", b"content-length: 7", b"host: 127.0.0.1:%d" % there.port} <= set(lines)


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [
        (lambda guest: guest.over.wait(), None),
        (lambda guest: guest.drip(HEAD + b"X: " + b"x" * 1000), None),
        (lambda guest: guest.drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 100), None),
        (lambda guest: (guest.send(UNENDING), guest.drip(b"x" * 1000)), 200),
        (lambda guest: (guest.send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n"), guest.drip(b"1\r\nx\r\n" * 200)), 200),
    ],
    ids=["hangs", "drips headers", "drips 100 Continue", "drips its body", "drips chunks"],
)
def test_an_endpoint_that_takes_its_time_is_left_at_the_deadline(behaviour: Behaviour, status: int | None):
    outcome, _ = called(behaviour)
    assert (outcome.status, outcome.error, outcome.taken) == (status, Failure.TIMEOUT, False)
    assert 490 <= outcome.ms < SLOWEST


def test_an_answer_of_a_gigabyte_is_closed_after_64_kib():
    def send_a_gigabyte(guest: Guest) -> None:
        guest.send(UNENDING)
        for _ in range(1000):
            guest.send(b"x" * 1_000_000)

    outcome, there = called(send_a_gigabyte, Limits())
    assert (outcome.status, outcome.error, outcome.taken) == (200, Failure.TOO_LARGE, True)
    assert outcome.snippet == "x" * 200
    time.sleep(0.1)
    assert there.guests[0].sent < 30_000_000  # what the two sides' socket buffers hold


@pytest.mark.parametrize(
    "flood",
    [HEAD + b"X: " + b"x" * 1_000_000, HEAD + b"X: x\r\n" * 100_000, b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000, b"x" * 1_000_000],
    ids=["one long header", "many headers", "many 100 Continue", "no HTTP"],
)
def test_a_flood_of_headers_is_bounded(flood: bytes):
    outcome, _ = called(lambda guest: guest.send(flood), Limits())
    assert (outcome.status, outcome.taken) == (None, False)
    assert outcome.error in (Failure.TOO_LARGE, Failure.PROTOCOL)


@pytest.mark.parametrize("status", [300, 400, 404, 410, 429, 500, 503])
def test_an_answer_that_is_no_success_is_told_as_it_is(status: int):
    outcome, _ = called(lambda guest: guest.send(b"HTTP/1.1 %d No\r\nContent-Length: 4\r\n\r\nno\x00!" % status))
    assert (outcome.status, outcome.error, outcome.snippet, outcome.taken) == (status, None, "no !", False)


def test_a_redirect_is_not_followed():
    with endpoint(lambda guest: guest.send(OK)) as other:
        location = other.url().encode()
        outcome, _ = called(lambda guest: guest.send(b"HTTP/1.1 302 Found\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % location))
        assert (outcome.status, outcome.taken, other.guests) == (302, False, [])


@pytest.mark.parametrize(
    ("written", "seconds"),
    [(b"120", 120), (b"Sun, 22 Nov 2026 12:01:00 GMT", 60), (b"99999999999", 86400), (b"Sun, 22 Nov 2020 12:00:00 GMT", 0),
     (b"-5", None), (b"soon", None), (b"\xff\xfe", None), (b"Sun, 22 Nov 99999 12:00:00 GMT", None)],
)  # fmt: skip
def test_a_pause_that_the_endpoint_asks_for_is_told_in_seconds(written: bytes, seconds: int | None):
    outcome, _ = called(lambda guest: guest.send(b"HTTP/1.1 503 No\r\nRetry-After: %b\r\nContent-Length: 0\r\n\r\n" % written))
    assert outcome.retry_after == seconds


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTT", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 2000 OK\r\n\r\n", HEAD + b": x\r\n\r\n", HEAD + b"Content-Length: -1\r\n\r\n"],
)
def test_garbage_and_an_early_end_are_protocol_failures(answer: bytes):
    outcome, _ = called(lambda guest: guest.send(answer))
    assert (outcome.status, outcome.error) == (None, Failure.PROTOCOL)


def test_a_body_that_ends_early_is_a_failure_though_the_status_was_good():
    outcome, _ = called(lambda guest: guest.send(UNENDING + b"half"))
    assert (outcome.status, outcome.error, outcome.snippet, outcome.taken) == (200, Failure.PROTOCOL, "half", False)


def test_no_answer_whatever_it_is_raises():
    source = random.Random(3)
    for _ in range(150):
        answer = bytearray(HEAD + b"Transfer-Encoding: chunked\r\nA: b\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        for _ in range(source.randrange(1, 6)):
            answer[source.randrange(len(answer))] = source.randrange(256)
        outcome, _ = called(lambda guest, answer=bytes(answer): guest.send(answer))
        assert outcome.status is not None or outcome.error is not None


def test_nobody_listening_is_a_failure_to_connect():
    with endpoint(lambda guest: None) as there:
        url = there.url()
    assert call(url).error is Failure.CONNECT


def test_a_name_that_is_not_known_and_one_that_resolves_slowly_are_told():
    async def unknown(name: str) -> Sequence[str]:
        raise OSError("no such name")

    async def none(name: str) -> Sequence[str]:
        return []

    async def slow(name: str) -> Sequence[str]:
        await anyio.sleep(60)
        return [PUBLIC]

    url = "https://hooks.example.com/"
    assert call(url, resolve=unknown).error is Failure.DNS
    assert call(url, resolve=none).error is Failure.DNS
    assert call(url, resolve=slow).error is Failure.TIMEOUT


def test_the_next_address_is_tried_when_one_does_not_answer():
    tried = []

    class SecondOnly(httpcore.AsyncMockBackend):
        async def connect_tcp(self, host: str, port: int, *args: object, **more: object) -> httpcore.AsyncNetworkStream:
            tried.append(host)
            if host != "1.1.1.1":
                raise httpcore.ConnectError
            return await super().connect_tcp(host, port)

    async def three(name: str) -> Sequence[str]:
        return ["2606:4700::1111", "9.9.9.9", "1.1.1.1"]

    assert call("https://hooks.example.com/", resolve=three, network=SecondOnly([OK])).taken
    assert tried == ["9.9.9.9", "1.1.1.1"]  # IPv4 first


def test_a_certificate_that_nobody_vouches_for_is_a_tls_failure(tmp_path):
    served, _ = certificate("localhost", str(tmp_path))
    with endpoint(lambda guest: guest.send(OK), tls=served) as there:
        assert call(there.url("https", "localhost"), Limits()).error is Failure.TLS
        assert there.requests == []


def test_a_server_that_never_answers_the_handshake_is_left_at_the_deadline_and_its_connection_closed():
    with endpoint(lambda guest: guest.send(OK)) as there:  # it waits for the end of a request's head
        assert call(there.url("https", "localhost")).error is Failure.TIMEOUT
        assert there.left.wait(2)


def test_a_server_without_tls_is_a_tls_failure():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with listener.accept()[0] as guest:
                guest.sendall(OK)

        threading.Thread(target=answer, daemon=True).start()
        assert call(f"https://localhost:{listener.getsockname()[1]}/").error is Failure.TLS


@pytest.mark.parametrize(("name", "failure"), [("hooks.example.com", None), ("other.example.com", Failure.TLS)])
def test_the_certificate_must_be_the_names_though_the_connection_goes_to_the_address(tmp_path, name: str, failure: Failure | None):
    served, file = certificate("hooks.example.com", str(tmp_path))
    trusting = ssl.create_default_context(cafile=file)
    with endpoint(lambda guest: guest.send(OK), tls=served) as there:
        url = there.url("https", name)
        outcome = call(url, Limits(), resolve=public_name, network=Rerouted(), authorities=trusting)
    assert (outcome.error, outcome.taken) == (failure, failure is None)


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert called(lambda guest: guest.send(OK))[0].taken


class Others:
    """So many calls, which an endpoint that is slow waits for: if it delayed one of them, it would itself be left at the deadline."""

    def __init__(self, many: int) -> None:
        self._many, self._answered, self._all = many, 0, threading.Event()
        self._turn = threading.Lock()

    def answer(self, guest: Guest) -> None:
        guest.send(OK)
        with self._turn:
            self._answered += 1
            if self._answered == self._many:
                self._all.set()

    def wait_for_all(self, guest: Guest) -> None:
        while not (self._all.wait(0.05) or guest.over.is_set()):
            pass
        guest.send(OK)


def test_a_slow_endpoint_delays_no_other():
    others = Others(60)
    with endpoint(others.wait_for_all) as slow, endpoint(others.answer) as quick:
        requests = [Request((slow if n % 4 == 0 else quick).url(), {}, b"%d" % n) for n in range(80)]
        outcomes = anyio.run(Outbound(Limits(seconds=20), local=True).post_all, requests)
    assert [outcome.taken for outcome in outcomes] == [True] * 80, "the slow ones answered, for the others had been answered"


def test_no_more_calls_are_open_at_once_than_allowed():
    counting, counts, full = threading.Lock(), {"open": 0, "most": 0}, threading.Event()

    def count(guest: Guest) -> None:
        with counting:
            counts["open"] += 1
            counts["most"] = max(counts["most"], counts["open"])
            if counts["open"] == 7:
                full.set()
        full.wait(2)  # until the first seven are here, however busy this machine is; then long enough for an eighth to be seen
        time.sleep(0.02)
        with counting:
            counts["open"] -= 1
        guest.send(OK)

    with endpoint(count) as there:
        outcomes = anyio.run(Outbound(Limits(at_once=7), local=True).post_all, [Request(there.url(), {}, b"")] * 40)
    assert all(outcome.taken for outcome in outcomes)
    assert counts["most"] == 7


def test_the_slow_endpoints_of_one_lane_leave_room_for_all_others():
    limits, others = Limits(seconds=20, at_once=4, lane=2), Others(8)
    with endpoint(others.wait_for_all) as slow, endpoint(others.answer) as quick:
        requests = [Request(slow.url(), {}, b"", lane="acc_slow")] * 4 + [Request(quick.url(), {}, b"", lane="acc_quick")] * 8
        outcomes = anyio.run(Outbound(limits, local=True).post_all, requests)
    assert [outcome.taken for outcome in outcomes] == [True] * 12, "the slow ones answered, for the others had been answered"
