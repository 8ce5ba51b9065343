"""What a shop's file says of how goods are sold and where they belong, as a product says it: Google's availability, how much a unit holds,
further categories."""

import re
from datetime import datetime
from decimal import ROUND_HALF_UP
from typing import Any

from functions.uploads.values.words import Unreadable
from functions.uploads.values.written import MEASURE, decimal_of, plain, unit_of
from monsoon_plugin.clock import from_rfc3339
from shared.goods.unit_measure import SIZES
from shared.trade.selection import within

Document = dict[str, Any]
BASES = {"mass": "kg", "volume": "l", "length": "m", "area": "m2", "pieces": "ct"}
"""What a price is said for beside, where the file does not say it (Directive 98/6/EC, article 2)."""
HELD_IN = {
    "ltr": "l", "liter": "l", "litre": "l", "liters": "l", "litres": "l", "升": "l", "毫升": "ml", "cbm": "m3", "m³": "m3",
    "sqm": "m2", "m²": "m2", "cm²": "cm2", "piece": "ct", "pieces": "ct", "pcs": "ct", "stück": "ct", "个": "ct", "件": "ct",
}  # fmt: skip
SMALLER = {"kg": "g", "g": "mg", "l": "ml", "cl": "ml", "m3": "l", "m": "cm", "cm": "mm", "m2": "cm2"}
AS_MANY_AS_WANTED, LONGEST, MOST_CATEGORIES = 1_000_000, 365, 5
"""Units that are sold beyond the stock, of which the file says no number; days; other categories of a product."""


def tidy_how_sold(document: Document, at: str) -> None:
    """Of a product or a variant, as of the moment at which its file arrived (RFC 3339, "" where that is not known)."""
    if "available" in (document.get("stock_mode") or {}):
        _availability(document, at)
    measure = document.get("unit_measure") or {}
    if "held" in measure or "base" in measure:
        document["unit_measure"] = _measure(measure.get("held"), measure.get("base"))
    if others := document.get("categories"):
        main = document.get("category") or ""
        kept = [each for each in dict.fromkeys(others) if not within(main, each)]
        document["categories"] = kept[:MOST_CATEGORIES]


def _availability(document: Document, at: str) -> None:
    """What is sold before it is there has no stock, and as many may be ordered as the file says that there are; where nobody says when it
    comes, it is not sold."""
    mode = {name: value for name, value in document.pop("stock_mode").items() if value is not None}
    available, day = mode.pop("available", None), mode.pop("from", None)
    if "mode" in mode:
        document["stock_mode"] = mode
    elif available == "later":
        days = _days(day, at) if day and at else mode.get("days")
        if days and days <= LONGEST:
            units = mode.get("units") or document.get("stock") or AS_MANY_AS_WANTED
            document["stock_mode"] = {"mode": "backorder", "units": min(units, AS_MANY_AS_WANTED), "days": days}
        document["stock"] = 0


def _days(day: str, at: str) -> int:
    """Whole days from `at` until that moment, at least one."""
    until: datetime = from_rfc3339(day)
    return max(1, -((from_rfc3339(at) - until).days))


def _measure(held: tuple[int, str] | None, base: tuple[int, str] | None) -> Document | None:
    """None where nobody says how much a unit holds."""
    if held is None:
        return None
    base = base or (1, "m3" if held[1] == "m3" else BASES[SIZES[held[1]][0]])
    return {"value": held[0], "unit": held[1], "base_value": base[0], "base_unit": base[1]}


def availability_of(text: str) -> str | None:
    """`later` of what is sold before it is there (schema.org's PreOrder and BackOrder, as Google writes them); None of all else."""
    word = re.sub(r"[ _-]", "", plain(text).casefold().rpartition("/")[2])
    return "later" if word in ("preorder", "presale", "backorder") else None


def held_of(text: str, mark: str = "") -> tuple[int, str] | None:
    """How much a unit holds, as a whole number of one of our units: `0.75 l` is 750 ml. None for 0, and for units that are none of ours
    (floz, sqft). Raises Unreadable."""
    found = MEASURE.match(plain(text[:1000]).casefold())
    unit = HELD_IN.get(unit_of(found["unit"] or ""), unit_of(found["unit"] or "")) if found else ""
    if not found or not unit:
        raise Unreadable("measure", text=text[:40])
    if unit not in SIZES:
        return None
    amount = decimal_of(found["number"], "measure", mark, may_be_thousands=True)
    while amount != amount.to_integral_value() and unit in SMALLER:
        size = SIZES[unit][1]
        unit = SMALLER[unit]
        amount = amount * size / SIZES[unit][1]
    if not 0 <= amount <= 10**9:
        raise Unreadable("too-much", text=text[:40])
    return (max(1, int(amount.to_integral_value(ROUND_HALF_UP))), unit) if amount else None
