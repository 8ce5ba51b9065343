"""The simulation's stand-in of AWS says what the emulator says, call for call."""

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulation.comparison.rooms import Other, play
from tests.conftest import ROOT

CALLS = 2400


@pytest.mark.thorough
@pytest.mark.xdist_group("comparison")
def test_thousands_of_random_calls_and_their_change_records_are_the_emulators():
    command = [sys.executable, "-m", "simulation.comparison", "--seed", "10", "--calls", str(CALLS), "--without-moto"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"the emulator: (\d+) answers compared, 0 differences", done.stdout)[1]) >= CALLS
    assert len(re.findall(r"(?:s3|kms|sqs|sns): [1-9]\d+ answers compared, 0 differences", done.stdout)) == 4
    assert int(re.search(r"streams: (\d+) records of \d+ keys, 0 keys differ", done.stdout)[1]) > CALLS // 5


@pytest.mark.thorough
@pytest.mark.xdist_group("comparison")
def test_moto_is_brought_level_where_it_did_half_of_an_update_that_it_refused():
    command = [sys.executable, "-m", "simulation.comparison", "--seed", "31", "--room", "96", "--calls", "60"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "moto: 60 answers compared, 0 differences" in done.stdout
    assert "known, 1 times: moto keeps what an update had set" in done.stdout


class Place:
    """A DynamoDB that answers every call on items alike."""

    def __init__(self, answer: Callable[[], dict[str, Any]]) -> None:
        self._answer = answer

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        return lambda **given: done() if operation.endswith("_table") else self._answer()


def done() -> dict[str, Any]:
    return {"Attributes": {"pk": {"S": "a"}}, "ConsumedCapacity": {"CapacityUnits": 1.0}, "ResponseMetadata": {"HTTPStatusCode": 200}}


def refused() -> dict[str, Any]:
    raise ClientError({**done(), "Error": {"Code": "ConditionalCheckFailedException", "Message": ""}}, "PutItem")


def dearer() -> dict[str, Any]:
    return done() | {"ConsumedCapacity": {"CapacityUnits": 2.0}}


def test_what_is_answered_otherwise_is_found_and_ends_the_room():
    for theirs, same, told in ((refused, False, 1), (dearer, True, 1), (dearer, False, 0), (done, True, 0)):
        found = play(Place(done), [Other("theirs", Place(theirs), same)], seed=1, calls=60)
        assert len(found.differences) == told
