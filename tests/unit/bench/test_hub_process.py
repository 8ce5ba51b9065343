"""A hub that is measured ends with who measures it, however that ends."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.templates import ROOT
from tests.processes import alive, ended

STARTS = """
import sys, time
from pathlib import Path
from bench.machine.hub_process import HubProcess

hub = HubProcess(Path(sys.argv[1]), Path(sys.argv[1]))
hub.launch()
hub.until("ready; Ctrl-C")
print(hub.pid, flush=True)
time.sleep(600)
"""
RUNS = """
import time

print("ready; Ctrl-C", flush=True)
time.sleep(600)
"""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Who measures a checkout whose runner does nothing."""
    (tmp_path / "local").mkdir()
    (tmp_path / "local/run.py").write_text(RUNS)
    for name in ("leash.py", "stop_signals.py"):
        (tmp_path / "local" / name).symlink_to(ROOT / "local" / name)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    command = [sys.executable, "-c", STARTS, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": f"{ROOT}:{ROOT / 'sdk'}"}) as started:
        yield started
        started.kill()


def test_a_bench_that_is_killed_leaves_no_hub_running(bench: subprocess.Popen[str]):
    assert bench.stdout is not None
    hub = int(bench.stdout.readline())
    assert alive(hub)
    bench.kill()
    assert ended(hub)
