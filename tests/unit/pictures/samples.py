"""Pictures made for tests: good ones, and what pretends to be one."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

PNG = b"\x89PNG\r\n\x1a\n"


def photo(width: int = 800, height: int = 600, mode: str = "RGB", kind: str = "JPEG", **how: Any) -> bytes:
    """Light in the middle."""
    out = io.BytesIO()
    image = Image.radial_gradient("L").resize((width, height))
    grey16 = image.convert("I").point(lambda value: value * 257) if mode == "I;16" else image
    grey16.convert(mode).save(out, kind, **how)
    return out.getvalue()


def halves(left: Any, right: Any, mode: str = "RGB", kind: str = "PNG", size: tuple[int, int] = (200, 100), **how: Any) -> bytes:
    """One colour on the left, another on the right."""
    image, out = Image.new(mode, size, left), io.BytesIO()
    image.paste(right, (size[0] // 2, 0, *size))
    image.save(out, kind, **how)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, bits: int = 8, colour: int = 2) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return PNG + header + b"".join(chunks) + chunk(b"IEND", b"")


def flat(width: int, height: int, sample_bytes: int) -> bytes:
    """The data of a black PNG."""
    packer, row = zlib.compressobj(9), b"\0" * (1 + width * sample_bytes)
    return chunk(b"IDAT", b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()]))


def jpeg_of(width: int, height: int) -> bytes:
    """A header alone."""
    return b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])


def webp_of(width: int, height: int) -> bytes:
    return b"RIFF\x1a\0\0\0WEBPVP8L\r\0\0\0/" + struct.pack("<I", width - 1 | height - 1 << 14) + b"\0" * 9


def moving(kind: str, frames: int = 20) -> bytes:
    out, images = io.BytesIO(), [Image.new("RGB", (16, 16), (n % 256, 0, 0)) for n in range(frames)]
    images[0].save(out, kind, save_all=True, append_images=images[1:], duration=10)
    return out.getvalue()


def ten_thousand_frames() -> bytes:
    body = moving("PNG")
    at, told = body.index(b"acTL"), struct.pack(">II", 10_000, 0)
    return body[: at - 4] + chunk(b"acTL", told) + body[at + 16 :]


def many_scans() -> bytes:
    """A progressive JPEG of 25 million pixels whose last scan comes again and again: each time all of them are looked at."""
    body = photo(5000, 5000, "L", progressive=True, quality=20)
    last = body[body.rindex(b"\xff\xda") : -2]
    return body[:-2] + last * 3000 + body[-2:]


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


POLYGLOTS = {
    "a web page": (b"<!DOCTYPE html><script>alert(1)</script>", "wrong-type", "HTML"),
    "a web page behind a byte order mark": (b"\xef\xbb\xbf\n<HTML>", "wrong-type", "HTML"),
    "a drawing with a script": (b'<?xml version="1.0"?><svg onload="alert(1)">', "wrong-type", "SVG"),
    "a GIF": (b"GIF89a" + b"\0" * 50, "wrong-type", "GIF"),
    "a telephone's HEIC": (b"\0\0\0\x18ftypheic" + b"\0" * 50, "wrong-type", "HEIC"),
    "an archive": (b"PK\3\4" + b"\0" * 50, "wrong-type", "ZIP"),
    "nothing that anybody knows": (b"\x38\xf2\xaf\x67" * 30, "not-a-picture", ""),
    "one byte": (b"\xff", "not-a-picture", ""),
}
BOMBS = {
    "a PNG of 50,000 × 50,000": (png(50_000, 50_000), "too-many-pixels"),
    "a JPEG of 50,000 × 50,000": (jpeg_of(50_000, 50_000), "too-many-pixels"),
    "a WebP of 16,384 × 16,384": (webp_of(16_384, 16_384), "too-many-pixels"),
    "a PNG a pixel too long": (png(20_001, 1, flat(20_001, 1, 3)), "too-long"),
    "a JPEG a pixel wide and as long as it can be": (jpeg_of(1, 65_535), "too-long"),
    "a PNG of 10,000 frames": (ten_thousand_frames(), "animated"),
    "a WebP that moves": (moving("WEBP"), "animated"),
    "a profile of half a gigabyte": (png(9, 9, chunk(b"iCCP", b"a\0\0" + zlib.compress(b"\0" * 99_000_000)), flat(9, 9, 3)), "damaged"),
    "texts of half a gigabyte": (
        png(9, 9, *[chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 1_000_000))] * 99, flat(9, 9, 3)), "damaged",
    ),
    "a JPEG that is cut off": (photo()[:4000], "damaged"),
    "a PNG that is cut off": (photo(kind="PNG")[:4000], "damaged"),
    "a WebP that is cut off": (photo(kind="WEBP")[:1000], "damaged"),
    "no pixels": (png(0, 5), "damaged"),
    "a JPEG without a frame": (b"\xff\xd8\xff\xe0\0\x04ab" * 9, "damaged"),
}  # fmt: skip
