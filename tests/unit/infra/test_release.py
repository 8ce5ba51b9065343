"""Whatever a function's version is made of changes its digest, and so is published; what it is not made of does not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.release import STAMP, digest, main, of_project, stamp
from infra.templates import template

GIVEN = ["Stage=prod", "LogLevel=INFO"]
Edit = Callable[[dict[str, Any]], None]


def stamps(edit: Edit = lambda _: None, given: list[str] = GIVEN, code: str = "1", other: str = "") -> dict[str, str]:
    """Each function's digest, after `edit` of the template; `other`: the path of a file that is not as it was."""
    built = template()
    edit(built)
    stamp(built, given, lambda name: f"{name} {code}", lambda path: of_project(path) + ("changed" if path == other else ""))
    made = built["Resources"].items()
    return {name: one["Properties"][STAMP] for name, one in made if one["Type"] == "AWS::Serverless::Function"}


USUAL = stamps()


def changed(**told: Any) -> set[str]:
    return {name for name, digest_now in stamps(**told).items() if digest_now != USUAL[name]}


def test_the_same_is_the_same_in_whatever_order_its_parameters_are_told():
    assert changed(given=GIVEN[::-1]) == set()


ASKED: list[tuple[str, set[str]]] = [
    ("LogLevel=DEBUG", set(USUAL)),
    ("UnpaidMinutes=30", {"OrdersApi"}),
    ("OidcIssuer=https://id.example", {"AccountsApi", "AuthorizerFunction"}),
    ("Dashboard=no", {"Publish"}),
    ("DependencyLayer=no", set(USUAL)),
    ("Rollout=AllAtOnce", set()),
    ("Alarms=no", set()),
    ("--region", set()),
]
"""What a deployment is given → the functions that ask for it, be it by a condition."""


@pytest.mark.parametrize(("given", "found"), ASKED, ids=[given for given, _ in ASKED])
def test_a_parameters_value_is_published_by_whoever_asks_for_it_though_sam_reads_the_same_expression(given: str, found: set[str]):
    assert changed(given=[given, *(one for one in GIVEN if one.partition("=")[0] != given.partition("=")[0])]) == found


def test_code_is_published():
    assert changed(code="2") == set(USUAL)


def test_packages_of_a_layer_are_published_by_the_functions_that_have_it():
    assert changed(other="requirements/carriers.txt") == {"Carriers"}
    assert changed(other="requirements/layer.txt") == set(USUAL)


def test_what_is_replaced_in_a_nested_stack_is_published_by_the_functions_that_hear_of_it():
    assert changed(other="infra/identity.yaml") == {"AccountsApi", "AuthorizerFunction"}
    assert "Carriers" not in changed(other="infra/tables.yaml")
    assert "OrdersApi" in changed(other="infra/tables.yaml")


def longer(built: dict[str, Any]) -> None:
    built["Resources"]["AuditApi"]["Properties"]["Timeout"] = 20


def all_smaller(built: dict[str, Any]) -> None:
    built["Globals"]["Function"]["MemorySize"] = 512


@pytest.mark.parametrize(("edit", "found"), [(longer, {"AuditApi"}), (all_smaller, set(USUAL))])
def test_a_property_of_its_own_or_of_all_is_published(edit: Edit, found: set[str]):
    assert changed(edit=edit) == found


def at_once(built: dict[str, Any]) -> None:
    built["Globals"]["Function"]["DeploymentPreference"]["Type"] = "AllAtOnce"


def test_how_it_takes_over_is_no_part_of_it():
    assert changed(edit=at_once) == changed(other="infra/function_alarms.yaml") == set()


def test_an_artefact_is_its_sources_whatever_bytecode_lies_beside_them(tmp_path: Path):
    (tmp_path / "a.py").write_text("1")
    before = digest(tmp_path)
    (tmp_path / "a.pyc").write_bytes(b"\0")
    assert digest(tmp_path) == before
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert digest(tmp_path) != before


def as_sam_builds_it(folder: Path) -> dict[str, Any]:
    """The template as `sam build` leaves it: artefacts and nested templates each in a folder of the resource's name."""
    built = template()
    for name, made in built["Resources"].items():
        if made["Type"] == "AWS::CloudFormation::Stack":
            made["Properties"]["TemplateURL"] = f"{name}/template.yaml"
        elif made["Type"] == "AWS::Serverless::Function":
            made["Properties"]["CodeUri"] = name
            (folder / name).mkdir()
            (folder / name / "handler.py").write_text(name)
    (folder / "template.yaml").write_text(yaml.safe_dump(built))
    return built


def test_a_built_template_is_marked_and_keeps_all_else(tmp_path: Path):
    built = as_sam_builds_it(tmp_path)
    main(tmp_path / "template.yaml", GIVEN)
    found = yaml.safe_load((tmp_path / "template.yaml").read_text())
    marks = {made["Properties"].pop(STAMP) for made in found["Resources"].values() if made["Type"] == "AWS::Serverless::Function"}
    assert len(marks) == len(USUAL)
    assert found == built
