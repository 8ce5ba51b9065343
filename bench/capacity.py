"""What DynamoDB charges, by its documented rules and never by an emulator's own count. Pure; items are in its JSON, {"S": "text"}.

Sources: DynamoDB developer guide, "DynamoDB item sizes and formats", "Read and write operations" (capacity unit consumption),
"Global secondary indexes" (provisioned throughput considerations) and "DynamoDB transactions" (capacity management).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Mapping[str, Any]]
WRITE_UNIT, READ_UNIT = 1024, 4096
"""Bytes."""
MAX_NUMBER = 21
"""Bytes of a number with 38 significant digits."""


@dataclass(frozen=True)
class Index:
    """A global secondary index: its own key attributes, and what each entry holds (None: everything)."""

    keys: frozenset[str]
    projected: frozenset[str] | None

    def entry(self, item: Item | None) -> Item | None:
        """What the index holds of `item`; None if it lacks one of the index's keys."""
        if item is None or not item.keys() >= self.keys:
            return None
        return item if self.projected is None else {name: value for name, value in item.items() if name in self.projected}


@dataclass(frozen=True)
class Schema:
    """A table's key attributes and its indexes."""

    keys: frozenset[str]
    indexes: tuple[Index, ...] = ()

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Schema":
        """Read from DescribeTable's answer, or from a template's Properties."""
        keys = _names(table["KeySchema"])
        indexes = []
        for index in table.get("GlobalSecondaryIndexes", []):
            own, projection = _names(index["KeySchema"]), index["Projection"]
            everything = projection["ProjectionType"] == "ALL"
            indexes.append(Index(own, None if everything else keys | own | frozenset(projection.get("NonKeyAttributes", []))))
        return cls(keys, tuple(indexes))

    def key(self, item: Item) -> Item:
        """The primary key of `item`."""
        return {name: item[name] for name in self.keys}


def _names(key_schema: Iterable[Mapping[str, str]]) -> frozenset[str]:
    return frozenset(key["AttributeName"] for key in key_schema)


def size(item: Item | None) -> int:
    """An item's bytes: its attributes' names and values."""
    return sum(len(name.encode()) + value_size(value) for name, value in (item or {}).items())


def value_size(value: Mapping[str, Any]) -> int:
    """The bytes of one value. Lists and maps cost 3, and 1 for each element."""
    ((kind, held),) = value.items()
    if kind in ("L", "M"):
        elements = held if kind == "L" else held.values()
        names = () if kind == "L" else held
        return 3 + sum(1 + value_size(element) for element in elements) + sum(len(name.encode()) for name in names)
    if kind in ("SS", "NS", "BS"):
        return sum(value_size({kind[0]: one}) for one in held)
    if kind == "N":
        return _number_size(held)
    return {"S": lambda: len(held.encode()), "B": lambda: len(held)}.get(kind, lambda: 1)()


def _number_size(text: str) -> int:
    """One byte for two significant digits and one more; another for a minus."""
    digits = text.lower().partition("e")[0].lstrip("-").replace(".", "").strip("0")
    return min(-(-len(digits) // 2) + 1 + text.startswith("-"), MAX_NUMBER)


def write_units(old: Item | None, new: Item | None) -> int:
    """WCU of one write on the table: 1 for each begun KB of the larger image; a write that changes nothing costs the same."""
    return max(1, -(-max(size(old), size(new)) // WRITE_UNIT))


def index_units(index: Index, old: Item | None, new: Item | None) -> int:
    """WCU of what a write changes in an index: an entry put or removed, both if its key changed, or changed in place."""
    before, after = index.entry(old), index.entry(new)
    if before == after:
        return 0
    if before is None or after is None or all(before[key] == after[key] for key in index.keys):
        return write_units(before, after)
    return write_units(before, None) + write_units(None, after)


def charged(schema: Schema, old: Item | None, new: Item | None, *, transactional: bool = False) -> int:
    """WCU of one write with all that it does to the indexes. A transaction doubles the table's part; indexes follow later, once."""
    return write_units(old, new) * (2 if transactional else 1) + sum(index_units(index, old, new) for index in schema.indexes)


def read_units(bytes_: int, *, consistent: bool = False, transactional: bool = False) -> float:
    """RCU of one read: for each begun 4 KB 1 if strongly consistent, half of it if eventually, 2 in a transaction."""
    blocks = max(1, -(-bytes_ // READ_UNIT))
    return blocks * (2 if transactional else 1 if consistent else 0.5)
