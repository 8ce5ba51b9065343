"""What every test may ask for. Unit tests run against moto with the tables of infra/tables.yaml; flow tests against the emulator."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
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

import tests.examples  # noqa: F401 (a property takes the profile that is loaded when it is made)
from infra.templates import template
from tests import dynamodb, groups

dynamodb.serve()


def pytest_configure() -> None:
    gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    groups.group(items, ROOT)


def pytest_collection_finish() -> None:
    """What is there once all tests are found stays to the end: to look through it for garbage took a fifth of all time."""
    gc.freeze()
    gc.enable()


ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def _moto() -> Iterator[Any]:
    with mock_aws(config={"core": {"passthrough": {"services": ["dynamodb"]}}}) as mock:
        yield mock


@cache
def aws(service: str) -> Any:
    """The tests' own client of an AWS service, as moto plays it: made once, for that takes longer than a call."""
    return boto3.client(service)


def kms_key() -> str:
    """The ARN of the tests' one key of KMS: for each, moto makes an RSA key beside it, which takes a tenth of a second."""
    known = aws("kms").list_keys()["Keys"]
    return str(known[0]["KeyArn"] if known else aws("kms").create_key()["KeyMetadata"]["Arn"])


@contextmanager
def tables() -> Iterator[Callable[[str], str]]:
    """`make("orders")` makes the service's table as infra/tables.yaml defines it, empty, and answers its name; in the end they are gone."""
    made: list[str] = []

    def make(service: str) -> str:
        name = f"{service}-test"
        aws("dynamodb").create_table(TableName=name, **definition(service))
        made.append(name)
        return name

    yield make
    for name in made:
        aws("dynamodb").delete_table(TableName=name)


@cache
def definition(service: str) -> dict[str, Any]:
    """The service's table in infra/tables.yaml, as CreateTable wants it."""
    properties = dict(template("infra/tables.yaml")["Resources"][f"{service.capitalize()}Table"]["Properties"])
    for later in ("PointInTimeRecoverySpecification", "TimeToLiveSpecification", "DeletionProtectionEnabled"):
        properties.pop(later)
    if "StreamSpecification" in properties:
        properties["StreamSpecification"]["StreamEnabled"] = True
    return properties


@pytest.fixture
def make_table(_moto: Any) -> Iterator[Callable[[str], str]]:
    """`tables()` for one test."""
    with tables() as make:
        yield make


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
