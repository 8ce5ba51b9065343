"""A long campaign tells how it stands, and what it has found when somebody ends it."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO

import psutil

from infra.templates import ROOT
from simulation.progress import EVERY, Progress
from simulation.result import Result, Summary, Violation

BROKEN = (Violation("everything ends", "an order waits"), Violation("the journal balances", "it is off by 1"))


def played(seed: int, *violations: Violation) -> Result:
    return Result(seed=seed, parts=(), violations=list(violations), fingerprint="", calls=5, history=[])


def test_a_failing_seed_is_told_at_once_and_how_far_it_is_every_so_often():
    now, out, summary = [0.0], StringIO(), Summary()
    progress = Progress(900, out, lambda: now[0])
    for seed, moment, violations in ((7, 1.0, ()), (8, 2.0, BROKEN), (9, EVERY, ()), (10, EVERY + 1, ())):
        now[0], result = moment, played(seed, *violations)
        summary.add(result)
        progress(summary, result)
    assert out.getvalue().splitlines() == [
        "SEED=8 failed: everything ends, the journal balances",
        "3 of 900 schedules, 10 s; failing: 1",
    ]


def test_a_campaign_that_is_ended_sums_up_what_it_has_played():
    path = os.pathsep.join((str(ROOT), str(ROOT / "sdk")))
    command = [sys.executable, "-W", "ignore", "-m", "simulation", "--seed", "1", "--count", "100000", "--every", "0"]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT, "env": {**os.environ, "PYTHONPATH": path}}
    with subprocess.Popen(command, **options) as campaign:
        first = campaign.stderr.readline()
        workers = psutil.Process(campaign.pid).children(recursive=True)
        for pause in (0.3, 0.0):  # who is in a hurry asks twice
            campaign.send_signal(signal.SIGTERM)
            time.sleep(pause)
        told, _ = campaign.communicate(timeout=180)
    assert " of 100000 schedules, " in first
    assert "stopped before 100000" in told
    assert int(told.split()[0]) > 0
    assert campaign.returncode == 0
    _, left = psutil.wait_procs(workers, timeout=20)
    assert (len(workers) > 1, left) == (True, [])
