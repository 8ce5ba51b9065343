"""Draws the demo's pictures: `python -m tools.demo_pictures [--check]`. What lies in demo/pictures is what this makes, byte for byte."""

import argparse
import io
import sys

from PIL import Image

from infra.templates import ROOT
from tools.demo_pictures.canvas import Canvas
from tools.demo_pictures.scenes import SCENES

PICTURES = ROOT / "demo" / "pictures"
COLOURS = 128
"""Of a picture: with so few its file is small, and nobody sees that there were more."""


def drawn(sku: str) -> bytes:
    """The picture of one of the demo's products, as WebP without loss."""
    ground, table, draw = SCENES[sku]
    canvas = Canvas(ground, table=table)
    draw(canvas)
    few, out = canvas.picture.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB"), io.BytesIO()
    few.save(out, "WEBP", lossless=True, quality=60, method=4)
    return out.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if a picture is not what is drawn")
    check = parser.parse_args().check
    others = [sku for sku in SCENES if _is_other(sku, drawn(sku), check=check)]
    for sku in others:
        sys.stderr.write(f"{sku}: {'is not what is drawn' if check else 'drawn'}\n")
    return 1 if check and others else 0


def _is_other(sku: str, body: bytes, *, check: bool) -> bool:
    path = PICTURES / f"{sku}.webp"
    other = not path.exists() or path.read_bytes() != body
    if other and not check:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)
    return other


if __name__ == "__main__":
    sys.exit(main())
