"""What a document is by its first bytes: couriers' files are not always what their names say."""

from typing import Final

BEGINNINGS: Final = {b"%PDF-": "application/pdf", b"\x89PNG\r\n": "image/png"}
ZPL_WITHIN = 200
"""A ZPL label begins with ^XA, after settings of the printer in few bytes."""


def media_type_of(content: bytes) -> str | None:
    """The media type of a document that can be printed; None if it is none."""
    known = next((media_type for beginning, media_type in BEGINNINGS.items() if content.startswith(beginning)), None)
    return known or ("application/zpl" if b"^XA" in content[:ZPL_WITHIN] else None)
