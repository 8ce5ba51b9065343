"""Places in the bucket where a supplier puts one file: bound to its type, length and checksum, for a quarter of an hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

UPLOAD_TIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class File:
    """A file that shall be put under `key`. `size` in bytes, `sha256` in hexadecimal if it is known."""

    key: str
    content_type: str
    size: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class UploadPlace:
    """Where the bytes go, and the headers that must come with them."""

    url: str
    headers: Mapping[str, str]
    expires_at: datetime


class Files(Protocol):
    """The bucket."""

    def presign(self, file: File, lifetime: timedelta) -> tuple[str, dict[str, str]]:
        """A presigned PUT for exactly such a file: its URL and headers."""
        ...


def open_place(files: Files, file: File, now: datetime) -> UploadPlace:
    url, headers = files.presign(file, UPLOAD_TIME)
    return UploadPlace(url, headers, now + UPLOAD_TIME)
