"""A command's own stores speak to the hub that it was told of, and to no other."""

import argparse
import os
from collections.abc import Sequence

import pytest

from shared.aws.clients import client
from tools.redrive import which_hub


def entered(arguments: Sequence[str]) -> str:
    parser = argparse.ArgumentParser()
    which_hub.ask(parser)
    stage, _ = which_hub.enter(parser.parse_args(arguments))
    return stage


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command sets is undone after the test."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, os.environ[name])
    monkeypatch.setenv("AWS_ENDPOINT_URL", "")


def test_stores_speak_to_the_hub_on_this_machine_at_its_port():
    assert entered(["--laptop", "4570"]) == "local"
    assert client("dynamodb").meta.endpoint_url == "http://127.0.0.1:4570"


def test_stores_speak_to_the_region_of_the_credentials_that_the_command_finds_the_stage_with(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert entered(["--stage", "prod"]) == "prod"
    assert (os.environ["AWS_REGION"], client("dynamodb").meta.region_name) == ("eu-central-1", "eu-central-1")
