"""What lies at a supplier's address is fetched within bounds, whatever its server does: real sockets on this machine."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from functions.pictures.fetching.address import requested
from functions.pictures.fetching.address_client import AT_ONE_HOST, LEFT_ALONE, LIMITS, AddressClient
from functions.pictures.fetching.fetched import Fetched, Unfetched
from functions.pictures.places.picture import MOST_BYTES
from monsoon_plugin.outbound.call import Limits
from monsoon_plugin.outbound.client import Outbound
from tests.unit.pictures.samples import photo
from tests.unit.sdk.outbound.endpoints import Behaviour, Guest, endpoint

PHOTO = photo(60, 40)
HASTY = replace(LIMITS, seconds=0.5)
SLOWEST = 5.0
"""Seconds that a hasty fetch may take on a busy machine; what its endpoint does would take longer, or for ever."""


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def client(limits: Limits = LIMITS, seconds: Seconds | None = None, each: float = 15.0) -> AddressClient:
    return AddressClient(Outbound(limits, local=True), seconds or Seconds(), local=True, each=each)


def got(behave: Behaviour, limits: Limits = LIMITS) -> Fetched | Unfetched:
    with endpoint(behave) as server:
        (found,) = client(limits)([server.url()])
    return found


def head(status: str = "200 OK", **more: object) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()), "", ""]).encode()


def told(found: Fetched | Unfetched) -> tuple[str, bool]:
    assert isinstance(found, Unfetched)
    return found.refusal.code, found.passes


def test_what_is_served_is_got_to_the_byte_whatever_type_it_is_said_to_be() -> None:
    found = got(lambda guest: guest.send(head(content_type="text/html", content_length=len(PHOTO)) + PHOTO))
    assert found == Fetched(PHOTO)


@pytest.mark.parametrize("announced", [10_000_000_000, None])
def test_ten_gigabytes_are_left_at_ten_megabytes(announced: int | None) -> None:
    sent = list[int]()

    def pour(guest: Guest) -> None:
        try:
            guest.send(head(**({"content_length": announced} if announced else {})))
            while True:
                guest.send(b"x" * 1_000_000)
        finally:
            sent.append(guest.sent)

    assert told(got(pour)) == ("too-large", False)
    assert not sent or sent[0] < 10 * MOST_BYTES


def test_the_largest_file_that_is_taken_is_got() -> None:
    body = b"x" * MOST_BYTES
    assert got(lambda guest: guest.send(head(content_length=MOST_BYTES) + body)) == Fetched(body)


@pytest.mark.parametrize(
    "hang",
    [
        lambda guest: guest.over.wait(60),
        lambda guest: (guest.send(head(content_length=999)), guest.over.wait(60)),
        lambda guest: guest.drip(head(content_length=999) + b"x" * 999, 0.1),
    ],
    ids=["says nothing", "stops", "drips"],
)
def test_a_server_that_hangs_is_left_in_time_and_may_answer_later(hang: Behaviour) -> None:
    began = time.monotonic()
    assert told(got(hang, HASTY)) == ("no-answer", True)
    assert time.monotonic() - began < SLOWEST


def test_a_file_that_is_shorter_than_was_said_is_no_whole_answer() -> None:
    assert told(got(lambda guest: guest.send(head(content_length=len(PHOTO) + 5) + PHOTO))) == ("no-answer", True)


@pytest.mark.parametrize(
    ("status", "code", "passes"),
    [("404 Not Found", "not-served", False), ("403 No", "not-served", False), ("204 Empty", "not-served", False),
     ("304 Same", "not-served", False), ("500 Oh", "no-answer", True), ("503 Busy", "no-answer", True), ("429 Slow", "no-answer", True)],
)  # fmt: skip
def test_what_is_answered_instead_of_a_picture_is_told_and_tried_again_where_it_passes(status: str, code: str, passes: bool) -> None:
    assert told(got(lambda guest: guest.send(head(status, content_length=0)))) == (code, passes)


def led_to(*places: str) -> Behaviour:
    """Redirects to one after another."""
    left = list(places)
    return lambda guest: guest.send(head("302 Found", location=left.pop(0), content_length=0) if left else head() + PHOTO)


def test_it_is_followed_three_times_and_no_more() -> None:
    assert got(led_to("/a", "?b=1", "c d")) == Fetched(PHOTO)
    assert told(got(led_to("/a", "/b", "/c", "/d"))) == ("redirects", False)


@pytest.mark.parametrize(
    "place",
    ["http://169.254.169.254/latest/meta-data/", "https://10.0.0.1/a.jpg", "https://[::1]/a.jpg", "//metadata.internal/a.jpg",
     "file:///etc/passwd", "https://user:word@example.com/a.jpg", "gopher://example.com/", "https://2130706433/a.jpg"],
)  # fmt: skip
def test_nobody_is_led_to_where_strangers_have_no_business(place: str) -> None:
    assert told(got(led_to(place))) == ("address", False)


def test_a_name_that_leads_to_a_private_address_is_looked_at_at_each_hop() -> None:
    """On AWS no address of this machine is asked: what the name resolves to decides, at the second hop as at the first."""
    asked = list[str]()

    async def resolve(name: str) -> Sequence[str]:
        asked.append(name)
        return ["93.184.215.14"] if name == "public.example.com" and asked.count(name) == 1 else ["10.0.0.7"]

    with endpoint(led_to("https://inner.example.com/a.jpg")) as server:
        outbound = Outbound(LIMITS, local=True, resolve=resolve)
        (found,) = AddressClient(outbound, Seconds(), local=True)([server.url()])
    assert (told(found), asked) == (("address", False), ["inner.example.com"])


def test_two_at_one_host_are_fetched_at_a_time_and_each_is_answered_in_its_place() -> None:
    open_now, most = set[int](), list[int]()

    def serve(guest: Guest) -> None:
        open_now.add(id(guest))
        most.append(len(open_now))
        guest.over.wait(0.05)
        open_now.discard(id(guest))
        guest.send(head() + PHOTO)

    with endpoint(serve) as server:
        found = client()([f"{server.url()}?{n}" for n in range(6)])
    assert found == [Fetched(PHOTO)] * 6
    assert max(most) <= AT_ONE_HOST


def test_a_host_that_gave_no_answer_is_left_alone_for_a_while_and_holds_up_nobody_else() -> None:
    seconds, asked = Seconds(), list[int]()

    def fail(guest: Guest) -> None:
        asked.append(1)
        guest.send(head("503 Busy", content_length=0))

    with endpoint(fail) as broken, endpoint(lambda guest: guest.send(head() + PHOTO)) as well:
        fetch, there = client(seconds=seconds), well.url(host="localhost")
        assert [told(one) for one in fetch([broken.url()] * 6)] == [("no-answer", True)] * 6
        assert len(asked) <= AT_ONE_HOST
        assert fetch([broken.url(), there])[1] == Fetched(PHOTO)
        before = len(asked)
        seconds.now += LEFT_ALONE
        fetch([broken.url()])
    assert len(asked) == before + 1


@pytest.mark.parametrize(
    ("address", "asked"),
    [("http://a.example/b c.jpg", "https://a.example/b%20c.jpg"), ("https://a.example/商品.jpg#x", "https://a.example/%E5%95%86%E5%93%81.jpg"),
     ("https://a.example/b%20c.jpg?d=%41", "https://a.example/b%20c.jpg?d=%41"), ("HTTP://A.example", "https://A.example")],
)  # fmt: skip
def test_an_address_is_asked_for_as_browsers_would(address: str, asked: str) -> None:
    assert requested(address, local=False) == asked
