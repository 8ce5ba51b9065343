"""Episodes of random calls, sent to the stand-in and to others alike; what is answered differently is kept."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from simulation.aws.tables import PLAYED, properties
from simulation.comparison.answers import Told, asked, essence
from simulation.comparison.calls import Call, Room

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
    errors: Counter[str] = field(default_factory=Counter)
    """The stand-in's refusals by their code, to see that both ways were tried."""


@dataclass(frozen=True)
class Other:
    """A place that is held to the stand-in. `same`: it is the same code, and must agree in every word and unit."""

    name: str
    client: Any
    same: bool


def make_tables(client: Any) -> None:
    """Make the tables that are played with, where nobody has made them yet."""
    for table in PLAYED:
        client.create_table(TableName=table, **properties(table))


def play(ours: Any, others: list[Other], seed: int, calls: int) -> Found:
    """Send at least so many calls of the seed to `ours` and each of the others."""
    found, number = Found(), 0
    while found.calls < calls:
        random = Random(f"{seed} {number}")
        _play_room(Room(random, random.choice(PLAYED), f"{seed}-{number}"), ours, others, found)
        number += 1
    return found


def _play_room(room: Room, ours: Any, others: list[Other], found: Found) -> None:
    for _ in range(IN_A_ROOM):
        call = room.next()
        told = asked(ours, call)
        found.calls += 1
        found.errors.update([told["Error"]["Code"]] if "Error" in told else [])
        for other in others:
            found.compared[other.name] += 1
            theirs = asked(other.client, call)
            if told != theirs and (other.same or essence(told) != essence(theirs)):
                found.differences.append(Difference(other.name, call, told, theirs))
        room.heard(call, told)
