"""Who reads pictures in schedules: bytes that say they are one are, and what begins alike looks alike. No pixel is decoded."""

import hashlib

from functions.pictures.reading.refusal import Refused
from functions.pictures.reading.rendered import Rendered

IS_PICTURE = b"picture "
LOOKS = 16
"""Bytes by which a picture is told from those that look otherwise."""


def read(body: bytes) -> Rendered:
    """As functions.pictures.reading.rendering.render. Raises Refused."""
    if not body.startswith(IS_PICTURE):
        raise Refused("not-a-picture")
    look = hashlib.sha256(body[:LOOKS]).hexdigest()[:16]
    files = {name: name.encode() + body for name in ("320.webp", "640.webp", "1280.webp", "1280.jpg")}
    return Rendered(width=900, height=600, colour="#a1b2c3", blur="QUFB", rights={}, look=look, files=files)
