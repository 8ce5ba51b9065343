"""A function's process that holds more than its MemorySize is ended, and that is said."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from ministack.core import lambda_runtime

from local.mendings.functions import memory_limits


@dataclass
class Worker:
    """As the emulator's, as far as it is asked here."""

    _proc: Any
    config: dict[str, Any] = field(default_factory=lambda: {"MemorySize": 128})
    func_name: str = "monsoon-local-OrdersApi-1A2B"
    in_use: bool = True


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    """It holds some 200 MB."""
    code = "held = bytearray(200 << 20); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as made:
        assert made.stdout is not None
        assert made.stdout.readline() == "held\n"
        yield made
        made.kill()


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    lambda_runtime._workers.clear()
    memory_limits.news()


def test_one_that_holds_what_it_may_goes_on(process: subprocess.Popen[str]):
    assert memory_limits.end_grown(Worker(process), 128.0, "after its call") == ""
    assert (process.poll(), memory_limits.news()) == (None, [])


def test_one_that_grew_in_a_call_is_ended_after_it_and_said_once(process: subprocess.Popen[str]):
    told = memory_limits.end_grown(Worker(process), 128.4, "after its call")
    assert told.startswith("OrdersApi grew to 128 MB, and has 128 MB (MemorySize): its process was ended after its call")
    assert process.wait(20) != 0
    assert (memory_limits.news(), memory_limits.news()) == ([told.strip()], [])


def test_one_that_grows_in_a_call_is_ended_before_that_is_over(process: subprocess.Popen[str]):
    lambda_runtime._workers["orders"] = [Worker(process)]
    memory_limits.look()
    assert process.wait(20) != 0
    (told,) = memory_limits.news()
    assert "its process was ended in the middle of a call" in told


def test_one_that_has_more_to_take_or_nothing_to_do_is_left_in_peace(process: subprocess.Popen[str]):
    lambda_runtime._workers["orders"] = [Worker(process, {"MemorySize": 1024}), Worker(process, in_use=False), Worker(None)]
    memory_limits.look()
    assert (process.poll(), memory_limits.news()) == (None, [])
