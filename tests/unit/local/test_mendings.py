"""The emulator's state across a stop: nothing that was on its way is lost, nothing is taken up that cannot be finished."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.templates import ROOT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(Path(__file__).with_name("emulated.py")), *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


def emulated(part: str) -> Any:
    done = run(part)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_stream_records_that_an_older_version_kept_are_read_from_the_first():
    assert emulated("older") == {"unread": ["3", "4"], "first": 0}


def test_messages_that_a_stop_cuts_off_are_due_at_once_as_if_nobody_had_taken_them():
    found = emulated("cut_off")
    assert found["while"] == [{"AuditQueue": 3}], "what functions work on is waited for"
    assert (found["after"], found["received"]) == ({"AuditQueue": 2}, [0, 0])


def test_nothing_is_taken_up_once_the_stop_has_begun():
    assert emulated("no_more") == ["queues"]


@pytest.mark.parametrize(("whether", "status"), [("yes", 0), ("no", 1)])
def test_the_emulator_ends_when_its_new_base_is_written_and_its_status_says_whether_it_was(whether: str, status: int):
    assert run("written", whether).returncode == status


def test_a_table_of_a_nested_stack_that_an_upgrade_changes_is_the_same_with_all_that_it_holds():
    assert emulated("upgraded") == {"the same": True, "items": 1}
