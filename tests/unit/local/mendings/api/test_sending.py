"""An answer leaves in one piece, whatever it consists of, and one whose body comes in pieces piece by piece."""

import asyncio
from typing import Any

import h11
import pytest
from hypercorn.config import Config
from hypercorn.protocol.h11 import H11Protocol

from local.mendings.api.sending import send

HEAD = h11.Response(status_code=200, headers=[("content-length", "4")])


def sent(*events: Any, asked: str = "GET") -> list[bytes]:
    """What goes over the wire, by the pieces in which it does, of events that answer one request."""
    pieces: list[bytes] = []

    async def go() -> None:
        async def over(event: Any) -> None:
            pieces.append(event.data)

        protocol: Any = H11Protocol.__new__(H11Protocol)
        protocol.config, protocol.send, protocol.connection = Config(), over, h11.Connection(h11.SERVER)
        protocol.connection.receive_data(f"{asked} / HTTP/1.1\r\nHost: hub\r\n\r\n".encode())
        while protocol.connection.next_event() is not h11.PAUSED and protocol.connection.their_state is not h11.DONE:
            pass
        for event in events:
            await send(protocol, event)

    asyncio.run(go())
    return pieces


def test_head_and_body_are_one_piece_and_the_end_none():
    (piece,) = sent(HEAD, h11.Data(data=b"body"), h11.EndOfMessage())
    assert piece.startswith(b"HTTP/1.1 200")
    assert piece.endswith(b"\r\n\r\nbody")


def test_a_body_in_pieces_is_sent_as_it_comes_with_the_head_before_the_first():
    first, second = sent(HEAD, h11.Data(data=b"bo"), h11.Data(data=b"dy"), h11.EndOfMessage())
    assert (first[:12], first[-2:], second) == (b"HTTP/1.1 200", b"bo", b"dy")


@pytest.mark.parametrize(("head", "asked"), [(HEAD, "HEAD"), (h11.Response(status_code=204, headers=[]), "GET")])
def test_an_answer_without_a_body_is_its_head(head: h11.Response, asked: str):
    (piece,) = sent(head, h11.EndOfMessage(), asked=asked)
    assert piece.startswith(b"HTTP/1.1 20")
    assert piece.endswith(b"\r\n\r\n")


def test_a_word_before_the_answer_does_not_wait_for_it():
    first, _ = sent(h11.InformationalResponse(status_code=100, headers=[]), HEAD, h11.Data(data=b"body"), h11.EndOfMessage())
    assert first.startswith(b"HTTP/1.1 100")


def test_what_the_protocol_does_not_allow_is_raised():
    with pytest.raises(h11.LocalProtocolError):
        sent(h11.Data(data=b"no head"))
