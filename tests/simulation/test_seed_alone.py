"""A schedule depends on its seed alone."""

import os
import subprocess
import sys

from infra.templates import ROOT

SEALED = 16
"""A schedule in which an e-book is delivered: what is sealed is named by its bytes, which a data key and a nonce decide."""


def printed(code: str, **environment: str) -> str:
    """What a process of its own prints."""
    path = os.pathsep.join((str(ROOT), str(ROOT / "sdk")))
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": path, **environment}
    ).stdout


def played(*seeds: int) -> str:
    """The fingerprint of the last of these, which are played one after another."""
    return printed(f"from simulation.schedule import run\nprint([run(seed).fingerprint for seed in {seeds}][-1])", PYTHONHASHSEED="0")


def test_not_on_the_order_of_sets_in_its_process():
    code = "from simulation.chance import fix_hashes\nfix_hashes()\nprint(list({'a', 'b', 'c', 'd'}))"
    assert len({printed(code, PYTHONHASHSEED=seed) for seed in ("1", "2", "3", "random")}) == 1


def test_not_on_what_its_process_played_before():
    assert played(SEALED) == played(SEALED - 1, SEALED)
