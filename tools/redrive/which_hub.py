"""Which hub a command speaks to: one deployed to AWS, by its stage, or the one on this machine."""

import argparse
import os
from collections.abc import Callable
from typing import Any

import boto3

from local.deploy import Deployment, session

LAPTOP = "local"
"""The stage of the hub on this machine."""


def ask(parser: argparse.ArgumentParser) -> None:
    """Let `parser` take --stage or --laptop, one of which must be said."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--stage", help="the hub deployed under this stage, with the AWS credentials of the environment")
    where.add_argument("--laptop", nargs="?", type=int, const=4566, metavar="PORT", help="the hub that `make run` started (default: 4566)")


def chosen(asked: argparse.Namespace) -> tuple[str, Callable[[str], Any]]:
    """The stage, and what makes a client of one of its AWS services."""
    if asked.laptop is None:
        of_stage: Any = boto3.client
        return asked.stage, of_stage
    return LAPTOP, Deployment(f"http://127.0.0.1:{asked.laptop}").client


def enter(asked: argparse.Namespace) -> tuple[str, Callable[[str], Any]]:
    """As `chosen`; and let the services' own stores, if this process makes any from now on, speak to that hub."""
    stage, client = chosen(asked)
    at = client("dynamodb")
    os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = at.meta.region_name
    if asked.laptop is not None:
        keys: Any = session().get_credentials()
        os.environ |= {"AWS_ACCESS_KEY_ID": keys.access_key, "AWS_SECRET_ACCESS_KEY": keys.secret_key}
        os.environ["AWS_ENDPOINT_URL"] = at.meta.endpoint_url
    return stage, client
