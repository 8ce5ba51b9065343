"""The bucket: the only file of uploads that speaks to S3."""

import base64
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from botocore.config import Config

from functions.uploads.files.upload_place import File
from functions.uploads.reading.sniffer import Sniffer
from shared.aws.clients import client

BLOCK = 256 * 1024
REGIONAL: Any = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
"""Addresses name the bucket's region: the global host answers 307, or 400, to whoever puts to a young bucket elsewhere."""
SIGNING = Config(signature_version="s3v4", request_checksum_calculation="when_required", s3=REGIONAL)


class Bucket:
    """The bucket that suppliers put feeds and pictures into."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._s3 = client("s3", config=SIGNING)

    def presign(self, file: File, lifetime: timedelta) -> tuple[str, dict[str, str]]:
        """A presigned PUT bound to type, length and checksum; what lies there already is not replaced (If-None-Match)."""
        what: dict[str, Any] = {
            "Bucket": self._name, "Key": file.key, "ContentType": file.content_type, "ContentLength": file.size, "IfNoneMatch": "*",
        }  # fmt: skip
        headers = {"content-type": file.content_type, "content-length": str(file.size), "if-none-match": "*"}
        if file.sha256 is not None:
            what["ChecksumSHA256"] = headers["x-amz-checksum-sha256"] = base64.b64encode(bytes.fromhex(file.sha256)).decode()
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
        with tempfile.NamedTemporaryFile(suffix=".feed") as file:
            for block in body.iter_chunks(BLOCK):
                sniffer.see(block)
                file.write(block)
            file.flush()
            yield Path(file.name)
