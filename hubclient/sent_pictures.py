"""Pictures sent as a supplier sends them: a place is asked for each, and its bytes are put there."""

import hashlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from itertools import groupby
from urllib.parse import urlsplit

from hubclient.hub import TIMEOUT, Hub


class NotTaken(RuntimeError):
    """The store of pictures refused one."""


@dataclass(frozen=True, slots=True)
class PictureToPut:
    """`picture_id` may be named by products before the bytes are put."""

    picture_id: str
    url: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def origin(self) -> tuple[str, str]:
        parts = urlsplit(self.url)
        return parts.scheme, parts.netloc


def open_picture(hub: Hub, body: bytes, key: str, content_type: str = "image/webp") -> PictureToPut:
    """A place for one; the same `key` gives the same."""
    told = {"content_type": content_type, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    made = hub.post("/v1/pictures", told, key=key)
    return PictureToPut(made["picture_id"], made["upload"]["url"], made["upload"]["headers"], body)


def put_pictures(pictures: Iterable[PictureToPut]) -> None:
    """Put them one after another, over one connection a host. Raises NotTaken."""
    for (scheme, host), several in groupby(pictures, lambda picture: picture.origin):
        made = HTTPSConnection if scheme == "https" else HTTPConnection
        with closing(made(host, timeout=TIMEOUT)) as connection:
            for picture in several:
                _put(connection, picture)


def _put(connection: HTTPConnection, picture: PictureToPut) -> None:
    parts = urlsplit(picture.url)
    connection.request("PUT", f"{parts.path}?{parts.query}", picture.body, picture.headers)
    answer = connection.getresponse()
    told = answer.read()
    if answer.status >= 300:
        raise NotTaken(f"{picture.picture_id}: {answer.status} {told[:200].decode(errors='replace')}")
