"""The queues of arrived files and of chunks: the only file of uploads that speaks to SQS."""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from functions.uploads.feeds.feed import Chunk
from shared.aws.clients import client
from shared.bounds.bounded_lists import bounded_lists
from shared.bounds.message_text import sendable

BATCH, BATCH_BYTES = 10, 256_000
"""SQS takes this many messages and, staying under its oldest limit of 256 KiB, this many bytes a call."""


class ArrivalQueue:
    """The queue that S3 tells of files: who tells it again has a file read."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _sqs(self) -> Any:
        return client("sqs")

    def send(self, key: str, at: str, attempt: int = 0, wait: int = 0, step: str = "") -> None:
        """Tell that the file under `key` arrived `at` that moment (RFC 3339), after `wait` seconds, at most 900.

        `step`: of its archiving, where it is not to be read but has been.
        """
        notice = {"eventTime": at, "s3": {"object": {"key": quote_plus(key)}}, "attempt": attempt} | ({"step": step} if step else {})
        self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps({"Records": [notice]}), DelaySeconds=wait)


class ChunkQueue:
    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _sqs(self) -> Any:
        return client("sqs")

    def send(self, chunks: Iterable[Chunk]) -> int:
        """Send all chunks, ten a call; answers how many. Raises RuntimeError if SQS did not take one."""
        sent, texts = 0, (sendable(chunk.model_dump_json()) for chunk in chunks)
        for bodies in bounded_lists(texts, BATCH, BATCH_BYTES, lambda body: len(body.encode())):
            entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(bodies)]
            failed = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries).get("Failed")
            if failed:
                raise RuntimeError(f"SQS did not take {len(failed)} of {len(entries)} chunks: {failed[0]['Code']}")
            sent += len(entries)
        return sent
