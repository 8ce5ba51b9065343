"""The plug-in that docs/plugins.md walks through, taken from the page, made a wheel, and tried by the kit where nothing of ours lies."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.plugins.author import fresh_environment, run, tally, wheel_of
from tools import sdk

MOST_LINES, LEAST_CHECKS = 120, 40
KEY = '    headers |= {"Idempotency-Key": key} if key else {}\n'
ONE_CHARGE = "test_one_start_is_at_most_one_charge_under"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an author has after the page: a folder begun by `make new-plugin`, with the files that the page shows."""
    return tally(tmp_path_factory.mktemp("author") / "tally")


@pytest.fixture(scope="module")
def python(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that has the plug-in's wheel, the SDK's and the kit's, and what they need: nothing else."""
    dist = tmp_path_factory.mktemp("dist")
    sdk.build(dist)
    return fresh_environment(tmp_path_factory.mktemp("fresh"), dist, f"{wheel_of(project, dist)}[test]")


def kit(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The kit, upon what is installed; `folder` holds nothing of the plug-in."""
    return run(folder, python, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--plugin", "tally.plugin:Tally", *arguments)


def test_the_plug_in_of_the_page_is_short(project: Path):
    assert sorted(file.name for file in (project / "tally").glob("*.py")) == ["plugin.py", "standin.py", "trial.py"]
    assert len((project / "tally" / "plugin.py").read_text().splitlines()) <= MOST_LINES


def test_the_code_of_the_page_is_clean(project: Path):
    ruff, config = Path(sys.executable).with_name("ruff"), str(ROOT / "pyproject.toml")
    theirs = 'lint.isort.known-third-party = ["monsoon_plugin"]'  # as it is to an author
    checked = run(project, ruff, "check", "--no-cache", "--config", config, "--config", theirs, "--ignore", "S", "tally")
    formatted = run(project, ruff, "format", "--no-cache", "--config", config, "--check", "tally")
    assert (checked.returncode, formatted.returncode) == (0, 0), checked.stdout + formatted.stdout


def test_the_plug_in_of_the_page_has_the_types_that_the_sdk_asks_for(project: Path):
    done = run(project, sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(project / ".mypy"), "--config-file", "", "-p", "tally",
               path=str(ROOT / "sdk"))  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_an_authors_environment_has_no_module_of_the_hubs_name(python: Path, tmp_path: Path):
    names = ("functions", "shared", "conformance", "tests", "infra")
    looked = f"from importlib.util import find_spec; print([name for name in {names} if find_spec(name)])"
    assert run(tmp_path, python, "-c", looked).stdout.strip() == "[]"


def test_the_plug_in_of_the_page_passes_the_kit(python: Path, tmp_path: Path):
    tried = kit(python, tmp_path)
    assert tried.returncode == 0, tried.stdout + tried.stderr
    passed = re.findall(r"::(test_\S+) PASSED", tried.stdout)
    assert len(passed) >= LEAST_CHECKS
    assert len([name for name in passed if name.startswith(ONE_CHARGE)]) == 12
    assert "XFAIL" not in tried.stdout


def test_without_its_idempotency_key_the_kit_finds_the_second_charge(python: Path, project: Path, tmp_path: Path):
    broken = shutil.copytree(project / "tally", tmp_path / "tally")
    text = (broken / "plugin.py").read_text()
    assert KEY in text
    (broken / "plugin.py").write_text(text.replace(KEY, ""))
    tried = kit(python, tmp_path, "-k", "doubled and one_start or says_of_itself")
    assert tried.returncode == 1, tried.stdout
    assert f"{ONE_CHARGE}[doubled] FAILED" in tried.stdout
    assert "assert (2 is None or 2 <= 1)" in tried.stdout
