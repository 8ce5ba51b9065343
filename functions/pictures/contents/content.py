"""A content: the bytes of a picture, kept and made anew once, whoever sends them."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.pictures.reading.rendered import Rendered
from functions.pictures.takedowns.ground import Ground
from shared.pictures.shown_picture import ShownPicture, content_id

CACHED = "public, max-age=300, s-maxage=31536000"
"""Shared caches keep what is served for a year, and are told when it goes; browsers ask again after five minutes."""
MEDIA_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
ORIGINALS = "originals"


@dataclass(frozen=True, slots=True)
class Content:
    """`rights`: what the file said of its maker and of its use, by a word each; nobody has checked it. `hidden_for`: the ground on
    which it is served no more, `gone` for good where it was decided; `moderations` counts how often that changed. `look`: see
    contents/look.py; empty of what was read before it was noted."""

    sha256: str
    shown: ShownPicture
    rights: Mapping[str, str]
    hidden_for: Ground | None = None
    gone: bool = False
    moderations: int = 0
    look: str = ""


def content_of(sha256: str, rendered: Rendered) -> Content:
    shown = ShownPicture(
        content=content_id(sha256), width=rendered.width, height=rendered.height, colour=rendered.colour, blur=rendered.blur
    )
    return Content(sha256, shown, rendered.rights, look=rendered.look)


def original_key(content: str) -> str:
    """Where the bytes lie as they were sent: for ourselves alone."""
    return f"{ORIGINALS}/{content}"
