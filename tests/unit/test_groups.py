"""What runs in one worker, and what begins first."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import groups
from tests.conftest import ROOT


class Item:
    """A test of a file, with marks."""

    def __init__(self, path: str, name: str, *marks: str) -> None:
        self.path, self.nodeid = ROOT / path, f"{path}::{name}"
        self.groups = list(marks)

    def iter_markers(self, name: str) -> list[Any]:
        assert name == "xdist_group"
        return [SimpleNamespace(args=(group,)) for group in self.groups]

    def add_marker(self, mark: Any) -> None:
        self.groups += mark.args


def ordered(*items: Item) -> list[str]:
    found: Any = list(items)
    groups.group(found, ROOT)
    return [item.nodeid.partition("::")[2] for item in found]


def test_a_files_tests_are_a_group_that_a_mark_makes_larger_and_the_simulators_are_none():
    mine, hubs = Item("tests/unit/a/test_b.py", "one"), Item("tests/flow/test_c.py", "two", "hub")
    played, browsed = Item("tests/simulation/test_d.py", "three"), Item("tests/browser/test_e.py", "four")
    ordered(mine, hubs, played, browsed)
    assert (mine.groups, hubs.groups, played.groups, browsed.groups) == (["tests/unit/a/test_b.py"], ["hub"], [], ["browser"])


def test_what_takes_minutes_begins_first_and_the_rest_stays_as_it_was_found():
    found = ordered(
        Item("tests/unit/test_z.py", "z1"), Item("tests/flow/test_k.py", "kills", "run kills"), Item("tests/unit/test_z.py", "z2"),
        Item("tests/flow/test_h.py", "hub", "hub"), Item("tests/unit/test_a.py", "a"), Item("tests/simulation/test_schedules.py", "played"),
    )  # fmt: skip
    assert found == ["hub", "kills", "played", "z1", "z2", "a"]


@pytest.mark.parametrize("named", groups.LONGEST_FIRST)
def test_what_is_said_to_be_long_is_there(named: str):
    marked = f'xdist_group("{named}")'
    assert (ROOT / named).is_file() or any(marked in path.read_text() for path in Path(ROOT / "tests").rglob("*.py"))
