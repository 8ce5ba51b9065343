"""A product from the lines that a file has of it, or all that is wrong with them, each by its column and row."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pydantic import ValidationError

from functions.uploads.feeds.feed import Fault
from functions.uploads.mapping.cells import Cell, Fields
from functions.uploads.mapping.document_parts import attributes, labels, safety, set_apart, several, texts, urls
from functions.uploads.mapping.fields import TARGETS, TIER, Target, is_said, place, without_none
from functions.uploads.mapping.grouped import Grouped, Said, bounded_code
from functions.uploads.mapping.reductions import of_variants, sale_column, tidy_reductions
from functions.uploads.mapping.shopkeepers_words import fault_of
from functions.uploads.products.submission import MAX_PRODUCT
from functions.uploads.values import written
from functions.uploads.values.categories import Categories
from functions.uploads.values.countries import country_of
from functions.uploads.values.how_sold import availability_of, held_of, tidy_how_sold
from functions.uploads.values.moments import day_of, interval_of, moment_of
from functions.uploads.values.words import Unreadable, fault
from shared.door.currencies import replaced
from shared.trade.product import MOST_VARIANTS, Product

UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd-\uffff]")
MAX_FAULTS = 20
MOST_UNITS = 10_000_000
"""That a product may say to have: its variants may have more together."""
"""Faults that are told of one product."""
Columns = dict[tuple[int, str], str]
"""(variant or -1, field) → the column that said it."""


@dataclass(slots=True)
class Reading:
    """What the lines of a product come to. `product` is None where there are faults."""

    sku: str = ""
    product: Product | None = None
    faults: list[Fault] = field(default_factory=list)
    counts: Fields = field(default_factory=dict)
    """What they say of the count of the stock."""
    picture_urls: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """All that its product may be called; empty where nobody can say whose product the lines are."""


class DocumentReader:
    def __init__(self, categories: Categories, said: set[str], mark: str = "", at: str = "") -> None:
        """`said`: the fields that a column or a constant says; `mark`: the one before decimals, if it is known; `at`: when the file
        arrived."""
        self._categories, self._said, self._mark, self._at = categories, said, mark, at

    def read(self, group: Grouped) -> Reading:
        if whole := group.main.fields.get("product"):
            return _whole(whole)
        fields = _product_fields(group)
        reading = Reading(sku=self._sku(group, fields), picture_urls=urls(fields.get("picture_urls")))
        reading.counts = {name: fields[name] for name in ("counted_at", "stock_counts") if name in fields}
        reading.faults += _unreadable(group)
        columns: Columns = {(-1, name): cell.column for name, cell in fields.items()}
        document = self._document(group, fields, reading)
        if described := attributes(group):
            document["attributes"] = described
        if not group.variants:
            tidy_reductions(document, document.get("price"))
        else:
            document |= self._variants(group, document, reading, columns)
        _validate(reading, without_none(document), columns, group, self._said)
        return reading

    def _sku(self, group: Grouped, fields: Fields) -> str:
        own = fields.get("sku")
        named = group.main not in group.variants and (own is not None)
        if group.variants and group.key and not named:
            return bounded_code(group.key)
        return own.text if own else bounded_code(group.key)

    def _document(self, group: Grouped, fields: Fields, reading: Reading) -> dict[str, Any]:
        note = _Noter(reading.faults, None)
        document: dict[str, Any] = {"sku": _code(reading.sku, note, fields), "texts": texts(fields)}
        currency = fields.get("currency")
        for name, cell in fields.items():
            target = TARGETS.get(name)
            if target and target.known and name not in ("sku", "currency", "picture_urls"):
                place(document, target, note.read(cell, self._reader(target, cell, currency)))
        tidy_how_sold(document, self._at)
        if answers := safety(fields):
            document["safety"] = answers
        tiers = sorted({int(found[1]) for name in fields if (found := TIER.match(name))})
        if tiers:
            document["tiers"] = [self._tier(i, fields, note, currency) for i in tiers]
        return document

    def _tier(self, i: int, fields: Fields, note: "_Noter", currency: Cell | None) -> dict[str, Any]:
        least, price = fields.get(f"tier{i}_min"), fields.get(f"tier{i}_price")
        tier = {
            "min_quantity": note.read(least, lambda text: written.count_of(text, self._mark)) if least else None,
            "price": note.read(price, lambda text: self._money(text, price, currency)) if price else None,
        }
        return without_none(tier)

    def _reader(self, target: Target, cell: Cell, currency: Cell | None) -> Callable[[str], Any]:
        """What makes a value of a cell. Raises Unreadable."""
        readers: dict[str, Callable[[str], Any]] = {
            "money": lambda text: self._money(text, cell, currency),
            "count": lambda text: written.count_of(text, self._mark_of(cell)),
            "stock": lambda text: written.stock_of(text, self._mark_of(cell)),
            "barcode": written.barcode_of,
            "weight": lambda text: written.measure_of(text, cell.unit or target.unit, target.kind, self._mark_of(cell)),
            "length": lambda text: written.measure_of(text, cell.unit or target.unit, target.kind, self._mark_of(cell)),
            "country": country_of,
            "category": lambda _: self._categories.first(cell.texts),
            "categories": lambda _: [self._categories.find(name) for text in cell.texts for name in several(text)],
            "product types": lambda _: self._categories.known(cell.texts),
            "availability": availability_of,
            "measure": lambda text: held_of(text, self._mark_of(cell)),
            "ids": lambda _: [picture for text in cell.texts for picture in several(text)],
            "tags": lambda _: list(dict.fromkeys(tag for text in cell.texts for tag in several(text.lower()))),
            "labels": lambda _: labels(cell.texts),
            "countries": lambda _: [country_of(country) for text in cell.texts for country in several(text)],
            "condition": written.condition_of,
            "status": written.status_of,
            "shipping": written.requires_shipping_of,
            "virtual": lambda _: False if written.is_virtual(cell.texts) else None,
            "code": written.code_of,
            "word": str.lower,
            "begin": moment_of,
            "day": day_of,
            "end": partial(moment_of, end=True),
            "interval": interval_of,
        }
        return readers.get(target.kind, lambda text: text)

    def _mark_of(self, cell: Cell) -> str:
        """What is said of all products is no number of the file's."""
        return "" if cell.by_default else self._mark

    def _money(self, text: str, cell: Cell, currency: Cell | None) -> dict[str, Any]:
        said, mark = currency.text if currency else "", self._mark_of(cell)
        usual = ("", said) if currency and currency.by_default else (said, "")
        amount, code = written.money_of(text, *usual, mark)
        return {"amount": amount, "currency": code}

    def _variants(self, group: Grouped, document: dict[str, Any], reading: Reading, columns: Columns) -> dict[str, Any]:
        if len(group.variants) > MOST_VARIANTS:
            reading.faults.append(fault("", "too-many-variants", "too-many-variants", count=len(group.variants), most=MOST_VARIANTS))
            return {}
        variants = [self._variant(i, line, group, reading, columns) for i, line in enumerate(group.variants)]
        set_apart(variants)
        reading.faults += _unpriced(group)
        of_variants(document, variants, parents=group.main not in group.variants)
        for variant, line in zip(variants, group.variants, strict=True):
            if not tidy_reductions(variant, variant.get("price") or document.get("price")):
                variant.pop("sale")
                reading.faults.append(fault(sale_column(line, group), "sale_price", row=line.number))
        for name in ("price", "weight", "size"):
            said = [variant[name] for variant in variants if variant.get(name)]
            if said and not is_said(document.get(name)):
                document[name] = said[0]
            for variant in variants:
                if variant.get(name) == document.get(name):
                    variant.pop(name, None)
        document.pop("gtin", None)
        if group.main in group.variants:  # what one variant says of itself is not said of its sisters
            document.pop("stock_mode", None)
            document.pop("unit_measure", None)
        stocks = [stock for variant in variants if isinstance(stock := variant.get("stock"), int)]
        return {
            "price": document.get("price"), "weight": document.get("weight"), "size": document.get("size"), "gtin": None,
            "stock": min(sum(stocks), MOST_UNITS), "variants": [without_none(v) for v in variants],
            "options": [{"name": name} for name in group.names],
        }  # fmt: skip

    def _variant(self, i: int, line: Said, group: Grouped, reading: Reading, columns: Columns) -> dict[str, Any]:
        note = _Noter(reading.faults, line.number)
        said = dict(line.options)
        pairs = {name: said.get(name) or said.get(f"#{n}") or "" for n, name in enumerate(group.names, 1)}
        own = line.fields.get("sku")
        document: dict[str, Any] = {"sku": own.text if own else bounded_code("-".join((reading.sku, *pairs.values())))}
        document["options"] = {name: value for name, value in pairs.items() if value}
        currency = next((fields["currency"] for fields in (line.fields, group.main.fields, group.defaults) if "currency" in fields), None)
        fields = dict(line.fields)
        if "stock" in group.defaults:
            fields.setdefault("stock", group.defaults["stock"])
        for name, cell in fields.items():
            target = TARGETS.get(name)
            columns[(i, name)] = cell.column
            if target and target.variant and target.known and name not in ("currency", "picture_urls"):
                place(document, target, note.read(cell, self._reader(target, cell, currency)))
        tidy_how_sold(document, self._at)
        return document


