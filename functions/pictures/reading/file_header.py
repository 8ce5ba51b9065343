"""What a file is, by its first bytes and never by its name, and how many pixels it says it has: before anything is decoded.

JPEG: ITU-T T.81, B.1. PNG: W3C PNG (third edition), 5 and 11. WebP: RFC 9649, 2. What a decoder would reserve memory for is in them,
so that a picture of 50,000 × 50,000 costs a look at some bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from functions.pictures.reading.refusal import Refused
from shared.pictures.shown_picture import MAX_PIXELS, MOST_SIDE

Kind = Literal["JPEG", "PNG", "WEBP"]
MOST_SEGMENTS = 4000
"""Of a file, before its picture begins: real ones have some dozens, and an ICC profile at most 255 of them."""
PNG = b"\x89PNG\r\n\x1a\n"
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that begin a frame, which says its size."""
ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length."""
OTHERS = (
    (b"GIF8", "GIF"), (b"%PDF", "PDF"), (b"BM", "BMP"), (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"8BPS", "Photoshop (PSD)"),
    (b"PK\3\4", "ZIP"), (b"\0\0\1\0", "ICO"), (b"\xff\x0a", "JPEG XL"), (b"\0\0\0\x0cJXL ", "JPEG XL"), (b"\0\0\0\x0cjP  ", "JPEG 2000"),
)  # fmt: skip
BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF"}
"""Of ISO base media files (ISO/IEC 14496-12), by what they begin with after their length and `ftyp`."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says. `width` and `height` in pixels, not turned yet."""

    kind: Kind
    width: int
    height: int


def header_of(body: bytes) -> Header:
    """Raises Refused: for what is none of the three, moves, has more than MAX_PIXELS or a side over MOST_SIDE, or does not say its size."""
    try:
        found = _header(body)
    except IndexError as error:
        raise Refused("damaged") from error
    if found.width < 1 or found.height < 1:
        raise Refused("damaged")
    if found.width * found.height > MAX_PIXELS:
        raise Refused("too-many-pixels", f"{found.width:,} × {found.height:,}")
    if max(found.width, found.height) > MOST_SIDE:
        raise Refused("too-long", f"{found.width:,} × {found.height:,}")
    return found


def _header(body: bytes) -> Header:
    if body.startswith(b"\xff\xd8\xff"):
        return _jpeg(body)
    if body.startswith(PNG):
        return _png(body)
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return _webp(body)
    name = named(body)
    raise Refused("wrong-type", name) if name else Refused("not-a-picture")


def named(body: bytes) -> str:
    """What people call such a file; empty if nobody knows."""
    known = next((name for begins, name in OTHERS if body.startswith(begins)), None) or (
        BRANDS.get(body[8:12], "video") if body[4:8] == b"ftyp" else None
    )
    if known:
        return known
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in start:
        return "SVG"
    return "HTML" if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script", b"<body", b"<!--")) else ""


def _jpeg(body: bytes) -> Header:
    at = 2
    for _ in range(MOST_SEGMENTS):
        if body[at] != 0xFF:
            raise Refused("damaged")
        marker = body[at + 1]
        if marker == 0xFF:  # any marker may be preceded by fill bytes
            at += 1
        elif marker in ALONE:
            at += 2
        elif marker in FRAMES:
            return Header("JPEG", _big(body, at + 7, 2), _big(body, at + 5, 2))
        else:
            at += 2 + _big(body, at + 2, 2)
    raise Refused("damaged")


def _png(body: bytes) -> Header:
    if body[12:16] != b"IHDR":
        raise Refused("damaged")
    if any(kind == b"acTL" for kind in _png_chunks(body)):
        raise Refused("animated")
    return Header("PNG", _big(body, 16, 4), _big(body, 20, 4))


def _png_chunks(body: bytes) -> Iterator[bytes]:
    """The names of the chunks before the picture itself."""
    at = len(PNG)
    for _ in range(MOST_SEGMENTS):
        kind = body[at + 4 : at + 8]
        if kind in (b"IDAT", b"IEND", b""):
            return
        yield kind
        at += 12 + _big(body, at, 4)


def _webp(body: bytes) -> Header:
    kind = body[12:16]
    if kind == b"VP8X":
        if body[20] & 0x02:
            raise Refused("animated")
        return Header("WEBP", _little(body, 24, 3) + 1, _little(body, 27, 3) + 1)
    if kind == b"VP8L" and body[20] == 0x2F:
        bits = _little(body, 21, 4)
        return Header("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 " and body[23:26] == b"\x9d\x01\x2a":
        return Header("WEBP", _little(body, 26, 2) & 0x3FFF, _little(body, 28, 2) & 0x3FFF)
    raise Refused("damaged")


def _big(body: bytes, at: int, count: int) -> int:
    body[at + count - 1]  # beyond the end: IndexError
    return int.from_bytes(body[at : at + count], "big")


def _little(body: bytes, at: int, count: int) -> int:
    body[at + count - 1]
    return int.from_bytes(body[at : at + count], "little")
