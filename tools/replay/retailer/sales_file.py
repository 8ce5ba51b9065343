"""The retailer's file (UCI Online Retail): which of its rows are products and orders, and what is wrong with the others. Pure."""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
PRODUCT_CODE = re.compile(r"^\d{5}[A-Za-z]{0,2}$")
"""Goods have five digits and up to two letters; POST, DOT, M, AMAZONFEE, BANK CHARGES and gift vouchers are bookkeeping."""
MOST_LINES = 50
"""Of one order."""
ISO = {
    "United Kingdom": "GB", "Germany": "DE", "France": "FR", "EIRE": "IE", "Spain": "ES", "Netherlands": "NL", "Belgium": "BE",
    "Switzerland": "CH", "Australia": "AU", "Portugal": "PT", "Channel Islands": "JE", "Norway": "NO", "Finland": "FI", "Italy": "IT",
    "Cyprus": "CY", "Japan": "JP", "Sweden": "SE", "Austria": "AT", "Hong Kong": "HK", "Poland": "PL", "Israel": "IL", "Denmark": "DK",
    "Singapore": "SG", "Canada": "CA", "Iceland": "IS", "Greece": "GR", "Malta": "MT", "Lebanon": "LB", "Lithuania": "LT",
    "Brazil": "BR", "United Arab Emirates": "AE", "USA": "US", "Bahrain": "BH", "Czech Republic": "CZ", "Saudi Arabia": "SA", "RSA": "ZA",
}  # fmt: skip
"""The file's own country names; `Unspecified` and `European Community` are no country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file. `price` in pence."""

    invoice: str
    code: str
    description: str
    quantity: int
    price: int
    customer: str
    country: str


@dataclass(frozen=True, slots=True)
class Good:
    """A product of the file: its commonest description and price (pence), and how many units were sold of it."""

    code: str
    title: str
    price: int
    sold: int


@dataclass(frozen=True, slots=True)
class Invoice:
    """An order or, if its number starts with C, a cancellation: code → units, both positive."""

    number: str
    customer: str
    country: str
    units: dict[str, int]

    @property
    def is_cancellation(self) -> bool:
        return self.number.startswith("C")


@dataclass(frozen=True, slots=True)
class Part:
    """At most MOST_LINES lines of an invoice, which make one order. `key` is the same in every replay."""

    invoice: Invoice
    key: str
    units: dict[str, int]

    @property
    def buyer(self) -> str:
        """The customer; a guest is a buyer of one invoice."""
        return self.invoice.customer or f"guest {self.invoice.number}"


def parts(invoice: Invoice) -> list[Part]:
    """The orders that an invoice becomes."""
    lines = list(invoice.units.items())
    cuts = range(0, len(lines), MOST_LINES)
    return [Part(invoice, f"retail-{invoice.number}-{n}", dict(lines[at : at + MOST_LINES])) for n, at in enumerate(cuts, 1)]


@dataclass
class Retail:
    """The file, sorted out. `dirt` counts rows that are neither part of a product nor of an order, by reason."""

    rows: int
    goods: dict[str, Good]
    invoices: list[Invoice]
    dirt: Counter[str] = field(default_factory=Counter)


def rows_of(path: Path) -> Iterator[Row | None]:
    """The file's rows, None for one that cannot be read. Raises ValueError naming the columns if the file is another."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path} is not the retailer's file: its columns must be {', '.join(COLUMNS)}")
        yield from map(_row, reader)


def _row(cells: Mapping[str, str]) -> Row | None:
    try:
        return Row(
            invoice=cells["InvoiceNo"],
            code=cells["StockCode"].strip().upper(),
            description=" ".join(cells["Description"].split()),
            quantity=int(cells["Quantity"]),
            price=int(Decimal(cells["UnitPrice"]).scaleb(2).to_integral_value()),
            customer=cells["CustomerID"].removesuffix(".0"),
            country=cells["Country"],
        )
    except (ValueError, ArithmeticError, AttributeError):  # no number; no decimal; a cell too few
        return None


def sorted_out(rows: Iterable[Row | None], invoices: int) -> Retail:
    """All goods of the file, and its first `invoices` invoices."""
    retail = Retail(0, {}, [])
    clean: list[Row] = []
    seen: set[Row] = set()
    for row in rows:
        retail.rows += 1
        reason = _dirt(row, seen)
        if reason:
            retail.dirt[reason] += 1
        elif row is not None:
            clean.append(row)
            seen.add(row)
    retail.goods = _goods(clean)
    retail.invoices = _invoices(clean, invoices)
    retail.dirt["no customer (ordered as a guest)"] = sum(1 for row in clean if not row.customer)
    return retail


def _dirt(row: Row | None, seen: set[Row]) -> str | None:
    if row is None:
        return "unreadable"
    if row in seen:
        return "the same row twice"
    if row.invoice.startswith("A"):
        return "bad debt"
    if not PRODUCT_CODE.match(row.code):
        return "not a product (postage, fees, vouchers)"
    return _flaw(row)


def _flaw(row: Row) -> str | None:
    """What is wrong with a row that is about a product."""
    if row.price <= 0:
        return "price zero or negative"
    if row.quantity < 0 and not row.invoice.startswith("C"):
        return "stock correction"
    return None if row.description else "no description"


def _goods(rows: Iterable[Row]) -> dict[str, Good]:
    titles: dict[str, Counter[str]] = {}
    prices: dict[str, Counter[int]] = {}
    sold: Counter[str] = Counter()
    for row in rows:
        titles.setdefault(row.code, Counter())[row.description] += 1
        prices.setdefault(row.code, Counter())[row.price] += 1
        sold[row.code] += max(row.quantity, 0)
    return {code: Good(code, titles[code].most_common(1)[0][0], prices[code].most_common(1)[0][0], sold[code]) for code in titles}


def _invoices(rows: Iterable[Row], wanted: int) -> list[Invoice]:
    found: dict[str, Invoice] = {}
    for row in rows:
        if row.invoice not in found:
            if len(found) == wanted:
                continue
            found[row.invoice] = Invoice(row.invoice, row.customer, ISO.get(row.country, "GB"), {})
        units = found[row.invoice].units
        units[row.code] = units.get(row.code, 0) + abs(row.quantity)
    return list(found.values())
