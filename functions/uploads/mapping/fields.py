"""The fields that a mapping can fill, by the names that our own CSV has for its columns.

A field that the product gains is a line here; what a file says in a field that the product does not have yet is left out, and said so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.goods.texts import LANGUAGE
from shared.trade.product import Product, Variant

Kind = Literal[
    "text",
    "line",
    "code",
    "money",
    "currency",
    "count",
    "stock",
    "barcode",
    "weight",
    "length",
    "country",
    "countries",
    "tags",
    "labels",
    "ids",
    "urls",
    "category",
    "categories",
    "product types",
    "availability",
    "measure",
    "condition",
    "word",
    "status",
    "shipping",
    "virtual",
    "begin",
    "end",
    "day",
    "interval",
]


FIELDS = frozenset((*Product.model_fields, *Variant.model_fields))


@dataclass(frozen=True, slots=True)
class Target:
    """Where a field's value goes: the path in the product's document, and how its cell is read."""

    path: tuple[str, ...]
    kind: Kind
    unit: str = ""
    variant: bool = False
    """Whether each variant may say its own."""
    says: str = ""
    """The text that says what to write (words.json); by the kind if empty."""

    @property
    def known(self) -> bool:
        """Whether the product has such a field."""
        return self.path[0] in FIELDS


TARGETS = {
    "sku": Target(("sku",), "code", says="sku"),
    "category": Target(("category",), "category"),
    "categories": Target(("categories",), "categories", says="category"),
    "product_types": Target(("categories",), "product types", says="category"),
    "price": Target(("price",), "money", variant=True),
    "currency": Target(("currency",), "currency", variant=True),
    "compare_at_price": Target(("compare_at",), "money", variant=True),
    "sale_price": Target(("sale", "price"), "money", variant=True),
    "sale_starts": Target(("sale", "starts_at"), "begin", variant=True, says="sale_price"),
    "sale_ends": Target(("sale", "ends_at"), "end", variant=True, says="sale_price"),
    "sale_dates": Target(("sale", "dates"), "interval", variant=True, says="sale_price"),
    "stock": Target(("stock",), "stock", variant=True, says="count"),
    "weight_g": Target(("weight",), "weight", "g", variant=True),
    "length_mm": Target(("size", "length"), "length", "mm", variant=True),
    "width_mm": Target(("size", "width"), "length", "mm", variant=True),
    "height_mm": Target(("size", "height"), "length", "mm", variant=True),
    "hs_code": Target(("hs_code",), "code", says="hs_code"),
    "origin": Target(("origin",), "country"),
    "gtin": Target(("gtin",), "code", variant=True, says="gtin"),
    "barcode": Target(("gtin",), "barcode", variant=True),
    "mpn": Target(("mpn",), "code", variant=True, says="mpn"),
    "pictures": Target(("pictures",), "ids", variant=True, says="pictures"),
    "picture_urls": Target(("picture_urls",), "urls", variant=True),
    "tags": Target(("tags",), "tags"),
    "labels": Target(("tags",), "labels", says="tags"),
    "ships_to": Target(("ships_to",), "countries"),
    "brand": Target(("brand",), "line"),
    "condition": Target(("condition",), "condition"),
    "stock_mode": Target(("stock_mode", "mode"), "word", variant=True),
    "backorder_units": Target(("stock_mode", "units"), "count", variant=True),
    "backorder_days": Target(("stock_mode", "days"), "count", variant=True),
    "availability": Target(("stock_mode", "available"), "availability", variant=True),
    "available_on": Target(("stock_mode", "from"), "day", variant=True),
    "status": Target(("status",), "status"),
    "order_minimum": Target(("order_quantity", "minimum"), "count"),
    "order_multiple": Target(("order_quantity", "multiple"), "count"),
    "handling_days": Target(("handling_days",), "count"),
    "unit_measure": Target(("unit_measure", "value"), "count", variant=True),
    "unit_measure_unit": Target(("unit_measure", "unit"), "word", variant=True),
    "unit_base": Target(("unit_measure", "base_value"), "count", variant=True),
    "unit_base_unit": Target(("unit_measure", "base_unit"), "word", variant=True),
    "unit_pricing_measure": Target(("unit_measure", "held"), "measure", variant=True),
    "unit_pricing_base": Target(("unit_measure", "base"), "measure", variant=True),
    "item_group": Target(("item_group",), "line"),
    "requires_shipping": Target(("requires_shipping",), "shipping", variant=True),
    "virtual": Target(("requires_shipping",), "virtual", variant=True, says="requires_shipping"),
}
TEXT = re.compile(rf"^(title|description|description_html|bullets)_({LANGUAGE[1:-1]})$")
TIER = re.compile(r"^tier([1-9]|10)_(min|price)$")
OPTION = re.compile(r"^option([123])_(name|value)$")
NAMED_OPTION = re.compile(r"^option:(.{1,40})$")
OPERATOR = re.compile(r"^(manufacturer|responsible)_(name|address|city|region|postcode|country|email)$")
WARNINGS = re.compile(rf"^warnings_({LANGUAGE[1:-1]})$")
OTHERS = ("title", "description", "description_html", "bullets", "counted_at", "stock_counts", "product")
"""Fields that are read in ways of their own."""


NUMERIC = ("money", "count", "stock", "weight", "length")
"""Kinds that are numbers."""
SEVERAL = ("ids", "urls", "tags", "labels", "countries", "category", "categories", "product types")
"""Kinds of which a product may have more than one value, or a row names it in several ways."""


def is_field(name: str) -> bool:
    """Whether a mapping may fill it."""
    return name in TARGETS or name in OTHERS or any(form.match(name) for form in (TEXT, TIER, OPTION, NAMED_OPTION, OPERATOR, WARNINGS))


def gathers(name: str) -> bool:
    """Whether several rules for it add up."""
    return name.startswith("bullets_") or (name in TARGETS and TARGETS[name].kind in SEVERAL)


def place(document: dict[str, Any], target: Target, value: Any) -> None:
    """Put a field's value where it lies in a product's document."""
    *outer, name = target.path
    if target.kind == "interval":
        document.setdefault("sale", {}).update(dict(zip(("starts_at", "ends_at"), value or (None, None), strict=True)))
        return
    (document.setdefault(outer[0], {}) if outer else document)[name] = value


def without_none(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is said; a size of which nothing is said is none."""
    found = {n: {k: v for k, v in value.items() if v is not None} if n == "size" and value else value for n, value in document.items()}
    return {name: value for name, value in found.items() if value is not None and not (name == "size" and not value)}


def is_said(value: Any) -> bool:
    """A price of 0 beside variants with prices is none."""
    return bool(value) and not (isinstance(value, dict) and value.get("amount") == 0)
