"""What `make` says on a machine where it cannot do its work: a sentence, and what to do."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

PYTHON = """#!/bin/sh
case "$*" in
  *venv*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  *"pip install"*) echo "ERROR: No matching distribution found for uv" >&2; exit 1 ;;
esac
"""
"""A Python whose pip finds no package index."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("Makefile", "requirements", "sdk/pyproject.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    return tmp_path


def refused(project: Path, *arguments: str) -> str:
    done = subprocess.run(["make", *arguments], cwd=project, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout


def test_a_half_made_environment_is_made_anew_and_without_a_network_it_says_so(project: Path):
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    (project / "lonely-python").write_text(PYTHON)
    (project / "lonely-python").chmod(0o755)
    said = refused(project, "install", "PYTHON=./lonely-python")
    assert ".venv is half made: making it anew" in said
    assert "No matching distribution" in said
    assert "the environment could not be installed: is there a network" in said
    assert not (project / ".venv" / ".done").exists()


def test_an_environment_whose_python_has_gone_is_said_to_be_damaged(project: Path):
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").symlink_to("/nowhere/python3")
    (project / ".venv" / ".done").touch()
    assert ".venv is damaged, its Python does not start: remove it (rm -rf .venv)" in refused(project, "run")


def test_the_list_of_targets_has_one_column_of_words_for_all():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout.splitlines()
    starts = {re.match(r"  [a-z-]+ +", line).end() for line in listed if line.startswith("  ")}  # type: ignore[union-attr]
    assert len(listed) > 30
    assert len(starts) == 1


def test_an_old_python_is_named(project: Path):
    assert "Python 3.11 or later is needed: no-such-python was not found" in refused(project, "install", "PYTHON=no-such-python")


def test_a_deployment_is_marked_with_the_parameters_that_it_is_given_before_it_is_made(project: Path):
    """Else a parameter's new value would reach no caller (infra/release.py)."""
    command = ["make", "--dry-run", "deploy", "STAGE=test", "ARGS=LogLevel=DEBUG UnpaidMinutes=30"]
    said = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, check=True).stdout
    marked, deployed = said.index("infra.release .aws-sam/build/template.yaml"), said.index("sam deploy")
    assert marked < deployed
    assert said.count("Stage=test LogLevel=DEBUG UnpaidMinutes=30\n") == 2


COMMANDS = ("python", "mypy", "ruff", "lint-imports", "cfn-lint")
PARTS = (
    "mypy", "ruff check", "ruff format --check", "lint-imports", "cfn-lint template.yaml",
    *(f"python -m tools.{name} --check" for name in ("openapi", "roles", "providers", "costs", "pages")),
)  # fmt: skip


def checked(project: Path, broken: str = "") -> tuple[int, str]:
    """How `make check` ends, and what it called, where the call that begins with `broken` fails."""
    for name in COMMANDS:
        command = project / ".venv/bin" / name
        command.parent.mkdir(parents=True, exist_ok=True)
        command.write_text(f'#!/bin/sh\necho "{name} $*" >> called\ncase "{name} $*" in "{broken or "nothing"}"*) exit 1 ;; esac\n')
        command.chmod(0o755)
    (project / ".venv/.done").touch()
    done = subprocess.run(["make", "check"], cwd=project, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, (project / "called").read_text()


def test_make_check_leaves_none_of_its_parts_out_though_they_run_side_by_side(project: Path):
    code, called = checked(project)
    assert code == 0
    assert [part for part in PARTS if not re.search(f"^{re.escape(part)}", called, re.MULTILINE)] == []


@pytest.mark.parametrize("broken", PARTS)
def test_make_check_fails_where_any_of_its_parts_does(project: Path, broken: str):
    assert checked(project, broken)[0] != 0
