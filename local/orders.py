"""What a runner orders its emulator, over a socket: a line each with its number, so that an answer that comes late is nobody else's."""

import json
import logging
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

log = logging.getLogger(__name__)
LAST = ("stop", "stop now")
"""After these the emulator hears no more."""


class Orders:
    """The runner's side."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._number, self._read = connection, 0, b""

    def ask(self, order: str, seconds: float) -> Any:
        """The answer to `order`; None if there is none within `seconds`. One that comes later is dropped when it comes."""
        self._number += 1
        until = time.monotonic() + seconds
        with suppress(OSError):
            self._connection.settimeout(seconds)
            self._connection.sendall(f"{self._number} {order}\n".encode())
            while True:
                with suppress(ValueError):  # half a line, where a signal cut off its reading
                    number, answer = json.loads(self._line(until))
                    if number == self._number:
                        return answer
        return None

    def _line(self, until: float) -> bytes:
        """The next line. Raises OSError if there is none by `until`, or never will be."""
        while b"\n" not in self._read:
            self._connection.settimeout(max(until - time.monotonic(), 0.001))
            part = self._connection.recv(65536)
            if not part:
                raise ConnectionResetError
            self._read += part
        line, _, self._read = self._read.partition(b"\n")
        return line

    def close(self) -> None:
        """Hang up, which is an order too: to end."""
        self._connection.close()


def obey(connection: socket.socket, answers: Mapping[str, Callable[[], Any]]) -> str:
    """The emulator's side: answer each order by `answers` until one of `LAST`, which is answered; the empty one is the connection's end.

    Whatever happens to an answer, the next order is heard: one that fails is answered by null, one that nobody waits for is dropped.
    """
    with connection, suppress(OSError):
        for line in connection.makefile("rb"):
            number, _, order = line.decode(errors="replace").strip().partition(" ")
            answer = _answer(answers, order)
            with suppress(OSError):
                connection.sendall(f"{json.dumps([int(number) if number.isdecimal() else 0, answer])}\n".encode())
            if order in LAST:
                return order
    return ""


def _answer(answers: Mapping[str, Callable[[], Any]], order: str) -> Any:
    try:
        return answers[order]()
    except Exception:
        log.exception("an order is not obeyed: %s", order)
        return None
