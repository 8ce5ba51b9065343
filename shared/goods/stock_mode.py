"""How goods are sold beside their stock: by the count of it, always, or beyond it (schema.org's InStock and BackOrder)."""

from typing import Annotated, Literal

from pydantic import Field

from monsoon_plugin.value import Value

ENDLESS = 10**15
"""So many units below 0 an offer goes that is always available: more than anybody orders."""


class Counted(Value):
    """No more than were counted are sold: what holds where nothing is said."""

    mode: Literal["counted"]


class Always(Value):
    """It never runs out: made to order, or delivered from a stock that nobody counts. Its `stock` counts for nothing: write 0."""

    mode: Literal["always"]


class Backorder(Value):
    """Where none is left it is sold all the same, up to so many units, and sent once they are there."""

    mode: Literal["backorder"]
    units: int = Field(ge=1, le=1_000_000, description="so many may be ordered that are not there yet")
    days: int = Field(ge=1, le=365, description="within so many days what is ordered so can be sent")


STOCK_MODES = ("counted", "always", "backorder")
StockMode = Annotated[Counted | Always | Backorder, Field(discriminator="mode")]

StockCounts = Literal["available", "on_hand"]
"""Whether the units of orders that are not dispatched yet are taken off a supplier's number (a shop system's), or not (a shelf's)."""
BackorderBound = Annotated[
    Literal["", "full", "open"],
    Field(description="`full`: as much is ordered beyond the stock as may be; `open`: it was, and is so no more. Both only out of stock"),
]


def floor_of(mode: StockMode | None) -> int:
    """How far the stock may fall by orders: 0, or below it."""
    match mode:
        case Always():
            return -ENDLESS
        case Backorder():
            return -mode.units
        case _:
            return 0


def is_there(stock: int, mode: StockMode | None) -> bool:
    """Whether goods of so many units are in stock, as far as their supplier says."""
    return stock > 0 or isinstance(mode, Always)


def backorder_days(mode: StockMode | None) -> int | None:
    """Within how many days what is ordered beyond the stock can be sent; None if nothing is."""
    return mode.days if isinstance(mode, Backorder) else None
