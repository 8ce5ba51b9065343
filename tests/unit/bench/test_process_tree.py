"""What a tree of processes costs is told while its processes come and go."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from bench.machine.process_tree import cpu_by_name, usage

COMES_AND_GOES = "import os\nprint('up', flush=True)\nwhile True:\n    if os.fork() == 0: os._exit(0)\n    os.wait()\n"


@pytest.fixture
def restless() -> Iterator[int]:
    """A process whose children end as soon as they are begun."""
    with subprocess.Popen([sys.executable, "-c", COMES_AND_GOES], stdout=subprocess.PIPE) as made:
        assert made.stdout is not None
        assert made.stdout.readline() == b"up\n"
        limit = threading.Timer(60, made.kill)
        limit.start()
        yield made.pid
        limit.cancel()
        made.kill()


def test_processes_that_end_while_they_are_looked_at_are_left_out(restless: int):
    for _ in range(100):
        seen = usage(restless)
        assert (1 <= seen.processes <= 2, seen.pss_mb > 0) == (True, True)
        assert len(cpu_by_name(restless)) >= 1
