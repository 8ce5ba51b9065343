"""A picture that is shown: what its file was, and the sizes in which it is served. Its bytes lie in the media bucket by its content."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from monsoon_plugin.value import Value
from shared.ids import derived_id

SIZES = (320, 640, 1280)
"""Pixels of the longer side, of WebP for pages; JPEG_SIZE of JPEG beside it, for mail and for channels that take nothing else."""
JPEG_SIZE = SIZES[-1]
MAX_PIXELS = 25_000_000
"""Of a picture as it is sent: decoded, it takes 100 MB."""
MOST_SIDE = 20_000
"""Pixels of its longer side: ten screens of a long description. What is longer and a pixel wide takes twice the memory of any other."""

ContentId = Annotated[str, StringConstraints(pattern=r"^img_[0-9A-HJKMNP-TV-Z]{26}$")]
"""The same bytes have the same one, whoever sends them."""
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Blur = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/=]{1,400}$")]
"""A WebP of a few pixels, in base64: any browser shows it, stretched, until the picture itself is there."""
Side = Annotated[int, Field(ge=1, le=MAX_PIXELS)]


class ShownPicture(Value):
    """What whoever shows a picture must know; its addresses follow from it."""

    content: ContentId
    width: Side = Field(description="pixels, as it was sent, upright")
    height: Side
    colour: Colour = Field(description="what it is on the whole, #rrggbb")
    blur: Blur


def content_id(sha256: str) -> str:
    """The id of the content with this checksum, in hexadecimal."""
    return derived_id("img", sha256)


def sizes_of(width: int, height: int) -> list[tuple[int, int, int]]:
    """The sizes in which a picture of that many pixels is kept, each with its width and height; none larger than the picture itself."""
    return list(_sizes(width, height))


def _sizes(width: int, height: int) -> Iterator[tuple[int, int, int]]:
    longer = max(width, height)
    for i, size in enumerate(SIZES):
        if i and longer <= SIZES[i - 1]:
            return
        yield size, *fitted(width, height, size)


def fitted(width: int, height: int, size: int) -> tuple[int, int]:
    """Width and height with the longer side `size` at most, a pixel at least."""
    longer = max(width, height)
    if longer <= size:
        return width, height
    return max(1, round(width * size / longer)), max(1, round(height * size / longer))


def media_key(content: str, size: int, kind: str = "webp") -> str:
    """Where a size of a content lies, in the media bucket and behind the media's address."""
    return f"{content}/{size}.{kind}"
