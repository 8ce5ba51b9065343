"""What every test may ask for. Unit tests run against moto with the tables of infra/tables.yaml; flow tests against the emulator."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ |= {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}

import boto3
import pytest
import yaml
from moto import mock_aws

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"


class CloudFormation(yaml.SafeLoader):
    """Reads templates: `!Ref x` becomes {"Ref": "x"}, `!Sub s` becomes {"Fn::Sub": s}."""


def _tag(loader: Any, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    construct = loader.construct_sequence if isinstance(node, yaml.SequenceNode) else loader.construct_mapping
    return {name: construct(node, deep=True)}


CloudFormation.add_multi_constructor("!", _tag)


def template(path: str) -> dict[str, Any]:
    """A template of the project, read."""
    return yaml.load((ROOT / path).read_text(), CloudFormation)  # noqa: S506 (the project's own file)


@pytest.fixture(scope="session")
def _moto() -> Iterator[Any]:
    with mock_aws() as mock:
        yield mock


@pytest.fixture
def make_table(_moto: Any) -> Iterator[Callable[[str], str]]:
    """`make_table("orders")` makes the service's table as infra/tables.yaml defines it, empty, and answers its name."""
    client = boto3.client("dynamodb")
    made: list[str] = []

    def make(service: str) -> str:
        properties = dict(template("infra/tables.yaml")["Resources"][f"{service.capitalize()}Table"]["Properties"])
        for later in ("PointInTimeRecoverySpecification", "SSESpecification", "TimeToLiveSpecification"):
            properties.pop(later)
        if "StreamSpecification" in properties:
            properties["StreamSpecification"]["StreamEnabled"] = True
        name = f"{service}-test"
        client.create_table(TableName=name, **properties)
        made.append(name)
        return name

    yield make
    for name in made:
        client.delete_table(TableName=name)


@pytest.fixture
def data() -> Path:
    """The folder of real inputs beside the project; the test skips where it is absent."""
    if not DATA.is_dir():
        pytest.skip("the folder of real inputs (../shared/data) is not here")
    return DATA
