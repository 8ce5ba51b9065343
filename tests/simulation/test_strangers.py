"""Others' ids, tickets and cursors in every field, times at the edges of the calendar, amounts at the edges of each currency.

Never a 5xx, never another tenant's data, nothing of theirs changed: over all operations, with the whole hub and its data in one process.
"""

import os
import subprocess
import sys

from infra.templates import ROOT


def test_a_stranger_gets_nowhere_with_anything_of_others_and_no_value_is_our_fault():
    path = os.pathsep.join((str(ROOT), str(ROOT / "sdk")))
    command = [sys.executable, "-W", "ignore", "-m", "tests.simulation.strangers"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": path})
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    requests = int(done.stdout.split()[-4])
    assert requests > 8_000, "routes were left out"
