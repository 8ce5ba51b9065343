"""The hub's signing secret: Secrets Manager keeps it, a function fetches it once a quarter of an hour."""

import time
from collections.abc import Callable

from shared.aws.clients import client

LIFETIME = 900.0
"""Seconds until a rotated secret is seen."""


def secret_of(arn: str, monotonic: Callable[[], float] = time.monotonic) -> Callable[[], str]:
    """A function that answers the secret kept under `arn`."""
    kept: dict[str, tuple[float, str]] = {}

    def secret() -> str:
        if arn not in kept or kept[arn][0] < monotonic():
            found = client("secretsmanager").get_secret_value(SecretId=arn)
            kept[arn] = (monotonic() + LIFETIME, str(found["SecretString"]))
        return kept[arn][1]

    return secret