@dataclass(frozen=True, slots=True)
class _Noter:
    """Reads cells, and notes what cannot be read."""

    faults: list[Fault]
    row: int | None

    def read(self, cell: Cell, reader: Callable[[str], Any]) -> Any:
        try:
            return reader(cell.text)
        except Unreadable as error:
            code = "unknown-category" if error.key.startswith("category") else "invalid"
            self.faults.append(fault(cell.column, error.key, code, self.row, **error.values))
            return None


def _unreadable(group: Grouped) -> list[Fault]:
    """Cells with characters that nobody typed, and lines that repeat the product without being a variant of it."""
    first, others = group.lines[0].number, [line for line in group.lines if line is not group.main and line not in group.variants]
    found = [
        fault(cell.column, "wrong-encoding", "wrong-encoding", line.number)
        for line in group.lines
        for cell in line.fields.values()
        if any(UNREADABLE.search(text) for text in cell.texts)
    ]
    repeated = (line for line in others if "price" in line.fields and line.role == group.main.role and not group.variants)
    return found + [fault(line.fields["price"].column, "repeated-sku", "repeated-sku", line.number, first=first) for line in repeated]


def _unpriced(group: Grouped) -> list[Fault]:
    """Variants without a price beside others that have one: only what is said of the product as a whole is theirs too."""
    whole = "price" in group.defaults or (group.main not in group.variants and "price" in group.main.fields)
    said = next((line.fields["price"].column for line in group.variants if "price" in line.fields), "")
    if whole or not said:
        return []
    return [fault(said, "missing", "missing", line.number, field="price") for line in group.variants if "price" not in line.fields]


