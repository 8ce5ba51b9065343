"""The house stands: small files, small rooms, no call whose arguments a reader must count. import-linter holds who may know whom."""

import ast
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from infra.artefact import is_test_part
from shared.bootstrap.parts import Parts
from tests.conftest import ROOT
from tests.contract.conftest import FUNCTIONS, bootstrap, folders, nodes, parsed, sources

BUILT = ("shared", "functions", "sdk", "conformance", "tools", "local", "hubclient", "bench", "infra", "simulation")
MOST_LINES, MEDIAN_LINES = 300, 80
MOST_FUNCTION, MEDIAN_FUNCTION = 40, 12
MOST_FILES = 12
LARGE_ROOMS = {"sdk/monsoon_plugin": "what an author imports: one name after `monsoon_plugin`, and none that moves"}
"""Rooms of more than MOST_FILES Python files → why."""
MOST_POSITIONAL = 5


def tracked(*folders: str, trying: bool = False) -> list[Path]:
    """The Python files of `folders` that git knows; `trying`: with what tries the plug-ins, which lies beside them."""
    told = subprocess.run(["git", "ls-files", "--", *folders], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / line for line in told.splitlines() if line.endswith(".py")]
    there = [path for path in files if path.exists() and "templates" not in path.parts]
    return [path for path in there if trying or not is_test_part(path.relative_to(ROOT))]


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file, with the lines it takes."""
    for node in nodes(parsed(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_long_and_most_are_short():
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in tracked(*BUILT)}
    assert not [f"{path.relative_to(ROOT)}: {n}" for path, n in lines.items() if n > MOST_LINES]
    assert median(lines.values()) <= MEDIAN_LINES


def test_no_function_is_long_and_most_are_short():
    sizes = dict(one for path in tracked(*BUILT) for one in functions_of(path))
    tests = dict(one for path in tracked(*BUILT, "tests", trying=True) for one in functions_of(path))
    assert not [f"{name}: {n} lines" for name, n in tests.items() if n > MOST_FUNCTION]
    assert median(sizes.values()) <= MEDIAN_FUNCTION


def test_no_room_holds_more_than_a_dozen_files():
    rooms = Counter(str(path.parent.relative_to(ROOT)) for path in tracked(*BUILT, "tests"))
    assert {room: n for room, n in rooms.items() if n > MOST_FILES and room not in LARGE_ROOMS} == {}
    assert not [room for room in LARGE_ROOMS if rooms[room] <= MOST_FILES], "these are small again"


@pytest.mark.parametrize("folder", ["shared", "functions", "sdk", "conformance", "tools", "local", "hubclient", "simulation"])
def test_no_call_has_more_than_five_positional_arguments(folder: str):
    """Two of one type can be swapped, and no type checker sees it."""
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in tracked(folder)
        for node in nodes(parsed(path.read_text()))
        if isinstance(node, ast.Call) and sum(not isinstance(given, ast.Starred) for given in node.args) > MOST_POSITIONAL
    ]
    assert calls == []


def test_a_service_has_a_bootstrap_and_nothing_else_keeps_what_it_made():
    for service in folders():
        caches = [path for path in (FUNCTIONS / service).glob("handler.py") if "@cache" in path.read_text(encoding="utf-8")]
        assert not caches, f"{service}: parts are made in bootstrap.py"


@pytest.mark.parametrize("service", folders())
def test_every_bootstrap_keeps_the_one_rule_by_which_parts_are_made(service: str):
    """Lazy, replaceable by name: shared/bootstrap/parts.py says it once. Nothing but the settings given is there to begin with."""
    made = bootstrap(service).Services
    assert made.__init__ is Parts.__init__
    assert list(vars(made()).values()) == [[]]


def test_no_test_clears_a_cache():
    """Whoever must would share state with the next test: give the part as an argument instead."""
    clear = "cache_" + "clear"
    assert not [str(p.relative_to(ROOT)) for p in (ROOT / "tests").rglob("*.py") if clear in p.read_text(encoding="utf-8")]


def test_no_service_is_a_package():
    assert not list(FUNCTIONS.rglob("__init__.py"))


def test_no_money_is_a_float():
    for service in folders():
        for path, _ in sources(service):
            assert "float(" not in path.read_text(encoding="utf-8"), path


def test_a_decision_has_a_number_of_its_own_and_says_it():
    papers = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [paper.name[:4] for paper in papers] == [f"{n:04d}" for n in range(1, len(papers) + 1)]
    assert not [paper.name for paper in papers if not paper.read_text().startswith(f"# {int(paper.name[:4])}. ")]


def test_no_page_of_the_docs_is_empty():
    assert not [page.name for page in (ROOT / "docs").glob("*.md") if not page.read_text().startswith("# ")]
