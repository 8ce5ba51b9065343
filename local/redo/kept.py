"""What a redo log says that there is: its changes, applied one after another. Pure: it knows no emulator."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from local.redo.files import Unreadable
from local.redo.lines import Change

Item = dict[str, Any]
Message = dict[str, Any]
Record = dict[str, Any]
OLD, NEW = "OldImage", "NewImage"


@dataclass
class Stream:
    """The records of a table's stream that are kept, and the position of the first: positions count from the table's first record."""

    first: int = 0
    records: list[Record] = field(default_factory=list)

    def add(self, position: int, record: Record) -> None:
        """The record at `position`; one that is there already stays."""
        end = self.first + len(self.records)
        if not self.records and position > end:
            self.first = end = position
        if position > end:
            raise Unreadable(f"a stream's records {end} to {position - 1} are missing")
        if position == end:
            self.records.append(record)


@dataclass
class Kept:
    """Applying a change twice leaves what applying it once did, and so does a run of changes that begins with one of its own."""

    states: dict[str, str] = field(default_factory=dict)
    """Each service's state, by its name: all that the rest does not hold, as JSON."""
    items: dict[str, dict[str, dict[str, Item]]] = field(default_factory=dict)
    """By table (its ARN), partition key, sort key."""
    streams: dict[str, Stream] = field(default_factory=dict)
    """By table."""
    read: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """How far each reader of a stream has come, by account, region, mapping."""
    messages: dict[tuple[str, str, str], dict[str, Message]] = field(default_factory=dict)
    """By queue (account, region, address), then by id, the first sent first."""
    _changed: dict[str, tuple[Item | None, Item | None]] = field(default_factory=dict, repr=False)
    """Each table's last change: what was there, what is."""

    def apply(self, changes: Iterable[Change]) -> "Kept":
        """Raises Unreadable at a change that it does not know."""
        for kind, *told in changes:
            how = APPLIED.get(kind)
            if how is None:
                raise Unreadable(f"it tells of {kind!r}, which this version does not know")
            how(self, *told)
        return self

    def _redo(self, _version: int) -> None:
        """A file's head."""

    def _state(self, service: str, state: str) -> None:
        self.states[service] = state

    def _put(self, table: str, partition: str, sort: str, item: Item) -> None:
        there = self.items.setdefault(table, {}).setdefault(partition, {})
        self._changed[table] = (there.get(sort), item)
        there[sort] = item

    def _delete(self, table: str, partition: str, sort: str) -> None:
        there = self.items.get(table, {}).get(partition, {})
        self._changed[table] = (there.pop(sort, None), None)

    def _record(self, table: str, position: int, record: Record, images: list[str]) -> None:
        """A stream's record; its `images` are those of the change before it in the line, and are not said twice."""
        before = dict(zip((OLD, NEW), self._changed.get(table, (None, None)), strict=True))
        told = record["dynamodb"] | {image: before[image] for image in images}
        self.streams.setdefault(table, Stream()).add(position, record | {"dynamodb": told})

    def _first(self, table: str, position: int) -> None:
        """Where a base's records of a stream begin."""
        self.streams[table] = Stream(position)

    def _closed(self, table: str) -> None:
        """The stream is another's from now on: a new one begins at 0."""
        self.streams.pop(table, None)

    def _emptied(self, table: str) -> None:
        self.items.pop(table, None)

    def _dropped(self, table: str) -> None:
        self._closed(table)
        self._emptied(table)

    def _read_to(self, account: str, region: str, reader: str, position: int) -> None:
        self.read[account, region, reader] = position

    def _sent(self, account: str, region: str, queue: str, message: Message) -> None:
        self.messages.setdefault((account, region, queue), {})[message["id"]] = message

    def _gone(self, account: str, region: str, queue: str, ids: list[str]) -> None:
        there = self.messages.get((account, region, queue), {})
        for message in ids:
            there.pop(message, None)


APPLIED: dict[str, Callable[..., None]] = {
    "redo": Kept._redo, "state": Kept._state, "put": Kept._put, "delete": Kept._delete, "record": Kept._record, "first": Kept._first,
    "closed": Kept._closed, "emptied": Kept._emptied, "dropped": Kept._dropped, "read": Kept._read_to, "sent": Kept._sent,
    "gone": Kept._gone,
}  # fmt: skip
"""Every kind of change."""
