"""Presigned PUTs of S3: a browser, or a shop's program, sends a file to a bucket without going through a function."""

import base64
from datetime import timedelta
from typing import Any

from botocore.config import Config

from shared.aws.clients import client
from shared.files.upload_place import File

REGIONAL: Any = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
"""Addresses name the bucket's region: the global host answers 307, or 400, to whoever puts to a young bucket elsewhere."""
SIGNING = Config(signature_version="s3v4", request_checksum_calculation="when_required", s3=REGIONAL)


class SignedPuts:
    """upload_place.Files, of one bucket."""

    def __init__(self, bucket: str) -> None:
        self._name = bucket
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
