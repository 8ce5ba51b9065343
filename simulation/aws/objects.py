"""S3: buckets of objects in memory, as far as the services ask."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from botocore.response import StreamingBody

from simulation.aws.door import Answer, NotSimulated, Raw, found, refusal

OBJECTS = 200
"""Objects whose digest is remembered."""


class S3:
    """Objects by bucket and key."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}

    def answer(self, operation: str, raw: Raw, request: Mapping[str, Any]) -> Answer:
        key = (str(raw["Bucket"]), str(raw.get("Key", "")))
        if operation == "PutObject":
            self.objects[key] = _whole(raw["Body"])
            return found(ETag=_etag(self.objects[key]))
        if operation == "DeleteObject":
            self.objects.pop(key, None)
            return found(status=204)
        if operation == "CopyObject":
            bucket, _, name = unquote(raw["CopySource"]).partition("/")
            return self._copied(key, (bucket, name))
        if operation == "ListObjectsV2":
            names = sorted(k for b, k in self.objects if b == key[0] and k.startswith(raw.get("Prefix", "")))
            return found(Contents=[{"Key": name, "Size": len(self.objects[key[0], name])} for name in names], IsTruncated=False)
        if operation not in ("GetObject", "HeadObject"):
            raise NotSimulated(f"s3 {operation}")
        if key not in self.objects:
            return refusal(404, "NoSuchKey" if operation == "GetObject" else "404", "there is no such object")
        body = self.objects[key]
        return found(Body=StreamingBody(BytesIO(body), len(body)), ContentLength=len(body), ETag=_etag(body))

    def _copied(self, key: tuple[str, str], source: tuple[str, str]) -> Answer:
        if source not in self.objects:
            return refusal(404, "NoSuchKey", "there is no such object")
        self.objects[key] = self.objects[source]
        return found(CopyObjectResult={"ETag": _etag(self.objects[key])})


def _whole(body: Any) -> bytes:
    """What is sent, each time that it is: a file is read from its beginning, as botocore reads it for a second try."""
    if isinstance(body, bytes | str):
        return body if isinstance(body, bytes) else body.encode()
    body.seek(0)
    read: bytes = body.read()
    return read


@lru_cache(OBJECTS)
def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
