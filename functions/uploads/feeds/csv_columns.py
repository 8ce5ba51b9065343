"""The columns of a CSV feed: what a row must say, in which words, and how it becomes a product."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from functions.uploads.counts.count_columns import COLUMNS as COUNT_COLUMNS
from functions.uploads.feeds.feed import Fault, FeedRefused, Row
from monsoon_plugin.money import currency_code, exponent
from shared.errors import FieldError, said
from shared.trade.product import LANGUAGE, Product

SIDES = ("length_mm", "width_mm", "height_mm")
REQUIRED = ("sku", "category", "price", "currency", "stock")
MAY_BE_EMPTY = ("weight_g", *SIDES, "hs_code", "origin", "gtin")
LISTS = ("pictures", "tags", "ships_to")
"""Columns whose cells hold several values, separated by `|` or `,`."""
WRITE = {
    "tags": "write at most 20 tags, separated by | or commas: each one word of at most 40 characters, without # and ;",
    "ships_to": "write countries as two letters of ISO 3166-1, such as GB|DE; leave the cell empty for everywhere",
}
"""What to write instead of what cannot be read, where a pattern would not say it."""
OPTIONAL = (*MAY_BE_EMPTY, *LISTS, *COUNT_COLUMNS)
TEXT = re.compile(rf"^(title|description)_({LANGUAGE[1:-1]})$")
TIER = re.compile(r"^tier([1-9]|10)_(min|price)$")
KNOWN = (
    f"required: {', '.join(REQUIRED)} and one or more title_<language> (title_en, title_zh); "
    f"optional: {', '.join(MAY_BE_EMPTY)}, description_<language>, {', '.join(LISTS)} (several in a cell, with | between), "
    f"{', '.join(COUNT_COLUMNS)}, "
    f"tier1_min, tier1_price to tier10_min, tier10_price"
)
PLAIN_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")
UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd-\uffff]")
FORMULA = tuple("=+-@＝＋－＠")
WHOLE = re.compile(r"^\d{1,9}$")
PRICE = re.compile(r"^\d{1,12}(\.\d{1,6})?$")
MAX_COLUMNS = 100
MAX_FAULTS = 10
"""Faults that are told of one row."""


class Unreadable(ValueError):
    """A cell does not say what its column asks for; the text says what to write."""


def check_header(header: Sequence[str]) -> list[str]:
    """The header's columns, trimmed. Raises FeedRefused that names what is missing, unknown or there twice, and lists the known ones."""
    if len(header) > MAX_COLUMNS:
        raise FeedRefused("wrong-header", f"the first row has {len(header)} columns; a feed may have {MAX_COLUMNS}. Known columns, {KNOWN}")
    columns = [column.strip() for column in header]
    known = [c for c in columns if c in REQUIRED or c in OPTIONAL or TEXT.match(c) or TIER.match(c)]
    missing = [c for c in REQUIRED if c not in columns] + _partners(columns)
    unknown = [c[:40] for c in columns if c not in known]
    twice = sorted({c[:40] for c in columns if columns.count(c) > 1})
    wrong = [f"{what}: {', '.join(names[:50])}" for what, names in (("missing", missing), ("unknown", unknown), ("twice", twice)) if names]
    if wrong:
        raise FeedRefused(
            "wrong-header", f"the first row must name the columns, separated by commas. {'; '.join(wrong)}. Known columns, {KNOWN}"
        )
    return columns


def _partners(columns: Sequence[str]) -> list[str]:
    """Columns that others ask for: a title in some language, a title beside each description, both halves of a tier."""
    held = set(columns)
    wanted = [c.replace("description_", "title_", 1) for c in columns if TEXT.match(c)] or ["title_<language>"]
    wanted += [f"tier{found[1]}_{half}" for c in columns if (found := TIER.match(c)) for half in ("min", "price")]
    return sorted({c for c in wanted if c not in held})


def product_of(columns: Sequence[str], row: Row) -> Product | list[Fault]:
    """The product that `row` describes, or all that is wrong with the row."""
    faults = _shape(columns, row)
    if faults:
        return faults[:MAX_FAULTS]
    cells = {column: cell.strip() for column, cell in zip(columns, row.cells, strict=True)}
    tiers = sorted(int(found[1]) for c in columns if (found := TIER.match(c)) and found[2] == "min" and _tier_used(cells, int(found[1])))
    document, unread = _document(cells, tiers)
    try:
        product = Product.model_validate(document)
    except ValidationError as error:
        for e in error.errors(include_url=False, include_context=False, include_input=False):
            column = _column(e["loc"], tiers)
            unread.setdefault(column, WRITE.get(column, said(e)))
    else:
        if not unread:
            return product
    return [Fault(column=column, code="invalid", detail=detail) for column, detail in unread.items()][:MAX_FAULTS]


def as_faults(flaws: Sequence[FieldError]) -> list[Fault]:
    """Flaws of a product as faults of its row."""
    return [_as_fault(flaw) for flaw in flaws]


def _as_fault(flaw: FieldError) -> Fault:
    name, *rest = flaw.pointer.split("/")[1:]
    column = f"{rest[1]}_{rest[0]}" if name == "texts" else name
    return Fault(column=column, code=f"unknown-{name}" if name in ("category", "pictures") else "invalid", detail=flaw.detail)


