"""A picture that looks like itself and like no other."""

import random

from PIL import Image, ImageDraw, ImageFilter

from tools.near_duplicates.altered import jpeg


def noise(seed: int) -> bytes:
    """A picture of soft spots, others for each seed."""
    chance, image = random.Random(seed), Image.new("RGB", (400, 300), "#808080")
    for _ in range(14):
        x, y, size = chance.randrange(340), chance.randrange(240), chance.randrange(40, 160)
        ImageDraw.Draw(image).ellipse((x, y, x + size, y + size), fill=tuple(chance.randrange(256) for _ in "rgb"))
    return jpeg(image.filter(ImageFilter.GaussianBlur(4)))
