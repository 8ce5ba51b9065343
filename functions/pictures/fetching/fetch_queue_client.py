"""The queue of what is to be fetched: the only file of pictures that speaks to SQS."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

from functions.pictures.fetching.fetch_job import FetchJob
from shared.aws.clients import client
from shared.bounds.message_text import sendable
from shared.iteration import chunks

BATCH = 5
"""Jobs a call: SQS takes 256 KB, and six addresses of 2,000 characters are 13."""


class FetchQueue:
    """fetch_service.Queue."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _sqs(self) -> Any:
        return client("sqs")

    def send(self, jobs: Sequence[FetchJob], delay: timedelta = timedelta(0)) -> None:
        """Let them be taken after `delay`, 15 minutes at most. Raises RuntimeError if SQS did not take one.

        Each is of its account's group: of a queue that is behind, SQS gives those first that have fewer under way (fair queues).
        """
        for some in chunks(jobs, BATCH):
            entries = [
                {
                    "Id": str(i), "MessageBody": sendable(job.model_dump_json()), "DelaySeconds": int(delay.total_seconds()),
                    "MessageGroupId": job.account_id,
                }
                for i, job in enumerate(some)
            ]  # fmt: skip
            failed = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries).get("Failed")
            if failed:
                raise RuntimeError(f"SQS did not take {len(failed)} of {len(entries)} jobs: {failed[0]['Code']}")