def _product_fields(group: Grouped) -> Fields:
    """What the lines say of the product as a whole: the main line first, then what others say of fields that it leaves open."""
    fields = dict(group.main.fields)
    lists: dict[str, Cell] = {}
    for line in group.lines:
        for name, cell in line.fields.items():
            target = TARGETS.get(name)
            if target and target.kind in ("ids", "urls"):
                before = lists.get(name)
                lists[name] = Cell(tuple(dict.fromkeys((*(before.texts if before else ()), *cell.texts))), cell.column)
            elif not (target and target.variant) or name == "currency":
                fields.setdefault(name, cell)
    fields |= {name: cell for name, cell in lists.items() if name == "picture_urls" or not group.variants}
    for name, cell in group.defaults.items():
        if name not in fields:
            said = any(name in line.fields for line in group.variants)
            fields |= {} if said and TARGETS[name].variant else {name: cell}
        elif name == "category":
            fields[name] = Cell((*fields[name].texts, *cell.texts), fields[name].column)
    return fields


def _whole(cell: Cell) -> Reading:
    """A product as POST /v1/products takes it."""
    reading = Reading()
    try:
        document = json.loads(cell.text)
        reading.sku = str(document.get("sku", ""))[:64]
        reading.counts = {n: Cell((str(document.pop(n)),), n) for n in ("counted_at", "stock_counts") if document.get(n) is not None}
    except (ValueError, AttributeError):
        reading.faults.append(fault(cell.column, "general", what="this is no JSON object"))
        return reading
    reading.faults += [fault(at.removeprefix("/"), "currency-replaced", said=code, now=now) for at, code, now in replaced(document)]
    _validate(reading, document, {}, None, set())
    return reading


def _validate(reading: Reading, document: dict[str, Any], columns: Columns, group: Grouped | None, said: set[str]) -> None:
    """Give `reading` its product, or what is wrong with it."""
    try:
        product = Product.model_validate_json(json.dumps(document))
        if not reading.faults and len(product.model_dump_json()) > MAX_PRODUCT:
            reading.faults.append(fault("", "too-large", "row-too-large", most=MAX_PRODUCT))
    except (ValidationError, ValueError) as error:
        _note(reading, error, columns, group, said)
    else:
        reading.product = None if reading.faults else product
    del reading.faults[MAX_FAULTS:]


def _note(reading: Reading, error: Exception, columns: Columns, group: Grouped | None, said: set[str]) -> None:
    if not isinstance(error, ValidationError):
        reading.faults.append(fault("", "wrong-encoding", "wrong-encoding"))
        return
    known = {(told.row, told.column) for told in reading.faults}
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        told = fault_of(each, columns, [line.number for line in group.variants] if group else [], said)
        if (told.row, told.column) not in known:
            known.add((told.row, told.column))
            reading.faults.append(told)


def _code(text: str, note: _Noter, fields: Fields) -> str:
    return note.read(Cell((text,), fields["sku"].column if "sku" in fields else "sku"), written.code_of) or ""
