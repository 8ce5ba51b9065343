"""The emulator's state across a stop: nothing that was on its way is lost, nothing is taken up that cannot be finished."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hubclient.people import CONFIRMATION_CODE
from infra.templates import ROOT

PARTS = ("older", "cut_off", "no_more", "upgraded", "kept_lean", "written", "unwritten", "codes")


@cache
def told() -> dict[str, tuple[int, Any]]:
    """Each part's exit status and what it found: one start of the emulator's modules for all."""
    command = [sys.executable, str(Path(__file__).with_name("emulated.py")), *PARTS]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return dict(zip(PARTS, map(json.loads, done.stdout.splitlines()), strict=True))


def emulated(part: str) -> Any:
    status, found = told()[part]
    assert status == 0
    return found


def test_stream_records_that_an_older_version_kept_are_read_from_the_first():
    assert emulated("older") == {"unread": ["3", "4"], "first": 0}


def test_messages_that_a_stop_cuts_off_are_due_at_once_as_if_nobody_had_taken_them():
    found = emulated("cut_off")
    assert found["while"] == [{"AuditQueue": 3}], "what functions work on is waited for"
    assert (found["after"], found["received"]) == ({"AuditQueue": 2}, [0, 0])


def test_nothing_is_taken_up_once_the_stop_has_begun():
    assert emulated("no_more") == ["queues"]


@pytest.mark.parametrize(("part", "status"), [("written", 0), ("unwritten", 1)])
def test_the_emulator_ends_when_its_new_base_is_written_and_its_status_says_whether_it_was(part: str, status: int):
    assert told()[part] == [status, None]


def test_a_table_of_a_nested_stack_that_an_upgrade_changes_is_the_same_with_all_that_it_holds():
    assert emulated("upgraded") == {"the same": True, "items": 1}


def test_an_item_that_shares_what_it_says_with_another_is_not_changed_with_it():
    found = emulated("kept_lean")
    assert found["left"] == {"pk": {"S": "left"}} | found["says"]
    changed = {"n": {"N": "2"}, "m": {"M": {}}, "l": {"L": [{"S": "z"}, {"S": "y"}]}, "t": {"SS": ["y"]}}
    assert found["changed"] == {"pk": {"S": "changed"}} | changed


def test_the_codes_that_the_pool_sends_lie_in_the_mailbox_with_its_other_mails():
    found = emulated("codes")
    assert found["answered"] == [200, 200]
    for (to, sender, plain, html), code in zip(found["said"], ("654321", CONFIRMATION_CODE), strict=True):
        assert (to, sender) == (["ada@shop.example"], "Hub <hello@hub.example>")
        assert (code in plain, code in html) == (True, True)
