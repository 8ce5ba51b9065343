"""What the emulator lets pass and DynamoDB refuses, or answers otherwise: services' calls are held to it in every schedule.

The comparison with moto found each (simulation/comparison/known.py, with AWS's pages).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations
from typing import Any

from simulation.aws.tables import KEYS, properties

PATH = r"[#\w]+(?:\[\d+\]|\.[#\w]+)*"


class NotOnAws(AssertionError):
    """DynamoDB would not answer this call as the emulator does."""


def hold(raw: Mapping[str, Any]) -> None:
    """Raises NotOnAws for a call that DynamoDB refuses, or whose filter it reads otherwise."""
    for about in (raw, *(action for item in raw.get("TransactItems", ()) for action in item.values())):
        if "IndexName" in about and "FilterExpression" in about:
            _hold_filter(about)
        if "UpdateExpression" in about:
            _hold_update(about)
        for value in about.get("ExpressionAttributeValues", {}).values():
            if any(kind in value and not value[kind] for kind in ("SS", "NS", "BS")):
                raise NotOnAws("an expression names an empty set")


def _hold_filter(about: Mapping[str, Any]) -> None:
    """A filter sees what its index holds: all else is to it as if it were not there."""
    names = about.get("ExpressionAttributeNames", {})
    held = _held(about["TableName"], about["IndexName"])
    used = {names.get(word, word) for word in re.findall(r"(?<!\.)#\w+", about["FilterExpression"])}
    if held is not None and used - held:
        raise NotOnAws(f"{about['IndexName']} of {about['TableName']} does not hold {sorted(used - held)}, by which it is filtered")


@cache
def _held(table: str, index: str) -> frozenset[str] | None:
    """The attributes that an index holds; None: all of them."""
    told = next(each for each in properties(table)["GlobalSecondaryIndexes"] if each["IndexName"] == index)
    if told["Projection"]["ProjectionType"] == "ALL":
        return None
    own = (key["AttributeName"] for key in told["KeySchema"])
    return frozenset((*KEYS, *own, *told["Projection"].get("NonKeyAttributes", ())))


def _hold_update(about: Mapping[str, Any]) -> None:
    """An update changes no key, and nothing twice."""
    names = about.get("ExpressionAttributeNames", {})
    paths = [re.sub(r"#\w+", lambda found: str(names[found[0]]), path) for path in _targets(about["UpdateExpression"])]
    if set(paths) & set(KEYS):
        raise NotOnAws(f"an update sets a key: {about['UpdateExpression']}")
    for one, other in combinations(sorted(paths), 2):
        if one == other or other.startswith((f"{one}.", f"{one}[")):
            raise NotOnAws(f"an update changes {one} and {other}")


def _targets(expression: str) -> Iterator[str]:
    _, *parts = re.split(r"\b(SET|REMOVE|ADD|DELETE)\b", expression)
    for clause, text in zip(parts[::2], parts[1::2], strict=True):
        yield from re.findall(rf"({PATH})\s*=" if clause == "SET" else rf"(?:^|,)\s*({PATH})", text)
