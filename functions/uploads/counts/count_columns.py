"""The columns of a feed that say what its stock is: both may be left out, and so may their cells."""

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

from functions.uploads.counts.stock_count import CountAsk
from functions.uploads.feeds.feed import Fault
from functions.uploads.values.words import fault
from monsoon_plugin.clock import from_rfc3339
from shared.goods.stock_mode import StockCounts
from shared.trade.product import Product

COLUMNS = ("counted_at", "stock_counts")


def count_of(
    cells: Mapping[str, str], product: Product, received_at: str, units: Mapping[str, int] | None = None
) -> CountAsk | list[Fault]:
    """What a row that holds `product` says of its stock in its cells of COLUMNS, or all that is wrong with it.

    `units`: by sku, of what alone is counted; all of the product if absent.
    """
    said, told = cells.get("counted_at", ""), cells.get("stock_counts", "").lower()
    counted_at = _moment(said) if said else None
    faults = []
    if said and counted_at is None:
        faults.append(fault("counted_at", "moment"))
    if told not in ("", *get_args(StockCounts)):
        faults.append(fault("stock_counts", "stock_counts"))
    how = next((word for word in get_args(StockCounts) if word == told), None)
    ask = CountAsk.of(product, counted_at, how) if units is None else CountAsk.of_some(product.sku, units, counted_at, how)
    return [*faults, *(fault("counted_at", "general", what=flaw.detail) for flaw in ask.flaws(from_rfc3339(received_at)))] or ask


def _moment(text: str) -> datetime | None:
    try:
        return from_rfc3339(text)
    except ValueError:
        return None
