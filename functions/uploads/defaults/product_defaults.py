"""A supplier's defaults: what its uploads need not say, by category. What fills a gap is told; what is said is never changed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from monsoon_plugin.value import Value
from shared.goods.identity import Condition
from shared.trade.product import CategoryId, Product, Size

ANY = "*"
MOST_DEFAULTS = 200
"""Categories of one supplier that have defaults."""


class CategoryDefaults(Value):
    """What products in a category, or below it, are unless they say it themselves. Every field but `category` is one of a product's."""

    category: CategoryId | Literal["*"] = Field(description="its id, or `*`: whatever the category", examples=["hg-3"])
    weight: int | None = Field(default=None, ge=1, le=1_000_000, description="grams, packed")
    size: Size | None = None
    hs_code: Annotated[str, StringConstraints(pattern=r"^\d{6}(\d{2}){0,2}$")] | None = Field(default=None, description="6, 8 or 10 digits")
    origin: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = Field(default=None, description="ISO 3166-1 alpha-2")
    condition: Condition | None = None
    handling_days: int | None = Field(default=None, ge=0, le=60, description="days until it is sent, from the order on")
    requires_picture: bool | None = Field(default=None, description="true: it waits until one of its pictures is shown")


OF_PARCELS = ("weight", "size", "hs_code", "origin")
FILLED = tuple(name for name in CategoryDefaults.model_fields if name != "category")


@dataclass(frozen=True, slots=True)
class Filled:
    """A product with its gaps filled."""

    product: Product
    by: Mapping[str, str] = field(default_factory=dict)
    """Field → the category whose default it is."""


def gaps(product: Product) -> list[str]:
    """What defaults may fill in it: what its supplier did not say, or said to be nothing. Of virtual goods nothing that a parcel has."""
    said = () if product.requires_shipping else OF_PARCELS
    open_to = [name for name in FILLED if name not in said]
    return [name for name in open_to if getattr(product, name) is None or name not in product.model_fields_set]


def filled(product: Product, defaults: Sequence[CategoryDefaults]) -> Filled:
    """Each gap filled by the nearest category that has a default for it: the product's own, those above it, then `*`."""
    by_category = {each.category: each for each in defaults}
    nearest = [by_category[category] for category in (*_upwards(product.category), ANY) if category in by_category]
    found = {name: each for name in gaps(product) for each in reversed(nearest) if getattr(each, name) is not None}
    if not found:
        return Filled(product)
    values = {name: getattr(each, name) for name, each in found.items()}
    return Filled(product.model_copy(update=values), {name: each.category for name, each in found.items()})


def _upwards(category: str) -> list[str]:
    """`hg-3-2`, `hg-3`, `hg`."""
    parts = category.split("-")
    return ["-".join(parts[:n]) for n in range(len(parts), 0, -1)]
