"""The emulator with a redo log: whatever was done to its services is there after a kill, whole, and its events are."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.templates import ROOT
from local.redo.files import RedoFiles

pytestmark = pytest.mark.thorough
"""The emulator's modules are started for each."""


def emulated(folder: Path, *steps: str) -> list[Any]:
    """What each step says, one after another, with a kill after each."""
    command = [sys.executable, str(Path(__file__).with_name("emulated.py")), str(folder), *steps]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'sdk'}"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(said) == len(steps)
    return said


@pytest.mark.parametrize("seed", [1, 3, 6])
def test_what_was_done_before_a_kill_is_there_after_it_three_times_in_a_row(tmp_path: Path, seed: int):
    """Seeds that three divides write a new base on the way."""
    said = emulated(tmp_path, *(step for again in range(3) for step in (f"write:{seed + 3 * again}", "read")))
    for before, after in zip(said[::2], said[1::2], strict=True):
        assert len(before["items"]) > 1
        assert after == before
    assert len(said[-1]["pools"]) == 3
    assert RedoFiles(tmp_path / "state" / "redo").base == (0 if seed == 1 else 6)


def test_what_an_older_version_left_is_taken_over_once_and_is_there_after_a_kill_in_the_middle_of_that(tmp_path: Path):
    state = tmp_path / "state"
    (left,) = emulated(tmp_path, "older")
    files = {path.name: path.read_bytes() for path in state.glob("*.json")}
    for found in emulated(tmp_path, "read", "half", "read"):
        assert found | {"read": left["read"]} == left, "its readers begin with the first record that none had read"
    assert (len(left["unread"]), found["read"]) == (14, 0)
    assert {path.name: path.read_bytes() for path in state.glob("*.json")} == files, "nothing is taken away before all is in a base"
    before, after = emulated(tmp_path, "write", "read")
    assert list(state.glob("*.json")) == []
    assert set(left["items"]) & set(before["items"]), "it goes on with them"
    assert after == before


def test_the_api_asks_people_to_come_back_until_what_they_do_is_kept(tmp_path: Path):
    ((before, after),) = emulated(tmp_path, "closed")
    assert before == [False, 503, 200, True]
    assert after == [True, 404, 200, False], "there is no such API"
