"""What every test may ask for. Unit tests run against moto with the tables of infra/tables.yaml; flow tests against the emulator."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

os.environ |= {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}

import boto3
import pytest
from moto import mock_aws

from infra.templates import template
from tests import dynamodb

dynamodb.serve()

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def _moto() -> Iterator[Any]:
    with mock_aws(config={"core": {"passthrough": {"services": ["dynamodb"]}}}) as mock:
        yield mock


@pytest.fixture
def make_table(_moto: Any) -> Iterator[Callable[[str], str]]:
    """`make_table("orders")` makes the service's table as infra/tables.yaml defines it, empty, and answers its name."""
    client = boto3.client("dynamodb")
    made: list[str] = []

    def make(service: str) -> str:
        properties = dict(template("infra/tables.yaml")["Resources"][f"{service.capitalize()}Table"]["Properties"])
        for later in ("PointInTimeRecoverySpecification", "SSESpecification", "TimeToLiveSpecification", "DeletionProtectionEnabled"):
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
    """The folder of real inputs beside the project; the test skips where it is absent, but in CI."""
    return real_inputs(os.environ)


def real_inputs(environment: Mapping[str, str], folder: Path = DATA) -> Path:
    """The folder of real inputs. Skips the test that asks where it is absent; where CI is set, that is a failure."""
    if not folder.is_dir():
        absent(f"real inputs ({folder}, beside the project) are not here", environment, folder)
    return folder


def absent(what: str, environment: Mapping[str, str] = os.environ, folder: Path = DATA) -> NoReturn:
    """Skip the test that lacks something (Node, say). Where CI is set and it is real inputs, that is a failure."""
    if environment.get("CI") and not folder.is_dir():
        pytest.fail(f"{what}: CI must not pass without it")
    pytest.skip(what)
