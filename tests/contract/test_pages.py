"""What people paste from the pages into a shell of their own."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PLACES = ("*.md", "docs/*.md", "clients/*.md", "conformance/*.md", "sdk/*.md", "tools/new_plugin/templates/*/*.md")
PAGES = sorted(page for place in PLACES for page in ROOT.glob(place))
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BASH_ALONE = re.compile(r"\$\{@:|\$\{\w+[:/^,]{1,2}[^-=?+}]|\[\[|<<<|<\(|\$'|&>|^(?:source|function) |\bpath=|date \+\S*%N", re.MULTILINE)
"""Not in POSIX, or another thing in zsh (`path`) or on a Mac (`%N`)."""


def test_pages_with_commands_are_found():
    assert {"README.md", "docs/plugins.md", "docs/operators.md"} <= {
        str(page.relative_to(ROOT)) for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))
    }  # fmt: skip


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_to_be_pasted_into_a_shell_runs_in_any_posix_shell(page: Path):
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        assert not BASH_ALONE.findall(block), block
