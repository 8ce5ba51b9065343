"""The demo's goods have pictures of their own, drawn by code."""

import json

import pytest

from functions.pictures.reading.rendering import render
from infra.templates import ROOT
from tools.demo_pictures.__main__ import PICTURES, drawn
from tools.demo_pictures.scenes import SCENES

MOST_BYTES = 12 * 1024


def test_each_product_of_the_demo_has_a_picture_and_there_are_no_others():
    told = json.loads((ROOT / "demo" / "products.json").read_text())
    assert {product["sku"] for supplier in told["suppliers"] for product in supplier["products"]} == SCENES.keys()
    assert {path.stem for path in PICTURES.iterdir()} == SCENES.keys()


@pytest.mark.parametrize("sku", sorted(SCENES)[::7])
def test_what_lies_there_is_what_is_drawn(sku: str):
    assert (PICTURES / f"{sku}.webp").read_bytes() == drawn(sku)


def test_pictures_are_small_and_the_hub_can_show_them():
    assert max(path.stat().st_size for path in PICTURES.iterdir()) <= MOST_BYTES
    shown = render((PICTURES / "RK-MUG-CEL.webp").read_bytes())
    assert (shown.width, shown.height, len(shown.files)) == (800, 800, 4)
