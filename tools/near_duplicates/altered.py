"""Copies of a picture, altered as people alter them."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

ENDED = 0.04
"""Of each side, that a cut takes away."""


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def half(image: Image.Image) -> bytes:
    return jpeg(image.resize((max(1, image.width // 2), max(1, image.height // 2))))


def cut(image: Image.Image) -> bytes:
    aside, above = round(image.width * ENDED), round(image.height * ENDED)
    return jpeg(image.crop((aside, above, image.width - aside, image.height - above)))


def marked(image: Image.Image) -> bytes:
    copy = image.convert("RGB").copy()
    ImageDraw.Draw(copy).text((copy.width // 3, copy.height * 4 // 5), "shop.example", fill="white", font_size=max(12, copy.width // 14))
    return jpeg(copy)


ALTERED: dict[str, Callable[[Image.Image], bytes]] = {
    "encoded anew, quality 50": lambda image: jpeg(image, 50),
    "half as large": half,
    "marked with a name": marked,
    "4 % cut off each side": cut,
    "mirrored": lambda image: jpeg(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
}
