"""Moments as people and shop systems write them: `2026-11-27`, `2026-11-27 08:00`, `2026-11-27T08:00+0100`; two with a slash between.

And how far ahead a sale may be set.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from functions.uploads.values.words import Unreadable, text_of
from functions.uploads.values.written import plain
from shared.errors import FieldError
from shared.trade.product import Product

AHEAD = timedelta(days=366)
"""A year that is mistyped is told while somebody looks."""
DAY = 10
"""Characters of a date: it is a whole day, in UTC, as is a time without its hours from there."""


def moment_of(text: str, *, end: bool = False) -> str:
    """RFC 3339, in UTC. Of a date its begin, or, as an `end`, the begin of the day after. Raises Unreadable."""
    cell = plain(text[:1000])
    try:
        found = datetime.fromisoformat(cell)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return (found + timedelta(days=end and len(cell) == DAY)).astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        raise Unreadable("sale_moment", text=text[:40]) from None


def day_of(text: str) -> str:
    """From when something can be sent. Raises Unreadable."""
    try:
        return moment_of(text)
    except Unreadable:
        raise Unreadable("available_on", text=text[:40]) from None


def interval_of(text: str) -> tuple[str, str]:
    """Two moments with a slash between (ISO 8601, Google Merchant's sale_price_effective_date). Raises Unreadable."""
    begin, slash, end = plain(text[:1000]).partition("/")
    if not slash:
        raise Unreadable("sale_dates", text=text[:40])
    return moment_of(begin), moment_of(end, end=True)


def sale_flaws(product: Product, now: datetime) -> Iterator[FieldError]:
    """Sales that begin too late, by JSON pointer."""
    several = ((f"/variants/{i}", variant.sale) for i, variant in enumerate(product.variants))
    for place, sale in (("", product.sale), *several):
        if sale and sale.starts_at and sale.starts_at > now + AHEAD:
            yield FieldError(f"{place}/sale/starts_at", text_of("sale_ahead", "en", {}), text_of("sale_ahead", "zh", {}))
