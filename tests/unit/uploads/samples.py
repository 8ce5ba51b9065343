"""Products and feeds for the tests of uploads."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from functions.uploads.changes.partial_reader import PartialReader
from functions.uploads.defaults.product_defaults import Filled
from functions.uploads.feeds.feed import Chunk, Row
from functions.uploads.products.submission import Submission
from functions.uploads.values.categories import Categories
from shared.trade.product import Product

COLUMNS = [
    "sku", "title_en", "title_zh", "description_en", "category", "price", "currency", "stock", "weight_g", "length_mm", "width_mm",
    "height_mm", "hs_code", "origin", "pictures", "gtin", "tier1_min", "tier1_price",
]  # fmt: skip
CELLS = ["A-1", "White lantern", "白灯笼", "For the garden", "hg-3-2", "2.55", "EUR", "40", "310", "100", "90", "80", "940550", "CN",
         "", "", "", ""]  # fmt: skip
NAMES = [["hg", "Home & Garden"], ["hg-3", "Home & Garden > Decor"], ["hg-3-2", "Home & Garden > Decor > Lanterns"],
         ["aa-1-2", "Apparel & Accessories > Clothing > Dresses"]]  # fmt: skip
CATEGORIES = Categories(NAMES, [["1604", "Apparel & Accessories > Clothing", "aa-1-2"]])
ACCOUNT = "acc_1"
MORNING = "2026-11-01T08:00:00.000Z"


def product(**changes: Any) -> dict[str, Any]:
    """A good product as JSON."""
    return {
        "sku": "A-1", "texts": {"en": {"title": "White lantern"}}, "category": "hg-3-2", "price": {"amount": 255, "currency": "EUR"},
        "stock": 40, "weight": 310, "size": {"length": 100, "width": 90, "height": 80}, "hs_code": "940550", "origin": "CN",
    } | changes  # fmt: skip


class NoProducts:
    """Of a supplier who has none."""

    def products(self, supplier_id: str, product_ids: object) -> dict[str, tuple[Submission, Product]]:
        return {}


NOTHING_PARTIAL = PartialReader(NoProducts())


def unfilled(supplier_id: str, products: Sequence[Product]) -> list[Filled]:
    """Of a supplier who has no defaults."""
    return [Filled(product) for product in products]


def row(number: int = 2, **cells: str) -> Row:
    """A good row with some cells changed."""
    return Row(number=number, cells=[cells.get(column, cell) for column, cell in zip(COLUMNS, CELLS, strict=True)])


def chunk(*rows: Row, number: int = 1, as_of: str = MORNING, feed_id: str = "fd_1") -> Chunk:
    return Chunk(account_id=ACCOUNT, feed_id=feed_id, as_of=as_of, number=number, columns=COLUMNS, rows=list(rows))


def file_of(*rows: list[str], columns: list[str] = COLUMNS) -> str:
    """A CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    return text.getvalue()
