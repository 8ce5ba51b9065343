"""The catalog's own queue, of jobs that go through a supplier's products page by page: its only file that speaks to SQS."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from shared.aws.clients import client

SendJob = Callable[[BaseModel, int], None]
"""Puts a job on the queue, to be taken after so many seconds."""


class JobQueue:
    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _sqs(self) -> Any:
        return client("sqs")

    def send(self, job: BaseModel, delay: int) -> None:
        """Let `job` be taken in `delay` seconds, 900 at most."""
        self._sqs.send_message(QueueUrl=self._url, MessageBody=job.model_dump_json(), DelaySeconds=delay)
