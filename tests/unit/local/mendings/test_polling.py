"""Queues and streams are looked into at once after a rest, not faster than that pays, and never again without a reason."""

import threading

from local.mendings.polling import REST_SECONDS, Reader, step, woken_once


class World:
    """A clock that goes on when somebody sleeps, and what two readers find."""

    def __init__(self) -> None:
        self.now, self.looks, self.wake = 0.0, list[tuple[str, float]](), threading.Event()
        self.more = {"queues": 0, "streams": 0}
        self.readers = [
            Reader(lambda: self.look("queues"), 0.01, lambda: self.now),
            Reader(lambda: self.look("streams"), 0.1, lambda: self.now),
        ]

    def look(self, name: str) -> bool:
        self.looks.append((name, round(self.now, 3)))
        self.more[name] -= 1
        return self.more[name] >= 0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def steps(self, count: int) -> list[tuple[str, float]]:
        for _ in range(count):
            step(self.readers, self.wake, self.sleep)
        return self.looks


def test_what_comes_after_a_rest_is_looked_for_at_once():
    world = World()
    world.steps(1)
    world.now, world.looks = 5.0, []
    world.wake.set()
    assert world.steps(1) == [("queues", 5.0), ("streams", 5.0)]


def test_while_something_is_found_queues_are_looked_into_every_ten_milliseconds_and_streams_every_hundred():
    world = World()
    world.more = {"queues": 20, "streams": 3}
    looks = world.steps(14)
    assert [at for name, at in looks if name == "queues"][:12] == [round(n * 0.01, 3) for n in range(12)]
    assert [at for name, at in looks if name == "streams"][:2] == [0.0, 0.1]


def test_what_comes_meanwhile_is_looked_for_when_the_time_has_come():
    world = World()
    world.steps(1)
    world.now = 0.02
    world.wake.set()
    assert world.steps(2)[2:] == [("queues", 0.02), ("streams", 0.1)]


class Nothing(threading.Event):
    """Never comes; time goes on."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    def wait(self, timeout: float | None = None) -> bool:
        self._world.now += timeout or 0.0
        return False


def test_nobody_looks_without_a_reason_but_once_in_a_while():
    world = World()
    world.wake = Nothing(world)
    assert world.steps(3) == [("queues", 0.0), ("streams", 0.0), *[(name, at) for at in (1.0, 2.0) for name in ("queues", "streams")]]
    assert REST_SECONDS == 1.0


def test_a_look_that_fails_stops_no_other():
    world = World()

    def fail() -> bool:
        raise OSError("gone")

    world.readers.insert(0, Reader(fail, 0.01, lambda: world.now))
    assert world.steps(1) == [("queues", 0.0), ("streams", 0.0)]


def test_who_hears_that_something_came_wakes_the_others():
    world, other = World(), threading.Event()
    world.more["queues"] = 2
    world.wake.set()
    step(world.readers, world.wake, world.sleep, [other])
    assert other.is_set()
    other.clear()
    step(world.readers, world.wake, world.sleep, [other])
    assert not other.is_set(), "nothing new was heard"


def test_whoever_is_awake_is_woken_no_second_time_until_he_looks():
    class Counted(threading.Event):
        times = 0

        def set(self) -> None:
            self.times += 1
            super().set()

    event = Counted()
    wake = woken_once(event)
    wake()
    wake()
    assert (event.times, event.is_set()) == (1, True)
    event.clear()
    wake()
    assert (event.times, event.is_set()) == (2, True)
