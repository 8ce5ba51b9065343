"""Ports of 127.0.0.1."""

import secrets
import socket
from collections.abc import Callable
from contextlib import suppress

from local.conditions.refusals import CannotStart, PortBusy

FIRST, LAST = 12_000, 32_000
"""Below what Linux (32,768) and macOS (49,152) give to connections that go out: one of those could take a port before its server does."""
_given = set[int]()


def free_port() -> int:
    """A TCP port that nobody listens on now, that no connection which goes out will take, and that was not given before."""
    while True:
        port = FIRST + secrets.randbelow(LAST - FIRST)
        with suppress(OSError), socket.socket() as probe:
            if port not in _given:
                probe.bind(("127.0.0.1", port))
                _given.add(port)
                return port


def busy(port: int) -> bool:
    """Whether somebody listens on `port`."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_of(text: str, option: str) -> int:
    """The port that a person asked for with `option`. Raises CannotStart."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise CannotStart(f"{option}={text} is no port: choose a number from 1024 to 65535")
    return int(text)


def check(port: int, option: str, other: Callable[[], object]) -> None:
    """Whether a server can listen on `port`; `other` makes the command that starts the hub at another. Raises PortBusy, CannotStart."""
    if busy(port):
        raise PortBusy(f"port {port} of 127.0.0.1 is in use: stop what listens there, or start the hub at another: {other()}")
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except PermissionError:
        raise CannotStart(f"port {port} needs rights that this process has not: choose one from 1024 to 65535 with {option}=…") from None
    except OSError as error:
        raise PortBusy(f"port {port} of 127.0.0.1 cannot be had ({error.strerror}): start the hub at another: {other()}") from None
