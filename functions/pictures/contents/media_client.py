"""The two buckets of pictures: one private, of what was sent and of originals; one that is served."""

from functions.pictures.contents.content import CACHED, MEDIA_TYPES, original_key
from functions.pictures.places.picture import MOST_BYTES
from functions.pictures.reading.refusal import Refused
from functions.pictures.reading.rendered import Rendered
from shared.aws.clients import client
from shared.files.signed_puts import SignedPuts


class SentPictures(SignedPuts):
    """picture_service.Sent: the private bucket, as the API knows it."""

    def has(self, key: str) -> bool:
        try:
            self._s3.head_object(Bucket=self._name, Key=key)
        except self._s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "404":
                raise
            return False
        return True


class FetchedFiles:
    """fetch_service.Files: the private bucket, as who fetches knows it."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket
        self._s3 = client("s3")

    def put(self, key: str, body: bytes) -> None:
        """As its supplier would: what tells of an arrival tells of this one."""
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)


class PictureFiles:
    """arrival_service.Files."""

    def __init__(self, bucket: str, media_bucket: str) -> None:
        self._bucket, self._media = bucket, media_bucket
        self._s3 = client("s3")

    def sent(self, key: str) -> bytes | None:
        """The file, if there is one. Raises Refused for one that is larger than was signed for."""
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
        except self._s3.exceptions.NoSuchKey:
            return None
        if found["ContentLength"] > MOST_BYTES:
            raise Refused("too-large")
        body: bytes = found["Body"].read()
        return body

    def keep(self, content_id: str, original: bytes, served: Rendered) -> None:
        """Done twice it leaves the same: the keys are the content's."""
        self._s3.put_object(Bucket=self._bucket, Key=original_key(content_id), Body=original)
        for name, body in served.files.items():
            kind = MEDIA_TYPES[name.rpartition(".")[2]]
            self._s3.put_object(Bucket=self._media, Key=f"{content_id}/{name}", Body=body, ContentType=kind, CacheControl=CACHED)

    def drop(self, key: str) -> None:
        self._s3.delete_object(Bucket=self._bucket, Key=key)
