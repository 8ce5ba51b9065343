"""The bucket and the queue: the only file of uploads that speaks to S3 and SQS."""

import base64
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from botocore.config import Config

from functions.uploads.feeds.csv_encoding import Sniffer
from functions.uploads.feeds.csv_rows import packed
from functions.uploads.feeds.feed import Chunk
from shared.aws.clients import client

BLOCK = 256 * 1024
BATCH, BATCH_BYTES = 10, 256_000
"""SQS takes this many messages and, staying under its oldest limit of 256 KiB, this many bytes a call."""


class Bucket:
    """The bucket that suppliers put feeds and pictures into."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._s3 = client("s3", config=Config(signature_version="s3v4", request_checksum_calculation="when_required"))

    def place(self, key: str, content_type: str, size: int, sha256: str | None, lifetime: timedelta) -> tuple[str, dict[str, str]]:
        """A presigned PUT bound to type, length and checksum; what lies there already is not replaced (If-None-Match)."""
        what: dict[str, Any] = {"Bucket": self._name, "Key": key, "ContentType": content_type, "ContentLength": size, "IfNoneMatch": "*"}
        headers = {"content-type": content_type, "content-length": str(size), "if-none-match": "*"}
        if sha256 is not None:
            what["ChecksumSHA256"] = headers["x-amz-checksum-sha256"] = base64.b64encode(bytes.fromhex(sha256)).decode()
        return str(self._s3.generate_presigned_url("put_object", what, int(lifetime.total_seconds()))), headers

    def size(self, key: str) -> int | None:
        """The object's bytes; None if there is none."""
        try:
            return int(self._s3.head_object(Bucket=self._name, Key=key)["ContentLength"])
        except self._s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "404":
                raise
            return None

    @contextmanager
    def copied(self, key: str, sniffer: Sniffer) -> Iterator[Path]:
        """A copy on disk, BLOCK bytes in memory at a time; the sniffer sees every block before it is kept."""
        body = self._s3.get_object(Bucket=self._name, Key=key)["Body"]
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            for block in body.iter_chunks(BLOCK):
                sniffer.see(block)
                file.write(block)
            file.flush()
            yield Path(file.name)


class Queue:
    """The queue of chunks."""

    def __init__(self, url: str) -> None:
        self._url = url

    @cached_property
    def _sqs(self) -> Any:
        """Made when first sent with: the HTTP side holds a queue and never sends."""
        return client("sqs")

    def send(self, chunks: Iterable[Chunk]) -> int:
        """Send all chunks, ten a call; answers how many. Raises RuntimeError if SQS did not take one."""
        sent = 0
        for bodies in packed((chunk.model_dump_json() for chunk in chunks), BATCH, BATCH_BYTES, lambda body: len(body.encode())):
            entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(bodies)]
            failed = self._sqs.send_message_batch(QueueUrl=self._url, Entries=entries).get("Failed")
            if failed:
                raise RuntimeError(f"SQS did not take {len(failed)} of {len(entries)} chunks: {failed[0]['Code']}")
            sent += len(entries)
        return sent
