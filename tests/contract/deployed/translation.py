"""The template as CloudFormation deploys it: SAM's own translator says so without an account. Nested templates are read as they are."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from infra.templates import ROOT, template

Resources = dict[str, dict[str, Any]]
CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
NESTED = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "infra").glob("*.yaml") if "openapi" not in path.name)
TEMPLATES = ("template.yaml", *NESTED)


@cache
def translated() -> Resources:
    """The main template's resources. CloudFormation includes the contract before SAM sees it; artefacts have been packaged."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        source = template()
        for made in source["Resources"].values():
            if made["Type"] in CODE:
                made["Properties"][CODE[made["Type"]]] = "s3://packaged/artefact"
        source["Globals"]["Function"]["CodeUri"] = "s3://packaged/artefact"
        source["Resources"]["Api"]["Properties"]["DefinitionBody"] = template("infra/openapi.aws.yaml")
        found: Resources = Translator({}, Parser()).translate(source, {"Stage": "prod"})["Resources"]
    return found


def everything() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every resource of the hub, by its logical id."""
    yield from translated().items()
    for path in NESTED:
        yield from template(path)["Resources"].items()


def of(kind: str) -> dict[str, dict[str, Any]]:
    """The resources of a type, such as `AWS::SQS::Queue`, by their logical ids: with their Properties and attributes."""
    return {name: made for name, made in everything() if made["Type"] == kind}
