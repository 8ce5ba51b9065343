"""Where snapshots lie in S3, and the scratch space of a process."""

import atexit
import shutil
import tempfile
from pathlib import Path

from shared.aws.objects import S3Objects


class SnapshotObjects(S3Objects):
    """A bucket of snapshots (functions.storefronts.index.index_snapshots.Objects)."""

    def delete(self, key: str) -> None:
        self._s3.delete_object(Bucket=self._bucket, Key=key)


def scratch() -> Path:
    """An empty folder of this process's own, which ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="monsoon-index-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
