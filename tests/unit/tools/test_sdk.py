"""The wheels of the SDK and of the kit: whole, the same bytes each time, and nothing in them but their own names."""

import ast
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools import sdk

MODULES = {"python-ulid": "ulid", "monsoon-plugin": "monsoon_plugin"}
"""Distribution → its module, where they differ."""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return sdk.build(tmp_path_factory.mktemp("dist"))


def project(folder: str) -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((ROOT / folder / "pyproject.toml").read_text())["project"]
    return found


def names(wheel: Path) -> list[str]:
    return [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]


def test_each_wheel_brings_one_name(wheels: list[Path]):
    assert [{name.partition("/")[0] for name in names(wheel)} for wheel in wheels] == [{"monsoon_plugin"}, {"monsoon_conformance"}]


def test_the_same_sources_make_the_same_bytes(wheels: list[Path], tmp_path: Path):
    assert [wheel.read_bytes() for wheel in sdk.build(tmp_path)] == [wheel.read_bytes() for wheel in wheels]


def test_the_sdk_is_typed_and_imports_nothing_of_the_hub(wheels: list[Path]):
    assert "monsoon_plugin/py.typed" in names(wheels[0])
    assert imported(wheels[0]).isdisjoint({"functions", "shared", "conformance", "monsoon_conformance"})


@pytest.mark.parametrize(("number", "folder"), [(0, "sdk"), (1, "conformance")])
def test_what_a_wheel_imports_is_declared(wheels: list[Path], number: int, folder: str):
    declared = [line.split(">")[0].split("=")[0] for line in project(folder)["dependencies"]]  # type: ignore[attr-defined]
    known = {MODULES.get(name, name) for name in declared} | {"monsoon_plugin", "pydantic", "pydantic_core", "monsoon_conformance"}
    assert imported(wheels[number]) - known <= ({"requests", "urllib3"} if folder == "sdk" else set())


def test_the_kit_brings_no_aws(wheels: list[Path]):
    assert imported(wheels[1]).isdisjoint({"boto3", "botocore", "pynamodb", "chalice", "aws_lambda_powertools"})


def test_the_sdk_and_the_kit_name_each_others_version():
    (kit,) = project("sdk")["optional-dependencies"]["testing"]  # type: ignore[index]
    assert kit == f"monsoon-conformance=={project('conformance')['version']}"
    assert f"monsoon-plugin=={project('sdk')['version']}" in project("conformance")["dependencies"]  # type: ignore[operator]


def imported(wheel: Path) -> set[str]:
    """The packages that its files import, without the standard library's."""
    archive, found = zipfile.ZipFile(wheel), set[str]()
    for name in names(wheel):
        if name.endswith(".py"):
            for node in ast.walk(ast.parse(archive.read(name))):
                found |= {one.name.partition(".")[0] for one in node.names} if isinstance(node, ast.Import) else set()
                found |= {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()
    return found - set(sys.stdlib_module_names)
