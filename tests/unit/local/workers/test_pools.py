"""A function has a few workers: the last used first, whoever finds none free waits, idle ones end."""

import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.core import lambda_runtime

from local.mendings.functions import pools

CONFIG = {
    "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:fun", "FunctionName": "fun", "Runtime": "nodejs20.x", "Timeout": 1,
}  # fmt: skip
"""Of a runtime whose processes are begun with their first call: none is here."""


@pytest.fixture(autouse=True)
def no_pools() -> Iterator[None]:
    yield
    lambda_runtime._workers.clear()


PATIENT = CONFIG | {"Timeout": 30}
"""Of who is never throttled here, however busy this machine is."""


def acquire(most: int | None = 2, config: dict[str, Any] = PATIENT, **more: Any) -> tuple[Any, str]:
    return pools.acquire("fun", config, b"", max_concurrency=most, **more)


def test_the_worker_that_was_used_last_is_taken_first():
    (one, _), (two, _) = acquire(), acquire()
    one.last_used, two.last_used = 1.0, 2.0
    for worker in (two, one):
        worker.in_use = False
    assert acquire() == (two, "reused")


def test_there_are_no_more_than_may_be_and_who_waits_gets_the_next_that_is_given_back():
    (one, _), (two, _) = acquire(), acquire()
    assert one is not two
    threading.Timer(0.1, pools.release, [one]).start()
    assert acquire() == (one, "reused")
    assert len(next(iter(lambda_runtime._workers.values()))) == 2


def test_who_waits_longer_than_the_function_may_take_is_throttled():
    acquire(1)
    started = time.monotonic()
    assert acquire(1, CONFIG) == (None, "func_cap")
    assert time.monotonic() - started >= CONFIG["Timeout"]


def test_where_all_of_them_hang_one_more_is_made_for_whoever_waits():
    stuck, looks = [acquire(None)[0] for _ in range(pools.MOST)], list[int]()

    def nothing_done(pool: list[Any]) -> list[float]:
        looks.append(len(pool))
        return [0.0] * len(pool)

    more, how = acquire(None, look=nothing_done)
    assert (how, more in stuck, looks) == ("spawn", False, [pools.MOST] * 2), "who did nothing between two looks hangs"
    pools.release(more)
    assert acquire(None) == (more, "reused"), "and it serves whoever comes next at once"


def test_where_they_are_given_back_no_more_are_made_however_many_wait():
    (one, _), (two, _) = acquire(None), acquire(None)
    assert pools.MOST == 2
    taken: list[str] = []

    def ask() -> None:
        worker, how = acquire(None)
        taken.append(how)
        time.sleep(0.01)
        pools.release(worker)

    waiting = [threading.Thread(target=ask) for _ in range(40)]
    for thread in waiting:
        thread.start()
    pools.release(one)
    pools.release(two)
    for thread in waiting:
        thread.join(20)
    assert taken == ["reused"] * 40


def test_who_had_nothing_to_do_for_so_long_is_ended_and_who_works_is_not():
    (idle, _), (busy, _) = acquire(), acquire()
    pools.release(idle)
    assert pools.end_idle(3600) == 0
    assert pools.end_idle(0) == 1
    assert list(lambda_runtime._workers.values()) == [[busy]]


def test_workers_that_are_slow_but_busy_are_waited_for_and_no_more_are_made():
    (one, _), (two, _) = acquire(None), acquire(None)
    done = [0.0, 5.0]

    def one_works(pool: list[Any]) -> list[float]:
        """A hundredth of a second at each look, until it is done."""
        done[0] += 0.01
        if done[0] > 0.04:
            threading.Thread(target=pools.release, args=[one]).start()
        return list(done)

    assert acquire(None, look=one_works) == (one, "reused")
    assert next(iter(lambda_runtime._workers.values())) == [one, two]


def test_what_a_worker_does_is_seen_by_its_process_and_one_without_does_nothing():
    class Process:
        pid = os.getpid()

    (works, _), (without, _) = acquire(None), acquire(None)
    works._proc = Process()
    before, until = pools.done([works, without]), time.process_time() + 0.05
    while time.process_time() < until:
        pass
    after = pools.done([works, without])
    assert (after[0] > before[0], before[1], after[1]) == (True, 0.0, 0.0)


def test_a_worker_that_was_called_once_is_ended_after_a_quarter_of_the_time():
    (once, _), (often, _) = acquire(), acquire()
    for worker in (once, often, often):
        pools.release(worker)
    once.last_used = often.last_used = time.time() - 6
    assert (pools.end_idle(20), pools.end_idle(20)) == (1, 0)
    assert next(iter(lambda_runtime._workers.values())) == [often]
