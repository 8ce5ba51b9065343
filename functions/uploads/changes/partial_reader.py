"""Rows that say prices and stock of products that are there, read as those products with new prices and counts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from pydantic import ValidationError

from functions.uploads.changes.change import KEPT, AsItWas, Change, counted, priced, strangers
from functions.uploads.counts.count_columns import count_of
from functions.uploads.counts.stock_count import CountAsk
from functions.uploads.feeds.feed import Chunk, Fault
from functions.uploads.mapping.cells import Cell, Fields
from functions.uploads.mapping.document import MAX_FAULTS
from functions.uploads.mapping.grouped import Grouped, GroupReader, bounded_code
from functions.uploads.mapping.product_reader import mapping_or_ours
from functions.uploads.products.submission import Submission, product_id_of
from functions.uploads.values.moments import interval_of, moment_of
from functions.uploads.values.words import Unreadable, fault
from functions.uploads.values.written import money_of, stock_of, unwrapped
from monsoon_plugin.money import Amount
from shared.trade.product import Product
from shared.variants.sale import Sale

T = TypeVar("T")


class Products(Protocol):
    def products(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, tuple[Submission, Product]]:
        """These submissions with their content, read consistently; at most 100."""
        ...


@dataclass(frozen=True, slots=True)
class Changed:
    """A product that is there, with what a row changes; `count` where the row says a stock."""

    product: Product
    count: CountAsk | None
    before: Submission
    """What the product was worked out from."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A row that changes nothing that there is, and why."""

    sku: str
    faults: list[Fault]


class PartialReader:
    def __init__(self, products: Products) -> None:
        self._products = products

    def held(self, supplier_id: str, product_ids: Collection[str]) -> dict[str, tuple[Submission, Product]]:
        """These products as they are now; at most 100."""
        return self._products.products(supplier_id, product_ids)

    def read(self, chunk: Chunk) -> list[Changed | Unchanged]:
        """Each row's product as it is now with its changes, or all that is wrong with the row."""
        groups = GroupReader(mapping_or_ours(chunk.mapping, chunk.columns), chunk.columns)
        said = [None if row.fault else groups.read([(row.number, row.cells), *row.more]) for row in chunk.rows]
        named = [(group, row.of) for group, row in zip(said, chunk.rows, strict=True) if group]
        ids = {product_id_of(chunk.account_id, sku) for group, of in named for sku in _names(group, of)}
        held = {found.sku: (found, product) for found, product in self._products.products(chunk.account_id, ids).values()}
        return [
            Unchanged("", [row.fault] if row.fault else []) if group is None else _read(chunk, group, row.of, held)
            for row, group in zip(chunk.rows, said, strict=True)
        ]


def _names(group: Grouped, of: str) -> list[str]:
    """What its product may be called: by whoever found it, by the key of its rows, or, where it is sold as it is, by its own code."""
    own = group.main.fields.get("sku")
    return list(dict.fromkeys(bounded_code(name) for name in (of, group.key, own and unwrapped(own.text)) if name))


def _read(chunk: Chunk, group: Grouped, of: str, held: Mapping[str, tuple[Submission, Product]]) -> Changed | Unchanged:
    """The product that has what the rows name; the key's before the code's."""
    known = [held[name] for name in _names(group, of) if name in held]
    said = [_code(line.fields, group) for line in group.lines]
    if not known:
        sku = bounded_code(said[0] if len(said) == 1 else group.key)
        return Unchanged(sku, [fault("sku", "unknown-sku", "unknown-sku", text=sku)])
    before, product = next((found for found in known if not strangers(found[1], said)), known[0])
    sku = product.sku
    faults: list[Fault] = []
    codes = [_sold_as(product, code) for code in said]
    changes = {code: _change(chunk.decimal, line.fields, group, product, faults) for code, line in zip(codes, group.lines, strict=True)}
    faults += [fault("sku", "unknown-sku", "unknown-sku", text=code) for code in strangers(product, list(changes))]
    if faults:
        return Unchanged(sku, faults[:MAX_FAULTS])
    try:
        new = priced(product, changes)
    except ValidationError as error:
        return Unchanged(sku, [_refused(error)])
    units = counted(product, changes)
    count = count_of(_counts(group), product, chunk.as_of, units) if units else None
    return Unchanged(sku, count) if isinstance(count, list) else Changed(new, count, before)


def _refused(error: ValidationError) -> Fault:
    wrong = error.errors()[0]
    if "compare-at price must be" in wrong["msg"]:
        return fault("compare_at_price", "compare_at_price")
    return fault("sale_price", "sale_price") if "sale price" in wrong["msg"] else fault("price", "price", text="")


def _change(mark: str, fields: Fields, group: Grouped, product: Product, faults: list[Fault]) -> Change:
    price, stock = fields.get("price"), fields.get("stock")
    usual = group.defaults["currency"].text if "currency" in group.defaults else product.price.currency
    read = lambda text: money_of(text, _text(fields, "currency"), usual, mark)  # noqa: E731
    money, compared = (_value(cell, read, faults) for cell in (price, fields.get("compare_at_price")))
    asked = Amount(amount=money[0], currency=money[1]) if money else None
    compare_at = KEPT if compared is None else Amount(amount=compared[0], currency=compared[1]) if compared[0] else None
    units = _value(stock, lambda text: stock_of(text, mark), faults)
    sale = _sale(fields, asked, read, faults)
    return Change(asked, units, sale, compare_at)


def _sale(fields: Fields, price: Amount | None, read: Callable[[str], tuple[int, str]], faults: list[Fault]) -> Sale | AsItWas | None:
    """Without a sale price as it was; of 0, or of the row's own price, there is none any more."""
    money = _value(fields.get("sale_price"), read, faults)
    if money is None:
        return KEPT
    asked = Amount(amount=money[0], currency=money[1])
    begin, end = _value(fields.get("sale_dates"), interval_of, faults) or (
        _value(fields.get("sale_starts"), moment_of, faults), _value(fields.get("sale_ends"), partial(moment_of, end=True), faults),
    )  # fmt: skip
    if not asked.amount or asked == price:
        return None
    try:
        return Sale.model_validate({"price": asked, "starts_at": begin, "ends_at": end}, strict=False)
    except ValidationError:
        faults.append(fault(fields["sale_price"].column, "sale_price"))
        return KEPT


def _code(fields: Fields, group: Grouped) -> str:
    """What a row is of; of a row without a code, its GTIN, else the product."""
    return unwrapped(_text(fields, "sku")) or unwrapped(_text(fields, "gtin")) or group.key


def _sold_as(product: Product, code: str) -> str:
    """The sku of what has this code: its own, or a GTIN that it has."""
    if not strangers(product, [code]):
        return code
    by_gtin = {product.gtin: product.sku} | {variant.gtin: variant.sku for variant in product.variants}
    return by_gtin.get(code, code)


def _value(cell: Cell | None, reader: Callable[[str], T], faults: list[Fault]) -> T | None:
    try:
        return reader(cell.text) if cell else None
    except Unreadable as error:
        faults.append(fault(cell.column if cell else "", error.key, **error.values))
        return None


def _text(fields: Fields, name: str) -> str:
    return fields[name].text if name in fields else ""


def _counts(group: Grouped) -> Mapping[str, str]:
    fields = group.main.fields
    return {name: fields[name].text for name in ("counted_at", "stock_counts") if name in fields}
