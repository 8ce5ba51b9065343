"""Schedules have orders in other currencies than suppliers', from their placing to the suppliers' payouts."""

import os
import subprocess
import sys

from infra.templates import ROOT

MOST = 2000
"""Seeds among which those with other money are played until all was seen; one in twenty-five has it."""
CODE = f"""
from simulation.chance import fix_hashes
fix_hashes()
from random import Random
from simulation.actors.buying.other_money import ABROAD, OTHERS
from simulation.schedule import run
missing = {{f"bank submit .*-{{each}}-" for each in OTHERS}}
import logging, re
logging.disable()
for seed in range({MOST}):
    if missing and Random(f"other money {{seed}}").random() < ABROAD:
        found = run(seed)
        assert not found.violations, found.violations
        missing = {{each for each in missing if not re.search(each, "\\n".join(found.history))}}
print(missing or "all")
"""


def test_suppliers_are_paid_in_each_currency_that_shoppers_paid_in():
    path = os.pathsep.join((str(ROOT), str(ROOT / "sdk")))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-W", "ignore", "-c", CODE]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert done.stdout.strip() == "all", done.stdout + done.stderr
