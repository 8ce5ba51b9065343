"""hubclient/ (a client of the API) below local/ (the hub on this machine) below tools/ and bench/: no arrow goes back up."""

import ast

import pytest

from infra.templates import ROOT
from tests.contract.conftest import imported, nodes, parsed

ABOVE = {
    "hubclient": ("local", "tools", "bench", "conformance", "tests"),
    "local": ("tools", "bench", "tests"),
    "tools": ("bench", "tests"),
    "infra": ("hubclient", "local", "bench", "tests"),
}
"""Floor → what it may not import, nor start by name."""


@pytest.mark.parametrize("floor", ABOVE)
def test_nobody_leans_on_a_higher_floor(floor: str):
    for path in (ROOT / floor).rglob("*.py"):
        if "templates" not in path.parts:
            tree = parsed(path.read_text())
            texts = [node.value for node in nodes(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
            started = [text for text in texts if " " not in text and text.count(".") and "/" not in text]
            leans = [name for name in [*imported(tree), *started] if name.split(".")[0] in ABOVE[floor]]
            assert not leans, f"{path.relative_to(ROOT)} leans on {leans}"
