"""What the services ask of AWS in some schedules, from a process of its own."""

import json
import os
import subprocess
import sys

from infra.granted_rights import Right
from infra.templates import ROOT


def asked() -> dict[str, set[Right]]:
    """Handler → what it asked of AWS."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "sdk")))
    command = [sys.executable, "-W", "ignore", "-m", "tests.simulation.rights"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": path})
    told = json.loads(done.stdout.splitlines()[-1])
    return {handler: {(action, resource) for action, resource in rights} for handler, rights in told.items()}
