"""Episodes of random calls, sent to the stand-in and to others alike; what is answered differently is kept."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from simulation.aws.tables import PLAYED, properties
from simulation.comparison.answers import Told, asked, essence
from simulation.comparison.calls import Call, Room
from simulation.comparison.known import LEFT_BEHIND, Known, known

IN_A_ROOM = 60
"""Calls of one episode."""


@dataclass(frozen=True)
class Difference:
    """A call that two places answered differently."""

    place: str
    call: Call
    ours: Told
    theirs: Told


@dataclass
class Found:
    """What a comparison found."""

    calls: int = 0
    compared: Counter[str] = field(default_factory=Counter)
    """Place → answers of it that were compared."""
    differences: list[Difference] = field(default_factory=list)
    known: Counter[Known] = field(default_factory=Counter)
    """How often which known difference was seen."""
    errors: Counter[str] = field(default_factory=Counter)
    """The stand-in's refusals by their code, to see that both ways were tried."""


@dataclass(frozen=True)
class Other:
    """A place that is held to the stand-in. `same`: it is the same code, and must agree in every word and unit; where another differs in
    a known way it is brought level again."""

    name: str
    client: Any
    same: bool


def make_tables(client: Any) -> None:
    """Make the tables that are played with, where nobody has made them yet."""
    for table in PLAYED:
        client.create_table(TableName=table, **properties(table))


def play(ours: Any, others: list[Other], seed: int, calls: int, room: int = 0) -> Found:
    """Send at least so many calls of the seed, from one of its rooms on, to `ours` and each of the others."""
    found, number = Found(), room
    while found.calls < calls:
        random = Random(f"{seed} {number}")
        _play_room(Room(random, random.choice(PLAYED), f"{seed}-{number}"), ours, others, found)
        number += 1
    return found


def _play_room(room: Room, ours: Any, others: list[Other], found: Found) -> None:
    present = list(others)
    for _ in range(IN_A_ROOM):
        call = room.next()
        told = asked(ours, call)
        found.calls += 1
        found.errors.update([told["Error"]["Code"]] if "Error" in told else [])
        for other in list(present):
            found.compared[other.name] += 1
            theirs = asked(other.client, call)
            if told != theirs and not _agree(found, other, Difference(other.name, call, told, theirs)):
                present.remove(other)  # what comes after in this room is no comparison any more
            elif not other.same and not _level(room, ours, other.client, Difference(other.name, call, told, theirs), found):
                present.remove(other)
        room.heard(call, told)
    for other in others:
        if not other.same:
            other.client.delete_table(TableName=room.table)  # moto's transactions take as long as its tables are
            other.client.create_table(TableName=room.table, **properties(room.table))


def _agree(found: Found, other: Other, unlike: Difference) -> bool:
    """Whether the answers are the same as far as they must be, or differ in a known way."""
    if not other.same and essence(unlike.ours) == essence(unlike.theirs):
        return True
    how = None if other.same else known(unlike.call, unlike.ours, unlike.theirs)
    if how is None:
        found.differences.append(unlike)
        return False
    found.known[how] += 1
    return not how.last


def _level(room: Room, ours: Any, client: Any, heard: Difference, found: Found) -> bool:
    """Bring another place's items of the room to the stand-in's, where a call may have left them otherwise. False where it cannot."""
    same, refused = heard.ours == heard.theirs, "Error" in heard.ours
    if same and not refused and heard.call.operation != "BatchWriteItem":
        return True
    try:
        brought = [_bring(room.table, pk, ours, client) for pk in room.partitions]
    except Exception:  # it does not take what the stand-in holds, or falls over it
        return False
    found.known.update([LEFT_BEHIND] if same and refused and any(brought) else [])
    return True


def _bring(table: str, pk: str, ours: Any, client: Any) -> bool:
    """Answers whether anything was otherwise."""
    asked_for: dict[str, Any] = {
        "TableName": table, "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": pk}}, "ConsistentRead": True,
    }  # fmt: skip
    have, there = ({item["sk"]["S"]: item for item in place.query(**asked_for)["Items"]} for place in (ours, client))
    gone, otherwise = there.keys() - have.keys(), [item for sk, item in have.items() if there.get(sk) != item]
    for sk in gone:
        client.delete_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})
    for item in otherwise:
        client.put_item(TableName=table, Item=item)
    return bool(gone or otherwise)
