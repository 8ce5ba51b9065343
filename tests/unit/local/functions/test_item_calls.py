"""The emulator answers a call of items at its door as its application does, and only what the application has allowed a moment ago."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.templates import ROOT

pytestmark = pytest.mark.thorough
"""The emulator's modules are started for it."""
PLAIN = 10
SCAN, OTHERS_TABLE, NO_TABLE, HALF_A_TRANSACTION = 10, 11, 12, 13


@pytest.fixture(scope="module")
def told() -> Any:
    command = [sys.executable, str(Path(__file__).with_name("emulated.py"))]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'sdk'}"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_nothing_is_done_at_the_door_that_the_application_has_not_allowed(told: Any):
    unknown, untouched, *_ = told
    assert (set(map(str, unknown)), untouched) == ({"None"}, 0)


def test_what_was_allowed_is_answered_at_the_door_as_the_application_answers_it(told: Any):
    _, _, first, second, *_ = told
    assert second[:PLAIN] == first[:PLAIN]
    assert [status for status, _ in second[:PLAIN]] == [200] * 7 + [400] * 3


def test_what_was_refused_or_is_not_plain_is_the_applications_to_answer(told: Any):
    _, _, first, second, *_ = told
    assert [second[number] for number in (SCAN, OTHERS_TABLE, NO_TABLE, HALF_A_TRANSACTION)] == [None] * 4
    assert "AccessDenied" in first[OTHERS_TABLE][1]["__type"]


def test_what_a_policys_condition_allowed_is_judged_each_time(told: Any):
    assert told[4] is None


def test_a_condition_on_another_action_keeps_nothing_from_the_door_and_one_on_the_same_does(told: Any):
    assert told[7] == {"another action's": [200, True], "its own": [200, False], "its own by leaving out": [200, False]}


def test_a_right_that_is_taken_away_is_gone_two_seconds_later(told: Any):
    assert told[5] == [200, None, 403]
