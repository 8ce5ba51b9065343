"""Attribute values as stores write them, and those at the edges of what DynamoDB takes."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

Value = dict[str, Any]
NUMBERS = (
    "0", "1", "2", "3", "-1", "10", "100", "1.10", "007", "-0", "1E2", "0.5", "9" * 38, "-" + "9" * 38, "1E125", "1E-130",
    "12345678901234567890",
)  # fmt: skip
NO_NUMBERS = ("", "abc", "9" * 39, "1E126", "1E-131", "NaN", "Infinity", "0x10")
TEXTS = ("", "a", "b", "open", "paid", "cancelled", "évènement", "货物", "🛒", "a" * 300, '{"type":"monsoon.x"}', "\u0000", "\\")
FAR = 410_000
"""Bytes beyond what an item holds."""
CONTENT = ("state", "version", "quantity", "tags", "kinds", "size", "event", "flag", "nothing", "blob")


def number(random: Random, *, sound: bool = True) -> Value:
    return {"N": random.choice(NUMBERS[:8] if random.random() < 0.7 else NUMBERS) if sound else random.choice(NO_NUMBERS)}


def text(random: Random) -> Value:
    return {"S": random.choice(TEXTS[1:7] if random.random() < 0.7 else TEXTS)}


def some_set(random: Random) -> Value:
    """A set; now and then an empty one, or one with a member twice."""
    kind, members = random.choice((("SS", TEXTS[1:6]), ("NS", NUMBERS[:8])))
    found = random.sample(members, random.randint(1, 3))
    odd = random.random()
    return {kind: [] if odd < 0.02 else [*found, found[0]] if odd < 0.04 else found}


def value(random: Random, depth: int = 0) -> Value:
    """Any value, sound but for one in fifty."""
    if random.random() < 0.02:
        return random.choice((number(random, sound=False), {"S": "x" * FAR if random.random() < 0.1 else ""}))
    flat: Sequence[Callable[[], Value]] = (
        lambda: number(random), lambda: number(random), lambda: text(random), lambda: text(random), lambda: some_set(random),
        lambda: random.choice(({"BOOL": True}, {"BOOL": False}, {"NULL": True}, {"B": b"\x00\x01"}, {"B": b""})),
    )  # fmt: skip
    deep: Sequence[Callable[[], Value]] = (
        lambda: {"L": [value(random, depth + 1) for _ in range(random.randint(0, 3))]},
        lambda: {"M": {name: value(random, depth + 1) for name in random.sample(CONTENT, random.randint(0, 3))}},
    )
    return random.choice((*flat, *deep) if depth < 2 else flat)()


def expected_kind(random: Random, name: str) -> Value:
    """A value of the kind that stores write under `name`, most of the time."""
    if random.random() < 0.12:
        return value(random)
    kinds: dict[str, Callable[[], Value]] = {
        "version": lambda: {"N": str(random.randint(0, 5))},
        "quantity": lambda: {"N": str(random.randint(0, 5))},
        "tags": lambda: {"L": [text(random) for _ in range(random.randint(0, 3))]},
        "kinds": lambda: some_set(random),
        "size": lambda: {"M": {"length": number(random), "state": text(random)}},
        "flag": lambda: {"BOOL": random.random() < 0.5},
        "nothing": lambda: {"NULL": True},
        "blob": lambda: {"B": random.randbytes(random.randint(1, 4))},
    }
    return kinds.get(name, lambda: text(random))()
