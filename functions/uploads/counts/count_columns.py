"""The columns of a feed that say what its stock is: both may be left out, and so may their cells."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from functions.uploads.counts.stock_count import CountAsk
from functions.uploads.feeds.feed import Fault, Row
from monsoon_plugin.clock import from_rfc3339
from shared.messages import StockCounts

COLUMNS = ("counted_at", "stock_counts")


def count_of(columns: Sequence[str], row: Row, stock: int, received_at: str) -> CountAsk | list[Fault]:
    """What a row that holds a product says of its `stock`, or all that is wrong with it."""
    cells = {column: cell.strip() for column, cell in zip(columns, row.cells, strict=True) if column in COLUMNS}
    said, told = cells.get("counted_at", ""), cells.get("stock_counts", "").lower()
    counted_at = _moment(said) if said else None
    faults = []
    if said and counted_at is None:
        faults.append(_fault("counted_at", "write the moment as 2026-11-30T08:15:00+01:00, with the hours from UTC"))
    if told not in ("", *get_args(StockCounts)):
        faults.append(_fault("stock_counts", "write available (orders that are not sent yet are taken off) or on_hand (they are not)"))
    how = next((word for word in get_args(StockCounts) if word == told), None)
    ask = CountAsk(stock=stock, counted_at=counted_at, stock_counts=how)
    return [*faults, *(_fault("counted_at", flaw.detail) for flaw in ask.flaws(from_rfc3339(received_at)))] or ask


def _moment(text: str) -> datetime | None:
    try:
        return from_rfc3339(text)
    except ValueError:
        return None


def _fault(column: str, detail: str) -> Fault:
    return Fault(column=column, code="invalid", detail=detail)
