"""Every plug-in of the lock passes the conformance kit; what waits for faults and time limits is left to `make conformance`."""

import subprocess
import sys

import pytest

from conformance.__main__ import entries
from tests.conftest import ROOT

SHIPPED = list(entries([]))


@pytest.mark.parametrize(("plugin_id", "entry"), SHIPPED, ids=[plugin_id for plugin_id, _ in SHIPPED])
def test_a_shipped_plug_in_is_green_in_the_kit(plugin_id: str, entry: str):
    command = [sys.executable, "-m", "pytest", "--plugin", entry, "-k", "not faults"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "FAILED" not in done.stdout
    assert f"plug-in {plugin_id} against " in done.stdout
