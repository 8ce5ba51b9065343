"""What a restored table lacks of the table as it is now, and where it is older. Pure; items as DynamoDB's API gives them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Raw = Mapping[str, Mapping[str, Any]]
"""An item: attribute → `{type: value}`."""
Key = tuple[str, str]
"""Partition key and sort key; every table of the hub has both, of strings."""
VERSIONS = ("version", "ver")
"""The attribute by which an item counts its changes; payments keep it short."""


@dataclass(frozen=True)
class TableDifference:
    """The keys of a table's items, by what became of them in the restored one. `same` is a number: they are most."""

    same: int
    lost: frozenset[Key]
    """They came after the backup."""
    older: frozenset[Key]
    """They were changed after the backup, or their version does not say."""
    newer: frozenset[Key]
    """The restored one has the higher version: what stands now was itself restored, or damaged."""
    back: frozenset[Key]
    """They were deleted after the backup, and are there again: what ends by time ends again, all else is to be looked at."""


def difference(now: Iterable[Raw], restored: Iterable[Raw]) -> TableDifference:
    """Compare a table with its restored one, item by item; a set's order and an item's order of attributes do not count."""
    mine, theirs = _by_key(now), _by_key(restored)
    both = mine.keys() & theirs.keys()
    changed = {key for key in both if _plain(mine[key]) != _plain(theirs[key])}
    newer = {key for key in changed if _version(theirs[key]) > _version(mine[key])}
    return TableDifference(
        same=len(both) - len(changed),
        lost=frozenset(mine.keys() - theirs.keys()),
        older=frozenset(changed - newer),
        newer=frozenset(newer),
        back=frozenset(theirs.keys() - mine.keys()),
    )


def _by_key(items: Iterable[Raw]) -> dict[Key, Raw]:
    return {(str(item["pk"]["S"]), str(item["sk"]["S"])): item for item in items}


def _version(item: Raw) -> int:
    return next((int(item[name]["N"]) for name in VERSIONS if name in item), 0)


def _plain(item: Raw) -> dict[str, Any]:
    return {name: {kind: sorted(v) if kind in ("SS", "NS", "BS") else v for kind, v in value.items()} for name, value in item.items()}
