"""`make profile`, asked for what there is not."""

import subprocess
import sys

from bench.machine.profile import SCENARIOS
from tests.conftest import ROOT


def test_a_scenario_that_there_is_not_is_answered_by_those_that_there_are():
    command = [sys.executable, "-m", "bench.machine.profile", "--scenario", "cheese"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, f"SCENARIO=cheese: choose one of {', '.join(SCENARIOS)}\n")
