"""Actors take turns as the seed says, time passes only when all wait, and a process that dies takes nothing with it but itself."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from simulation.turns.history import History
from simulation.turns.scheduler import Endless, ProcessDied, Scheduler
from simulation.turns.virtual_clock import VirtualClock

START = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)


def scheduler(seed: int = 0) -> tuple[Scheduler, VirtualClock]:
    clock = VirtualClock(START)
    return Scheduler(Random(seed), clock, History(clock)), clock


def order_of(seed: int) -> list[str]:
    made, _ = scheduler(seed)
    seen: list[str] = []

    def act(name: str) -> None:
        for step in range(3):
            seen.append(f"{name}{step}")
            made.turn()

    for name in "abc":
        made.spawn(name, lambda name=name: act(name))  # type: ignore[misc]
    made.run()
    return seen


def test_the_same_seed_gives_the_same_turns_and_another_gives_others():
    assert order_of(1) == order_of(1)
    assert len({tuple(order_of(seed)) for seed in range(20)}) > 10


def test_a_day_costs_nothing_and_who_sleeps_shorter_wakes_first():
    made, clock = scheduler()
    woken: list[tuple[str, datetime]] = []

    def sleep(name: str, seconds: float) -> None:
        made.sleep(seconds)
        woken.append((name, clock()))

    made.spawn("long", lambda: sleep("long", 86_400))
    made.spawn("short", lambda: sleep("short", 1))
    made.run()
    assert woken == [("short", START + timedelta(seconds=1)), ("long", START + timedelta(days=1))]


def test_no_handler_of_exceptions_survives_its_process():
    made, _ = scheduler()
    after: list[str] = []

    def act() -> None:
        try:
            raise ProcessDied
        except Exception:  # as the code under test has them
            after.append("lived on")

    made.spawn("a", act)
    made.spawn("b", lambda: after.append("b"))
    made.run()
    assert after == ["b"]


def test_what_nobody_expected_ends_the_schedule():
    made, _ = scheduler()

    def fail() -> None:
        raise KeyError("what")

    made.spawn("a", fail)
    with pytest.raises(KeyError):
        made.run()


def test_a_schedule_that_goes_round_in_circles_is_ended():
    made, _ = scheduler()

    def circle() -> None:
        while True:
            made.turn()

    made.spawn("a", circle)
    with pytest.raises(Endless):
        made.run()
