"""What runs on a leash ends with whoever holds it, and by itself as it would without one."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def on_a_leash(code: str, folder: Path) -> subprocess.Popen[str]:
    (folder / "leashed.py").write_text(code)
    program = f"import runpy, sys; sys.path[:0] = {[str(folder), str(ROOT)]!r}; sys.argv[1:] = ['leashed']; "
    return subprocess.Popen(
        [sys.executable, "-c", program + "runpy.run_module('local.leash', run_name='__main__', alter_sys=True)"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_it_ends_when_its_holder_lets_go(tmp_path: Path):
    with on_a_leash("import time; print('up', flush=True); time.sleep(300)", tmp_path) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "up\n"
        process.stdin.close()
        assert process.wait(20) == 0


def test_an_error_of_its_own_is_the_last_that_it_says(tmp_path: Path):
    with on_a_leash("raise ValueError('mine')", tmp_path) as process:
        assert process.wait(20) == 1
        assert process.stderr is not None
        assert process.stderr.read().splitlines()[-1] == "ValueError: mine"
