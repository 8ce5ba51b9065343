"""A cold start walks nothing twice: what a function's handler imports first keeps the cyclic collector from it."""

import ast
import subprocess
import sys

import pytest

from infra.templates import functions
from tests.conftest import ROOT

MODULES = sorted({properties["Handler"].rpartition(".")[0] for properties in functions().values()})


@pytest.mark.parametrize("module", MODULES)
def test_a_handler_imports_the_collectors_setting_before_all_else(module: str):
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text()
    first = next(node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom))
    assert ast.unparse(first) == "import shared.bootstrap.garbage_collection"


def test_a_whole_cold_start_runs_without_one_collection_of_what_lives_long():
    program = "import functions.orders.handler, gc; print([one['collections'] for one in gc.get_stats()])"
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT}/sdk", "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ast.literal_eval(done.stdout)[1:] == [0, 0]
