"""The queue of sanctions: the only file of the catalog that speaks to SQS."""

from functools import cached_property
from typing import Any

from functions.catalog.sanctions.sanction_rollout import SanctionJob
from shared.aws.clients import client


class SanctionQueue:
    """Where pages of a sanction wait to be gone through."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _sqs(self) -> Any:
        return client("sqs")

    def send(self, job: SanctionJob, delay: int) -> None:
        """Let `job` be taken in `delay` seconds, 900 at most."""
        self._sqs.send_message(QueueUrl=self._url, MessageBody=job.model_dump_json(), DelaySeconds=delay)
