"""What is done every few seconds goes on, though it failed once."""

import logging
from queue import SimpleQueue

import pytest

from local.mendings.functions.every import every


def test_it_is_done_after_each_pause_and_a_failure_is_said_and_ends_nothing(caplog: pytest.LogCaptureFixture):
    turns, slept, done = SimpleQueue[int](), SimpleQueue[float](), SimpleQueue[int]()

    def sleep(seconds: float) -> None:
        slept.put(seconds)
        turns.get()

    def do() -> None:
        done.put(0)
        raise ValueError("the first of many")

    with caplog.at_level(logging.ERROR):
        every(7.0, do, sleep)
        assert slept.get(timeout=20) == 7.0
        assert done.empty(), "a pause comes first"
        for turn in range(2):
            turns.put(turn)
            assert (done.get(timeout=20), slept.get(timeout=20)) == (0, 7.0)
    assert caplog.text.count("ValueError: the first of many") == 2
