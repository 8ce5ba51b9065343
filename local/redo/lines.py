"""The lines of a redo log: each holds what one call changed, whole or not at all.

`1a2b3c4d [["put", …], ["record", …]]`: the checksum (CRC-32) of what follows it, and changes in their order, as JSON without line breaks.
"""

import json
import zlib
from collections.abc import Iterable
from typing import Any

Change = list[Any]
"""What happened, then to what: `["put", table, partition key, sort key, item]`. `Kept.apply` knows all."""
CHECKSUM = 8


def line(changes: Iterable[str]) -> bytes:
    """The line of changes that are JSON already."""
    text = f"[{','.join(changes)}]".encode()
    return b"%08x %b\n" % (zlib.crc32(text), text)


def changes_of(raw: bytes) -> list[Change] | None:
    """What a line says; None if its writing was cut off, or it was damaged."""
    text = raw[CHECKSUM + 1 : -1]
    if raw != b"%08x %b\n" % (zlib.crc32(text), text):
        return None
    found: list[Change] = json.loads(text)
    return found
