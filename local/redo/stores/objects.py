"""S3's objects are files already, each written beside its place and put there whole. One that could not be written is not said to be there:
the emulator only logs that."""

from typing import Any

from ministack.services import s3

from local.redo.log import NotWritten


def watch() -> None:
    persist = s3._persist_object

    def persisted(bucket: str, key: str, stored: Any) -> None:
        persist(bucket, key, stored)
        if isinstance(stored, dict) and stored.get("body") is not None:  # it keeps in memory what it has not written
            raise NotWritten(f"the hub cannot write the object {bucket}/{key}: is the disk full?")

    s3._persist_object = persisted
