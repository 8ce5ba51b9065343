"""The retailer's goods as a supplier's CSV feed. Pure. What the file does not say is assumed, and said here."""

import csv
import io
from collections.abc import Iterable

from tools.replay.retailer.sales_file import Good

ASSUMED = {
    "category": "hg-3",  # Home & Garden > Decor: the retailer sells giftware
    "currency": "GBP",
    "weight_g": "250",
    "length_mm": "150",
    "width_mm": "100",
    "height_mm": "80",
    "hs_code": "392640",  # statuettes and other ornamental articles, of plastics
    "origin": "CN",
}
"""The same for every good."""
MOST_STOCK = 100_000
COLUMNS = ("sku", "title_en", "price", "stock", *ASSUMED)


def stock_of(good: Good) -> int:
    """Units on hand at the start: as many as the file sells, at most MOST_STOCK. So a replay of any part of it finds them."""
    return min(good.sold, MOST_STOCK)


def feed_of(goods: Iterable[Good]) -> bytes:
    """The feed's file, by stock code, so that the same goods always make the same bytes."""
    text = io.StringIO()
    feed = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    feed.writeheader()
    for good in sorted(goods, key=lambda good: good.code):
        pounds = f"{good.price // 100}.{good.price % 100:02}"
        feed.writerow({"sku": good.code, "title_en": good.title, "price": pounds, "stock": stock_of(good), **ASSUMED})
    return text.getvalue().encode()
