"""The whole hub under every fault: schedules that are played again the same, and none of which breaks an invariant."""

import os
import subprocess
import sys

import pytest

from infra.templates import ROOT

SHARES = 4
SCHEDULES = 1000
FIRST = 1


def simulate(*options: str, code: int = 0) -> str:
    """What `python -m simulation` prints, in a process of its own: the simulator takes over its process's AWS."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "sdk")))
    command = [sys.executable, "-W", "ignore", "-m", "simulation", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": path})
    assert done.returncode == code, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_a_seed_is_played_again_the_same_to_the_last_call_in_any_process():
    first, again, other = (simulate("--seed", seed, "--lines", "300") for seed in ("11", "11", "12"))
    assert first == again
    assert first != other
    assert len(first.splitlines()) > 20


@pytest.mark.thorough
@pytest.mark.parametrize("share", range(SHARES))
def test_a_thousand_schedules_lose_double_and_give_away_nothing(share: int):
    count = SCHEDULES // SHARES
    simulate("--seed", str(FIRST + share * count), "--count", str(count), "--workers", "1")
