"""A service's Settings and the variables that the template gives its functions are the same."""

import ast
from dataclasses import fields
from importlib import import_module
from typing import Any

import pytest

from tests.conftest import ROOT, template
from tests.contract.conftest import bootstrap, folders, sources

FUNCTION = "AWS::Serverless::Function"
written = pytest.mark.skipif(not (ROOT / "template.yaml").exists(), reason="template.yaml is not written yet")


def wanted(folder: str) -> dict[str, set[str]]:
    """The variables that each dataclass names which the bootstrap hands to `settings_of`."""
    module = bootstrap(folder)
    calls = [
        node
        for path, tree in sources(folder)
        if str(path) == module.__file__
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "settings_of"
    ]
    classes = {call.args[0].id for call in calls if isinstance(call.args[0], ast.Name)}
    return {cls: {field.name.upper() for field in fields(getattr(module, cls))} for cls in classes}


def given(folder: str) -> dict[str, set[str]]:
    """The variables of each function whose Handler lies in the folder and has any, without those that every function has."""
    functions = {name: one["Properties"] for name, one in template("template.yaml")["Resources"].items() if one["Type"] == FUNCTION}
    return {
        name: set(one["Environment"]["Variables"])
        for name, one in functions.items()
        if one["Handler"].startswith(f"functions.{folder}.") and "Environment" in one
    }


def common() -> set[str]:
    """The variables that every function has."""
    return set(template("template.yaml")["Globals"]["Function"]["Environment"]["Variables"])


@written
@pytest.mark.parametrize("folder", folders())
def test_settings_are_the_variables_of_the_template(folder: str):
    assert set().union(*wanted(folder).values()) - common() == set().union(*given(folder).values())


@written
@pytest.mark.parametrize("folder", folders())
def test_every_function_can_read_one_of_its_services_settings(folder: str):
    for function, variables in given(folder).items():
        whole = variables | common()
        assert any(names <= whole for names in wanted(folder).values()), f"{function} lacks variables: none of {wanted(folder)} is whole"


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
        assert not [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv")], path
