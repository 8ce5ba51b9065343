"""The bucket: the only file of uploads that speaks to S3."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from functions.uploads.reading.sniffer import Sniffer
from shared.files.signed_puts import SignedPuts

BLOCK = 256 * 1024


class Bucket(SignedPuts):
    """The bucket that suppliers put feeds into."""

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
