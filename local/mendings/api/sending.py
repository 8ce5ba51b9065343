"""An answer's head and its body leave together: the server sends each by itself, so that every client reads twice and waits in between."""

from typing import Any

import h11
from hypercorn.events import RawData
from hypercorn.protocol.h11 import H11Protocol

HELD = "_held_head"


async def send(protocol: H11Protocol, event: Any) -> None:
    """As the server's own, but that a head waits for what comes next: a part of the body, or the end."""
    try:
        data = protocol.connection.send(event)
    except h11.LocalProtocolError:
        if protocol.connection.their_state != h11.ERROR:
            raise
        return
    if isinstance(event, h11.Response):
        setattr(protocol, HELD, data)
        return
    data = vars(protocol).pop(HELD, b"") + (data or b"")
    if data:
        await protocol.send(RawData(data=data))


def mend() -> None:
    H11Protocol._send_h11_event = send  # type: ignore[method-assign, assignment]
