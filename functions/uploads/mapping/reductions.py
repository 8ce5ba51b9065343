"""Sales and comparisons of a file's row: what shop systems write where nothing is reduced is left out, what cannot be is told."""

from typing import Any

from functions.uploads.mapping.grouped import Grouped, Said

Document = dict[str, Any]


def tidy_reductions(document: Document, price: Document | None) -> bool:
    """Leave out of `document`, a product's or a variant's, what reduces nothing beside that price: no sale price, or dates alone; the same
    price; 0; a comparison that is no higher, as shop systems leave standing. Answers whether the sale that is left can be.
    """
    sale = {name: value for name, value in (document.pop("sale", None) or {}).items() if value is not None}
    asked = sale.get("price")
    if asked and asked["amount"] and asked != price:
        document["sale"] = sale
    compared = document.pop("compare_at", None)
    if compared and not (price and compared["currency"] == price["currency"] and compared["amount"] <= price["amount"]):
        document["compare_at"] = compared
    return not (price and asked and "sale" in document and asked["amount"] > price["amount"])


def of_variants(document: Document, variants: list[Document], *, parents: bool) -> None:
    """Let each variant say its own: what a row of the product itself said (`parents`) is said of those that say no other."""
    for name in ("sale", "compare_at"):
        said = document.pop(name, None)
        for variant in variants:
            if parents and said:
                variant.setdefault(name, said)


def sale_column(line: Said, group: Grouped) -> str:
    """The column that says the sale price of a variant."""
    return next((fields["sale_price"].column for fields in (line.fields, group.main.fields) if "sale_price" in fields), "sale_price")
