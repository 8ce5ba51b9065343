"""Which tests run in one worker, and in which order: what a file's tests share is made once, and what is long begins first.

pytest-xdist spreads single tests: whatever a module or a session shares (a Prism that has read a provider's document, a real list, Karrio's
modules) is then made in each worker, and a group that takes a minute may begin when all else is done and leave a core idle.
"""

from collections.abc import Iterable
from pathlib import PurePath

import pytest

ALONE = "tests/simulation/"
"""Each of its tests is a process, or plays schedules, and shares nothing: they fill the cores to the end."""
BROWSERS = "tests/browser/"
"""One hub and one browser for all of them, by their own conftest.py."""
LONGEST_FIRST = (
    "hub", "run stops", "run kills", "run", "rollout", "other issuer", "run backlog", "browser", "comparison",
    "tests/simulation/test_schedules.py", "tests/contract/test_bad_input.py", "tests/contract/test_artefacts.py",
    "tests/clients/test_sites.py", "tests/plugins/test_docs_plugin.py", "tests/plugins/test_kit.py",
    "tests/unit/uploads/feeds/test_awkward_costs.py",
)  # fmt: skip
"""Groups and files by the seconds that they take, the longest first. Those that are not named follow as they were found."""


def group_of(path: str, named: Iterable[str]) -> str:
    """`named`: the groups that the test's marks name. Empty: it runs wherever there is room."""
    if path.startswith(BROWSERS):
        return "browser"
    return "_".join(sorted(named)) or ("" if path.startswith(ALONE) else path)


def rank_of(path: str, group: str) -> int:
    """Lower is sooner."""
    return min((LONGEST_FIRST.index(each) for each in (group, path) if each in LONGEST_FIRST), default=len(LONGEST_FIRST))


def group(items: list[pytest.Item], root: PurePath) -> None:
    """Let the tests of each file, or of each group, run in one worker, and the longest groups begin first."""
    ranks: dict[str, int] = {}
    for item in items:
        path = item.path.relative_to(root).as_posix()
        marked = [name for mark in item.iter_markers("xdist_group") for name in mark.args]
        wanted = group_of(path, marked)
        if wanted and not marked:
            item.add_marker(pytest.mark.xdist_group(wanted))
        ranks[item.nodeid] = rank_of(path, wanted)
    items.sort(key=lambda item: ranks[item.nodeid])
