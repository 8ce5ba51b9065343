"""Every plug-in of the lock passes the conformance kit; what waits for faults and time limits is left to `make conformance`."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from conformance.__main__ import entries
from tests.conftest import ROOT

SHIPPED = list(entries([]))


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], tuple[int, str]]]:
    """Tries a plug-in, by its entry and trial: pytest's exit status, and what it printed."""
    command, printed = [sys.executable, "-m", "tests.plugins.kits"], tmp_path_factory.mktemp("kit") / "printed"
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as runs:
        assert runs.stdin is not None
        assert runs.stdout is not None

        def run(entry: str, trial: str) -> tuple[int, str]:
            print(json.dumps([["--plugin", entry, "--trial", trial, "-k", "not faults"], str(printed)]), file=runs.stdin, flush=True)
            return int(runs.stdout.readline()), printed.read_text()  # type: ignore[union-attr]

        yield run


@pytest.mark.parametrize(("plugin_id", "entry", "trial"), SHIPPED, ids=[trial.rpartition(".")[2] or plugin for plugin, _, trial in SHIPPED])
def test_a_shipped_plug_in_is_green_in_the_kit(plugin_id: str, entry: str, trial: str, kit: Callable[[str, str], tuple[int, str]]):
    status, printed = kit(entry, trial)
    assert status == 0, printed[-4000:]
    assert "FAILED" not in printed
    assert f"plug-in {plugin_id} against " in printed
