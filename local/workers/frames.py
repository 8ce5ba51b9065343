"""Messages between the emulator and a function's process, over a socket: how long a head and a body are, a head of JSON, and the body."""

import json
import socket
import struct
from typing import Any

LENGTHS = struct.Struct(">II")
MOST = 64 * 1024 * 1024
"""Bytes of a body: Lambda and DynamoDB take 6 and 16 MB at most, S3 gives what a feed may weigh."""


PART = 1 << 18
"""Bytes that are read at once."""


class Ended(ConnectionError):
    """The other side is gone."""


def packed(head: Any, body: bytes = b"") -> bytes:
    """One message."""
    told = json.dumps(head, separators=(",", ":")).encode()
    return LENGTHS.pack(len(told), len(body)) + told + body


def received(connection: socket.socket) -> tuple[Any, bytes]:
    """The next message. Raises Ended, and what the socket raises."""
    head, body = LENGTHS.unpack(_exactly(connection, LENGTHS.size))
    if body > MOST:
        raise Ended(f"a message of {body} bytes")
    return json.loads(_exactly(connection, head)), _exactly(connection, body)


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts, missing = [], count
    while missing:
        part = connection.recv(min(missing, 1 << 20))
        if not part:
            raise Ended("the other side is gone")
        parts.append(part)
        missing -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def taken(heard: bytearray) -> tuple[Any, bytes] | None:
    """The first message of what was heard, which is taken from it; None while it is not whole. Raises Ended."""
    if len(heard) < LENGTHS.size:
        return None
    head, body = LENGTHS.unpack_from(heard)
    if body > MOST:
        raise Ended(f"a message of {body} bytes")
    begin, end = LENGTHS.size + head, LENGTHS.size + head + body
    if len(heard) < end:
        return None
    found = json.loads(heard[LENGTHS.size : begin]), bytes(heard[begin:end])
    del heard[:end]
    return found


class Messages:
    """What comes by a socket, read with as few calls of the system as it comes in pieces."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._heard = connection, bytearray()

    def next(self) -> tuple[Any, bytes]:
        """The next message. Raises Ended, and what the socket raises."""
        while (found := taken(self._heard)) is None:
            part = self._connection.recv(PART)
            if not part:
                raise Ended("the other side is gone")
            self._heard += part
        return found
