"""What the emulator lets pass and DynamoDB refuses, or answers otherwise: services' calls are held to it in every schedule.

The comparison with moto found each (simulation/comparison/known.py, with AWS's pages).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import combinations
from typing import Any

from simulation.aws.tables import KEYS, properties

Names = tuple[tuple[str, str], ...]
"""Placeholders, each with the name that it stands for."""
SETS = frozenset({"SS", "NS", "BS"})
UPDATES = 1000
"""Updates whose check is remembered: those of running totals name moments, and are hardly ever seen again."""
PATH = r"[#\w]+(?:\[\d+\]|\.[#\w]+)*"


class NotOnAws(AssertionError):
    """DynamoDB would not answer this call as the emulator does."""


def hold(raw: Mapping[str, Any]) -> None:
    """Raises NotOnAws for a call that DynamoDB refuses, or whose filter it reads otherwise."""
    for about in (raw, *(action for item in raw.get("TransactItems", ()) for action in item.values())):
        names = tuple(about.get("ExpressionAttributeNames", {}).items())
        if "IndexName" in about and "FilterExpression" in about:
            _hold_filter(about["TableName"], about["IndexName"], about["FilterExpression"], names)
        if "UpdateExpression" in about:
            _hold_update(about["UpdateExpression"], names)
        for value in about.get("ExpressionAttributeValues", {}).values():
            for kind in SETS & value.keys():
                if not value[kind]:
                    raise NotOnAws("an expression names an empty set")


@cache
def _hold_filter(table: str, index: str, expression: str, names: Names) -> None:
    """A filter sees what its index holds: all else is to it as if it were not there."""
    named, held = dict(names), _held(table, index)
    used = {named.get(word, word) for word in re.findall(r"(?<!\.)#\w+", expression)}
    if held is not None and used - held:
        raise NotOnAws(f"{index} of {table} does not hold {sorted(used - held)}, by which it is filtered")


def _held(table: str, index: str) -> frozenset[str] | None:
    """The attributes that an index holds; None: all of them."""
    told = next(each for each in properties(table)["GlobalSecondaryIndexes"] if each["IndexName"] == index)
    if told["Projection"]["ProjectionType"] == "ALL":
        return None
    own = (key["AttributeName"] for key in told["KeySchema"])
    return frozenset((*KEYS, *own, *told["Projection"].get("NonKeyAttributes", ())))


@lru_cache(UPDATES)
def _hold_update(expression: str, names: Names) -> None:
    """An update changes no key, and nothing twice."""
    named = dict(names)
    paths = [re.sub(r"#\w+", lambda found: named[found[0]], path) for path in _targets(expression)]
    if set(paths) & set(KEYS):
        raise NotOnAws(f"an update sets a key: {expression}")
    for one, other in combinations(sorted(paths), 2):
        if one == other or other.startswith((f"{one}.", f"{one}[")):
            raise NotOnAws(f"an update changes {one} and {other}")


def _targets(expression: str) -> Iterator[str]:
    _, *parts = re.split(r"\b(SET|REMOVE|ADD|DELETE)\b", expression)
    for clause, text in zip(parts[::2], parts[1::2], strict=True):
        yield from re.findall(rf"({PATH})\s*=" if clause == "SET" else rf"(?:^|,)\s*({PATH})", text)
