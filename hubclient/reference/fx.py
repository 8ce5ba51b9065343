"""The European Central Bank's euro foreign exchange reference rates, as it publishes them: eurofxref-hist or eurofxref-daily, CSV or zip.

A line a day: `Date,USD,JPY,…`, how much of each currency one euro buys, `N/A` where there was no rate. The day's own file writes its
date in words (`30 October 2026`) and blanks after the commas.

Source: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict

from hubclient.reference.flaw import Flaw, Flawed, text_of
from monsoon_plugin.money import currency_code

DAILY = "%d %B %Y"
"""How the daily file writes its day: `30 October 2026`."""
MAX_BYTES = 64_000_000
"""What a file may unpack to; the whole history since 1999 has 2."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error)
"""What zipfile raises for a zip that is broken, cut short or encrypted."""
RATE = re.compile(r"(?=.*[1-9])\d{1,9}(\.\d{1,12})?", re.ASCII)
NONE = ("N/A", "")
"""How a currency without a rate is written."""


class Day(TypedDict):
    """What `shared.trade.fx.Rates.of` reads."""

    date: str
    per_euro: dict[str, str]


def rates(raw: bytes, day: str = "") -> Day:
    """The rates of `day` (YYYY-MM-DD), or of the newest one, without currencies that had none or that ISO 4217 does not list.

    Every line is checked. Raises Flawed for a file of another form, a day that comes twice or is not there, and a rate that is none.
    """
    lines = csv.reader(io.StringIO(text_of(_unpacked(raw)), newline=""))
    days: dict[str, list[str]] = {}
    flaws: list[Flaw] = []
    try:
        currencies = _currencies(next(lines, []))
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _note(days, flaws, lines.line_num, cells, currencies)
    except csv.Error as error:
        raise Flawed([Flaw(lines.line_num, f"not CSV: {error}")]) from error
    if flaws:
        raise Flawed(flaws)
    chosen = day or max(days, default="")
    if chosen not in days:
        raise Flawed([Flaw(0, f"there are no rates of {day}: none are published at weekends" if day else "there is no day in it")])
    found = {c: rate for c, rate in zip(currencies, days[chosen], strict=True) if rate not in NONE and _listed(c)}
    if not found:
        raise Flawed([Flaw(0, f"no currency has a rate on {chosen}")])
    return {"date": chosen, "per_euro": found}


def age(told: Day, today: date) -> int:
    """How many days old the rates are."""
    return (today - date.fromisoformat(told["date"])).days


def _unpacked(raw: bytes) -> bytes:
    if not raw.startswith(b"PK"):
        return raw
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            (only,) = archive.infolist()
            if only.file_size > MAX_BYTES or only.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError(f"it is packed in another way, or unpacks to more than {MAX_BYTES} bytes")
            return archive.read(only)
    except UNREADABLE as error:
        raise Flawed([Flaw(0, f"not a zip file with one CSV in it that can be read: {error}")]) from error


def _currencies(header: Sequence[str]) -> list[str]:
    """The columns after the date; the bank ends each line with a comma. Raises Flawed."""
    first, *names = [name.strip() for name in header] or [""]
    if names and not names[-1]:
        names.pop()
    if first != "Date" or not names or len(set(names)) < len(names):
        raise Flawed([Flaw(1, "not the ECB's CSV: the first line must be `Date,USD,JPY,…`, each currency once")])
    return names


def _note(days: dict[str, list[str]], flaws: list[Flaw], line: int, cells: Sequence[str], currencies: Sequence[str]) -> None:
    """Take one day's line into `days`, or what is wrong with it into `flaws`."""
    written, *told = [cell.strip() for cell in cells]
    if len(told) == len(currencies) + 1 and not told[-1]:
        told.pop()
    day = _iso(written)
    wrong = [rate for rate in told if rate not in NONE and not RATE.fullmatch(rate)]
    if not day:
        flaws.append(Flaw(line, f"{written[:20]!r} is not a day"))
    elif day in days:
        flaws.append(Flaw(line, f"{day} comes twice"))
    elif len(told) != len(currencies):
        flaws.append(Flaw(line, f"{len(told)} rates for {len(currencies)} currencies"))
    elif wrong:
        flaws.append(Flaw(line, f"{wrong[0][:20]!r} is not a rate: 1.1172 is one, and N/A says that there is none"))
    else:
        days[day] = told


def _iso(text: str) -> str:
    """A day as YYYY-MM-DD; empty if it is none."""
    for read in (date.fromisoformat, lambda t: datetime.strptime(t, DAILY).date()):  # noqa: DTZ007 (a day has no zone)
        try:
            return read(text).isoformat()
        except ValueError:
            continue
    return ""


def _listed(currency: str) -> bool:
    """Whether prices can have the currency: the history holds some that are no more."""
    try:
        return bool(currency_code(currency))
    except ValueError:
        return False
