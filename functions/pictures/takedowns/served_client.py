"""The files of contents that are hidden, or served again: put into the private bucket, and back into the one that is served."""

from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from functions.pictures.contents.content import Content, original_key
from shared.aws.clients import client
from shared.pictures.shown_picture import JPEG_SIZE, media_key, sizes_of

HIDDEN = "hidden/"


class ServedFiles:
    """moderation_service.Served."""

    def __init__(self, bucket: str, media_bucket: str, distribution: str) -> None:
        """`distribution`: the id of the CloudFront distribution before the media bucket; empty where another CDN stands, or none."""
        self._bucket, self._media, self._distribution = bucket, media_bucket, distribution

    @cached_property
    def _s3(self) -> Any:
        return client("s3")

    def hide(self, content: Content) -> None:
        for key in _keys(content):
            if self._copy(self._media, key, self._bucket, HIDDEN + key):
                self._s3.delete_object(Bucket=self._media, Key=key)
        if self._distribution:
            paths = {"Quantity": 1, "Items": [f"/{content.shown.content}/*"]}
            batch = {"Paths": paths, "CallerReference": f"{content.shown.content}-{content.moderations}"}
            client("cloudfront").create_invalidation(DistributionId=self._distribution, InvalidationBatch=batch)

    def show(self, content: Content) -> None:
        """What was hidden stays in the private bucket: of one who hides, and one who shows at the same moment, the first would else take
        away what the other has just put there, and neither place would have it."""
        for key in _keys(content):
            self._copy(self._bucket, HIDDEN + key, self._media, key)

    def destroy(self, content: Content) -> None:
        for key in (*(HIDDEN + key for key in _keys(content)), original_key(content.shown.content)):
            self._s3.delete_object(Bucket=self._bucket, Key=key)

    def _copy(self, bucket: str, key: str, to_bucket: str, to_key: str) -> bool:
        """With its type and what caches are told; False for what is not there."""
        try:
            self._s3.copy_object(Bucket=to_bucket, Key=to_key, CopySource={"Bucket": bucket, "Key": key})
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("NoSuchKey", "404"):
                raise
            return False
        return True


def _keys(content: Content) -> list[str]:
    shown = content.shown
    webp = [media_key(shown.content, size) for size, _, _ in sizes_of(shown.width, shown.height)]
    return [*webp, media_key(shown.content, JPEG_SIZE, "jpg")]
