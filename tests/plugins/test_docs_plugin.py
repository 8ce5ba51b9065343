"""The plug-in that docs/plugins.md walks through, taken from the page, installed outside the tree, and tried by the kit."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.new_plugin.scaffold import written

PAGE = ROOT / "docs" / "plugins.md"
MOST_LINES, LEAST_CHECKS = 120, 40
KEY = '    headers |= {"Idempotency-Key": key} if key else {}\n'
ONE_CHARGE = "test_one_start_is_at_most_one_charge_under"


def run(path: str, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A program in `folder`, with `path` as its PYTHONPATH."""
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an author has after the page: a folder begun by `make new-plugin`, with the files that the page shows."""
    folder = tmp_path_factory.mktemp("author") / "tally"
    written("payment", "tally", folder)
    for name in ("tally/translate.py", "tests/test_translate.py"):
        (folder / name).unlink()
    for name, code in re.findall(r"^`(tally/\w+\.py)`:\n\n```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL):
        (folder / name).write_text(code)
    return folder


@pytest.fixture(scope="module")
def installed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place where its distribution is installed."""
    place = tmp_path_factory.mktemp("installed")
    install = [Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation"]
    done = run("", place, *map(str, install), "--python", sys.executable, "--target", str(place), str(project))
    assert done.returncode == 0, done.stderr
    return place


def kit(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The kit, upon what is installed; `folder` holds nothing of the plug-in."""
    cut = str(ROOT / "conformance")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "conformance.pytest_plugin", "--confcutdir", cut]
    return run(f"{installed}:{ROOT}", folder, *command, "--plugin", "tally.plugin:Tally", *arguments)


def test_the_plug_in_of_the_page_is_short(project: Path):
    assert sorted(file.name for file in (project / "tally").glob("*.py")) == ["plugin.py", "standin.py", "trial.py"]
    assert len((project / "tally" / "plugin.py").read_text().splitlines()) <= MOST_LINES


def test_the_code_of_the_page_is_clean(project: Path):
    ruff, config = str(Path(sys.executable).with_name("ruff")), str(ROOT / "pyproject.toml")
    ignored = "S,N815"  # as in conformance/**; http.server's names
    theirs = 'lint.isort.known-third-party = ["monsoon_plugin"]'  # as it is to an author
    checked = run("", project, ruff, "check", "--no-cache", "--config", config, "--config", theirs, "--ignore", ignored, "tally")
    formatted = run("", project, ruff, "format", "--no-cache", "--check", "--config", config, "tally")
    assert (checked.returncode, formatted.returncode) == (0, 0), checked.stdout + formatted.stdout


def test_the_hubs_list_of_plug_ins_finds_it_where_it_is_installed(installed: Path):
    found = run(
        f"{installed}:{ROOT}", installed, sys.executable, "-c",
        "from tools.providers import described, entries; line = described('payment', 'tally', entries('payment')['tally'])\n"
        "import tally.plugin; print(tally.plugin.__file__, line['manifest']['allowed_hosts'])",
    )  # fmt: skip
    assert found.stdout.split() == [str(installed / "tally" / "plugin.py"), "['api.tally.example']"], found.stderr


def test_the_plug_in_of_the_page_passes_the_kit(installed: Path, tmp_path: Path):
    tried = kit(installed, tmp_path, "--numprocesses", "2")
    assert tried.returncode == 0, tried.stdout
    passed = re.findall(r"PASSED \S+::(test_\S+)", tried.stdout)
    assert len(passed) >= LEAST_CHECKS
    assert len([name for name in passed if name.startswith(ONE_CHARGE)]) == 12
    assert "XFAIL" not in tried.stdout


def test_without_its_idempotency_key_the_kit_finds_the_second_charge(installed: Path, tmp_path: Path):
    broken = shutil.copytree(installed, tmp_path / "broken")
    plugin = broken / "tally" / "plugin.py"
    assert KEY in plugin.read_text()
    plugin.write_text(plugin.read_text().replace(KEY, ""))
    tried = kit(broken, tmp_path, "-k", "doubled and one_start or says_of_itself")
    assert tried.returncode == 1, tried.stdout
    assert f"{ONE_CHARGE}[doubled] FAILED" in tried.stdout
    assert "assert (2 is None or 2 <= 1)" in tried.stdout
