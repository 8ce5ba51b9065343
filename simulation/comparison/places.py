"""The DynamoDBs that are asked the same: the stand-in, the emulator over HTTP, whatever answers at an address."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from local.conditions.data_folder import DataFolder
from local.conditions.ports import free_port
from local.emulator import Emulator
from simulation.aws.door import AwsService, Door

REGION = "us-east-1"
LOCAL: Any = {"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1.*", "http://simulated.*"]}}}
"""moto answers AWS's addresses, and lets those of this machine be."""


def client(service: str, url: str | None = None) -> Any:
    """A client that tries once and checks nothing itself: what is wrong with a call, the service shall say."""
    once = Config(retries={"total_max_attempts": 1}, parameter_validation=False, s3={"addressing_style": "path"})
    return get_session().create_client(
        service, region_name=REGION, endpoint_url=url, aws_access_key_id="test", aws_secret_access_key="test", config=once
    )


def standing_in(service: str, stand_in: AwsService) -> Any:
    """A client that the stand-in answers, by the simulation's own door."""
    door, made = Door(), client(service, "http://simulated")
    door.services = {service: stand_in}
    door.stand_before(made)
    return made


@contextmanager
def emulator() -> Iterator[str]:
    """The address of an emulator as flow tests start it, alone and empty; it ends with the block."""
    with tempfile.TemporaryDirectory() as folder:
        running = Emulator(free_port(), DataFolder(Path(folder)))
        try:
            running.start()
            yield running.url
        finally:
            running.kill()


@contextmanager
def moto() -> Iterator[None]:
    """Clients that are made meanwhile without an address are answered by moto."""
    from moto import mock_aws  # noqa: PLC0415 (half a second that only its comparison needs)

    with mock_aws(config=LOCAL):
        yield
