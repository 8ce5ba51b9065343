"""An AWS account that answers as it is told to: botocore's stubs hold each answer to the service's own model."""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber

from tools.preflight.plan import Plan

Answers = Mapping[str, Any]
"""`sts.get_caller_identity` → its answer, or the code of an error with its message: `("AccessDenied", "no")`."""
IDENTITY = {"sts.get_caller_identity": {"Account": "123456789012"}}


def plan(answers: Answers = IDENTITY, stage: str = "prod", region: str = "eu-west-1", **parameters: str) -> Plan:
    """A deployment into an account that answers so; what it has no answer for is refused."""
    return Plan(stage=stage, region=region, parameters=parameters, client=lambda name: _client(name, answers), fetch=_nothing)


def nobody(_: str) -> Any:
    """A client of somebody without credentials."""
    raise NoCredentialsError


def _client(service: str, answers: Answers) -> Any:
    client = boto3.client(service, region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    stub = Stubber(client)
    for name, answer in answers.items():
        of, _, operation = name.partition(".")
        if of == service and isinstance(answer, tuple):
            stub.add_client_error(operation, *answer)
        elif of == service:
            stub.add_response(operation, answer)
    stub.activate()
    return client


def _nothing(url: str) -> bytes:
    raise ValueError(f"nobody answers at {url}")
