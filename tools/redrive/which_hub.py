"""Which hub a command speaks to: one deployed to AWS, by its stage, or the one on this machine."""

import argparse
from collections.abc import Callable
from typing import Any

import boto3

from local.deploy import Deployment

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
