"""Tables' streams: each item's changes in their order, a batch again until it succeeds, and so perhaps doubled."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from simulation.aws.dynamodb import Record

SHARDS = 2
AGAIN_AFTER = 1.0
"""Seconds until a batch that failed is given again."""


@dataclass
class Shard:
    """Records that one reader has still to be given."""

    name: str
    records: list[Record] = field(default_factory=list)
    read: bool = False
    """Whether an actor is at it."""


class Streams:
    """Readers of tables' streams, each with shards of its own. `woken(shard, read)` is told that there is something to read."""

    def __init__(self, woken: Callable[[Shard, "Reader"], None]) -> None:
        self._woken = woken
        self._readers: list[Reader] = []

    def follow(self, reader: "Reader") -> None:
        self._readers.append(reader)

    def clear(self) -> None:
        for reader in self._readers:
            reader.shards.clear()

    def changed(self, table: str, records: list[Record]) -> None:
        """Hand each reader of the table what concerns it; an item's records always to the same shard."""
        for reader in self._readers:
            if table not in reader.tables:
                continue
            for record in filter(reader.wants, records):
                pk = record["dynamodb"]["Keys"]["pk"]["S"]
                name = f"{reader.name} {table}/{sum(pk.encode()) % SHARDS}"
                shard = reader.shards.setdefault(name, Shard(name))
                shard.records.append(record)
                if not shard.read:
                    shard.read = True
                    self._woken(shard, reader)


@dataclass
class Reader:
    """An event source of a function: which tables, which records, and the entry point. `give` raises if the batch must come again."""

    name: str
    tables: frozenset[str]
    wants: Callable[[Record], bool]
    give: Callable[[list[Record]], None]
    shards: dict[str, Shard] = field(default_factory=dict)

    def read_all(self, shard: Shard, random: Random, pause: Callable[[float], None]) -> None:
        """Give the shard's records, in batches, until none is left."""
        while shard.records:
            batch = shard.records[: random.randint(1, 10)]
            try:
                self.give(batch)
            except Exception:  # the event source gives the batch again, whatever it was
                pause(AGAIN_AFTER)
                continue
            del shard.records[: len(batch)]
        shard.read = False
