"""A product that a feed names twice by other names is taken once, and the rows beside it are taken."""

import json

import pytest

from tests.unit.uploads.conftest import Uploads
from tests.unit.uploads.samples import product

OURS = "sku,title_en,category,price,currency,stock\nA-1,a,hg-3-2,1,EUR,1\n'A-1,b,hg-3-2,2,EUR,2\nB-1,b,hg-3-2,2,EUR,2\n"
SHOPIFY = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty\na,A,A-1,1,1\nb,B,A-1,2,1\nc,C,B-1,2,1\n"
WHOLE = "".join(json.dumps(product(sku=sku, stock=stock)) + "\n" for stock, sku in enumerate(("A-1", "A-1", "B-1")))


@pytest.mark.parametrize("file", [OURS, SHOPIFY, WHOLE])
def test_the_second_row_is_told_and_the_others_are_taken(uploads: Uploads, file: str) -> None:
    feed_id = uploads.feed(file.encode(), constants={"currency": "EUR", "category": "hg-3-2"})
    told = [(row["status"], [error["code"] for error in row["errors"]]) for row in uploads.report(feed_id)["items"]]
    assert told == [("submitted", []), ("failed", ["repeated-sku"]), ("submitted", [])]