def _shape(columns: Sequence[str], row: Row) -> list[Fault]:
    """What is wrong with a row before any cell is read: as the splitter said, cells too few or too many, formulas, unreadable bytes."""
    if row.fault:
        return [row.fault]
    if len(row.cells) != len(columns):
        detail = f"the row has {len(row.cells)} cells, the header {len(columns)}: put cells that hold commas or line breaks into quotes"
        return [Fault(column="", code="ragged", detail=detail)]
    faults = []
    for column, cell in zip(columns, row.cells, strict=True):
        text = cell.strip()
        if text.startswith(FORMULA) and not PLAIN_NUMBER.match(text):
            detail = "the cell begins like a spreadsheet formula (= + - @): begin the text with another character"
            faults.append(Fault(column=column, code="formula", detail=detail))
        elif UNREADABLE.search(text):
            faults.append(
                Fault(column=column, code="wrong-encoding", detail="the cell has characters that cannot be read: save the file as UTF-8")
            )
    return faults


def _document(cells: Mapping[str, str], tiers: Sequence[int]) -> tuple[dict[str, Any], dict[str, str]]:
    """The product's document as far as its cells can be read, and what cannot be, by column."""
    unread: dict[str, str] = {}
    document: dict[str, Any] = {c: cells[c] for c in ("sku", "category")} | {"texts": _texts(cells)}
    document |= {c: cells.get(c) or None for c in ("hs_code", "origin", "gtin")}
    document |= {column: _several(cells.get(column, "")) for column in LISTS}
    document["tags"] = list(dict.fromkeys(tag.lower() for tag in document["tags"]))
    document["ships_to"] = [country.upper() for country in document["ships_to"]]
    document["stock"] = _read(unread, "stock", _whole, cells["stock"])
    document["weight"] = _read(unread, "weight_g", _whole, cells["weight_g"]) if cells.get("weight_g") else None
    document["size"] = _size(unread, cells)
    currency = cells["currency"]
    document["price"] = _price(unread, cells, "price", currency)
    document["tiers"] = [
        {
            "min_quantity": _read(unread, f"tier{i}_min", _whole, cells[f"tier{i}_min"]),
            "price": _price(unread, cells, f"tier{i}_price", currency),
        }
        for i in tiers
    ]
    return document, unread


def _size(unread: dict[str, str], cells: Mapping[str, str]) -> dict[str, int] | None:
    """Its three sides, or none of them."""
    if not any(cells.get(side) for side in SIDES):
        return None
    return {side.removesuffix("_mm"): _read(unread, side, _whole, cells.get(side, "")) for side in SIDES}


def _several(cell: str) -> list[str]:
    return [value.strip() for value in cell.replace(",", "|").split("|") if value.strip()]


def _price(unread: dict[str, str], cells: Mapping[str, str], column: str, currency: str) -> dict[str, Any]:
    return {"amount": _read(unread, column, lambda text: minor_units(text, currency), cells[column]), "currency": currency}


def _read(unread: dict[str, str], column: str, reader: Any, text: str) -> int:
    """What `reader` makes of a cell. What it cannot read is noted, and 1 stands in so that the other cells are looked at too."""
    try:
        return int(reader(text))
    except Unreadable as error:
        unread[column] = str(error)
        return 1


def _whole(text: str) -> int:
    if not WHOLE.match(text):
        raise Unreadable("write a whole number, digits only")
    return int(text)


def minor_units(text: str, currency: str) -> int:
    """A decimal text such as "2.55" in minor units of `currency`, exactly; two decimals for what is no currency. Raises Unreadable."""
    if not PRICE.match(text):
        raise Unreadable("write the price as digits with a point before the decimals, such as 2.55, without a currency sign")
    try:
        places = exponent(currency_code(currency))
    except ValueError:
        places = 2
    amount = Decimal(text).scaleb(places)
    if amount != amount.to_integral_value():
        raise Unreadable(f"{currency} has {places} decimals: write no more than that")
    return int(amount)


def _texts(cells: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The texts by language; a language with neither title nor description is left out."""
    texts: dict[str, dict[str, str]] = {}
    for column, cell in cells.items():
        found = TEXT.match(column)
        if found and cell:
            texts.setdefault(found[2], {"title": ""})[found[1]] = cell
    return texts


def _tier_used(cells: Mapping[str, str], i: int) -> bool:
    return bool(cells[f"tier{i}_min"] or cells[f"tier{i}_price"])


def _column(location: Sequence[int | str], tiers: Sequence[int]) -> str:
    """The column that a field of the product was read from."""
    column = str(location[0])
    match tuple(location):
        case (*_, "currency"):
            column = "currency"
        case ("texts", language, str(part), *_):
            column = f"{part}_{language}"
        case ("texts", *_):
            column = "title_<language>"
        case ("tiers", int(i), part, *_):
            column = f"tier{tiers[i]}_{'min' if part == 'min_quantity' else 'price'}"
        case ("tiers", *_):
            column = f"tier{tiers[0]}_min"
        case ("size", str(side)):
            column = f"{side}_mm"
        case ("weight", *_):
            column = "weight_g"
    return column
