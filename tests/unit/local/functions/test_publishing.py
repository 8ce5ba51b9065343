"""The emulator tells a topic at its door what its application would, and only where the application has allowed it a moment ago."""

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


@pytest.fixture(scope="module")
def told() -> Any:
    command = [sys.executable, str(Path(__file__).with_name("emulated_topic.py"))]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'sdk'}"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_nothing_is_told_at_the_door_that_the_application_has_not_allowed(told: Any):
    assert (told["unknown"], told["untouched"]) == (None, [])


def test_what_was_allowed_is_told_at_the_door_as_by_the_application(told: Any):
    (status, ids), heard = told["door"]
    assert told["door"] == told["application"]
    assert (status, ids) == (200, ["1", "2"])
    assert [body for body, _ in heard] == ['{"a": "50% & more + 词 é = %22"}', "a\nb"]


def test_what_is_refused_for_what_it_says_is_refused_alike(told: Any):
    assert told["eleven"][1] == told["eleven"][0] == [[400, ["TooManyEntriesInBatchRequest"]], []]


def test_another_topic_and_what_is_no_batch_are_the_applications_to_answer(told: Any):
    assert told["refused"][0][0][0] == 403
    assert [told["refused"][1], *told["others"]] == [None] * 4


def test_what_was_allowed_is_judged_anew_two_seconds_later(told: Any):
    assert told["later"] is None
