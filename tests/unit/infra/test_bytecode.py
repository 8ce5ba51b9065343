"""Bytecode of the runtime's own Python, and of no other, lies beside what is deployed."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.bytecode import ASKED, compiled, interpreter, runtime


def test_the_functions_runtime_is_the_name_of_its_python():
    assert runtime().startswith("python3.")


def test_a_python_of_another_version_is_not_taken_for_the_runtimes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\necho python2.7\n")
    other.chmod(0o755)
    for named in (str(other), str(tmp_path / "absent")):
        monkeypatch.setenv(ASKED, named)
        assert interpreter() != named


def test_one_that_is_the_runtimes_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho {runtime()}\n")
    python.chmod(0o755)
    monkeypatch.setenv(ASKED, str(python))
    assert interpreter() == str(python)


def test_what_is_compiled_is_used_whatever_the_sources_time_and_a_file_that_is_no_python_hinders_nothing(tmp_path: Path):
    (tmp_path / "sound.py").write_text("print('as compiled')\n")
    (tmp_path / "template.py").write_text("{% if no python %}\n")
    compiled(tmp_path)
    (tmp_path / "sound.py").write_text("print('compiled anew at the start')\n")
    said = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import sound"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout == "as compiled\n"
    assert [path.name.partition(".")[0] for path in (tmp_path / "__pycache__").iterdir()] == ["sound"]
