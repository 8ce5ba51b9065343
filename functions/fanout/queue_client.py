"""The queues of webhooks: the only file of fanout that speaks to SQS."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cached_property
from typing import Any

from functions.fanout.webhook_delivery.delivery_jobs import Job
from shared.aws.clients import client
from shared.bounds.message_text import sendable
from shared.iteration import chunks

BATCH = 10
"""SQS takes this many messages a call; ten of the largest jobs are far below its 256 KiB."""
LONGEST = 900
"""Seconds that SQS holds a message back at most."""


class SqsQueue:
    """One queue of jobs (delivery_jobs.JobQueue)."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _sqs(self) -> Any:
        return client("sqs")

    def send(self, jobs: Iterable[Job], delay: timedelta = timedelta(0)) -> None:
        """Send all, ten a call. Raises RuntimeError if SQS did not take one."""
        seconds = min(-(-delay // timedelta(seconds=1)), LONGEST)
        for some in chunks(jobs, BATCH):
            entries = [
                {"Id": str(i), "MessageBody": sendable(job.model_dump_json()), "DelaySeconds": seconds} for i, job in enumerate(some)
            ]
            failed = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries).get("Failed")
            if failed:
                raise RuntimeError(f"SQS did not take {len(failed)} of {len(entries)} jobs: {failed[0]['Code']}")
