"""A service's Settings and the variables that the template gives its functions are the same."""

import ast
from importlib import import_module
from typing import Any

import pytest

from shared.bootstrap.api_parts import SigningSettings
from tests.conftest import ROOT, template
from tests.contract.conftest import bootstrap, folders, nodes, services, settings_classes, sources, variables

FUNCTION = "AWS::Serverless::Function"
written = pytest.mark.skipif(not (ROOT / "template.yaml").exists(), reason="template.yaml is not written yet")


def given(folder: str, entry: str = "") -> dict[str, set[str]]:
    """The variables of each function whose Handler lies in the folder (and is `entry`) and has any, without those that all have."""
    functions = {name: one["Properties"] for name, one in template("template.yaml")["Resources"].items() if one["Type"] == FUNCTION}
    return {
        name: set(one["Environment"]["Variables"])
        for name, one in functions.items()
        if one["Handler"].startswith(f"functions.{folder}.{entry}") and "Environment" in one
    }


def common() -> set[str]:
    """The variables that every function has."""
    return set(template("template.yaml")["Globals"]["Function"]["Environment"]["Variables"])


@written
@pytest.mark.parametrize("folder", folders())
def test_settings_are_the_variables_of_the_template(folder: str):
    assert variables(folder) - common() == set().union(*given(folder).values())


@written
@pytest.mark.parametrize("folder", folders())
def test_every_function_can_read_its_services_own_settings(folder: str):
    """They name its table or topic: no function does without."""
    own = settings_classes(folder)[bootstrap(folder).Settings]
    for function, known in given(folder).items():
        assert own <= known | common(), f"{function} lacks {own - known - common()}"


@written
@pytest.mark.parametrize("folder", services())
def test_an_api_has_what_signs_its_cursors_and_tickets(folder: str):
    signing = settings_classes(folder).get(SigningSettings, set())  # a service without lists and tickets signs nothing
    assert [name for name, known in given(folder, "handler.app").items() if not signing <= known] == []


@written
@pytest.mark.parametrize("folder", folders())
def test_a_function_runs_an_entry_point_that_exists(folder: str):
    entries: list[Any] = [
        one["Properties"]["Handler"] for one in template("template.yaml")["Resources"].values() if one["Type"] == FUNCTION
    ]
    named = [entry.rsplit(".", 1) for entry in entries if entry.startswith(f"functions.{folder}.")]
    assert named, f"template.yaml has no function for functions/{folder}"
    assert [name for module, name in named if not callable(getattr(import_module(module), name, None))] == []


@pytest.mark.parametrize("folder", folders())
def test_nothing_is_read_from_the_environment_but_by_settings(folder: str):
    for path, tree in sources(folder):
        assert not [n for n in nodes(tree) if isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv")], path
