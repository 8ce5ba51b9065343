"""Snapshots of the index: a new process begins with the newest one, and reads only what has changed since.

`index/<schema>/<moment>.zip` holds the engine's files and `tail.json`, which says how far the log had been read;
`index/<schema>/current.json` names the newest ones and is written last, so that a reader finds a whole one or the one before.
"""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from functions.storefronts.index.index_replica import Log, ReadPositions, ShardReading, WritableIndex, catch_up, unread

TAIL = "tail.json"
FILE = re.compile(r"\.?[A-Za-z0-9_-][A-Za-z0-9_.-]{0,78}")
"""What the engine calls its files; nothing else is unpacked."""
KEPT = 3
"""The newest snapshots that stay: a reader may still be at one that is no longer the newest."""


class ClosableIndex(WritableIndex, Protocol):
    folder: Path

    def close(self) -> None:
        """Write everything down."""
        ...


class Objects(Protocol):
    """Where snapshots lie: S3, or a dict in a test."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, body: bytes) -> None: ...

    def delete(self, key: str) -> None: ...


class Snapshots:
    """The snapshots of one schema of the engine."""

    def __init__(self, objects: Objects, schema: int) -> None:
        self._objects, self._prefix = objects, f"index/{schema}"

    def unpack(self, folder: Path) -> ReadPositions:
        """Put the newest snapshot's files into `folder`, which is empty. Answers how far the log had been read for it."""
        names = self._names()
        body = self._objects.get(names[-1]) if names else None
        if body is None:
            return unread()
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                if FILE.fullmatch(name) and name != TAIL:
                    (folder / name).write_bytes(archive.read(name))
            held = json.loads(archive.read(TAIL))
        return [ShardReading(each["reached"], {product_id: tuple(kept) for product_id, kept in each["applied"].items()}) for each in held]

    def pack(self, folder: Path, positions: ReadPositions, now: datetime) -> None:
        """Make the files in `folder` the newest snapshot."""
        told = [{"reached": reading.reached, "applied": reading.applied} for reading in positions]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(p for p in folder.iterdir() if p.is_file() and not p.name.endswith(".lock")):
                archive.write(path, path.name)
            archive.writestr(TAIL, json.dumps(told, separators=(",", ":")))
        names = [*self._names(), f"{self._prefix}/{now:%Y%m%dT%H%M%S}.zip"]
        self._objects.put(names[-1], out.getvalue())
        self._objects.put(f"{self._prefix}/current.json", json.dumps(names[-KEPT:]).encode())
        for name in names[:-KEPT]:
            self._objects.delete(name)

    def _names(self) -> list[str]:
        """The snapshots there are, the newest last."""
        return list(json.loads(self._objects.get(f"{self._prefix}/current.json") or b"[]"))


def write_snapshot(snapshots: Snapshots, folder: Path, opened: Callable[[Path], ClosableIndex], log: Log, now: datetime) -> int:
    """Bring the newest snapshot up to date in `folder`, which is empty and goes, and keep it as a new one if anything has changed.

    Answers how many changes there were.
    """
    try:
        positions = snapshots.unpack(folder)
        index = opened(folder)
        changes = catch_up(index, log, positions)
        index.close()
        if changes:
            snapshots.pack(folder, positions, now)
    finally:
        shutil.rmtree(folder)
    return changes
