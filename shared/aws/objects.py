"""S3 as a place of small documents (shared.trade.reference_data.Objects)."""

from typing import Any

from shared.aws.clients import client


class S3Objects:
    """One bucket's objects; `s3` is a client for another place than the process's own account."""

    def __init__(self, bucket: str, s3: Any = None) -> None:
        self._bucket, self._s3 = bucket, s3 or client("s3")

    def get(self, key: str) -> bytes | None:
        try:
            found: bytes = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._s3.exceptions.NoSuchKey:
            return None
        return found

    def put(self, key: str, body: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
