"""Keeps suppliers' defaults, and fills what their uploads leave out. No default is read for a product that leaves nothing out."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from functions.uploads.defaults.product_defaults import ANY, CategoryDefaults, Filled, filled, gaps
from functions.uploads.products.hs_codes import hs_flaw
from functions.uploads.products.listed_attributes import Tidy, as_it_is
from shared.door.countries import country_flaw
from shared.errors import FieldError, Invalid
from shared.trade.product import Product


class Defaults(Protocol):
    """Where they lie."""

    def save(self, supplier_id: str, defaults: Sequence[CategoryDefaults]) -> None: ...

    def of(self, supplier_id: str) -> list[CategoryDefaults]: ...


class DefaultService:
    def __init__(self, store: Defaults, categories: Callable[[], Collection[str]], tidy: Tidy = as_it_is) -> None:
        """`tidy`: a product as the hub writes it, before anything is filled."""
        self._store, self._categories, self._tidy = store, categories, tidy

    def replace(self, supplier_id: str, defaults: Sequence[CategoryDefaults]) -> None:
        """Set these instead of all that were; they fill what is sent from now on. Raises Invalid, which names each field."""
        if wrong := list(_flaws(defaults, self._categories())):
            raise Invalid(wrong[0].detail, wrong)
        self._store.save(supplier_id, defaults)

    def of(self, supplier_id: str) -> list[CategoryDefaults]:
        return self._store.of(supplier_id)

    def fill(self, supplier_id: str, product: Product) -> Filled:
        """The product with its gaps filled."""
        product = self._tidy(product)
        return filled(product, self._store.of(supplier_id)) if gaps(product) else Filled(product)

    def fill_all(self, supplier_id: str, products: Sequence[Product]) -> list[Filled]:
        """The same of several, by one read."""
        products = [self._tidy(product) for product in products]
        defaults = self._store.of(supplier_id) if any(gaps(product) for product in products) else []
        return [filled(product, defaults) for product in products]


def _flaws(defaults: Sequence[CategoryDefaults], categories: Collection[str]) -> Iterator[FieldError]:
    seen = set[str]()
    for i, each in enumerate(defaults):
        if each.category in seen:
            yield FieldError(f"/items/{i}/category", "this category has an entry already: put all its defaults into one")
        seen.add(each.category)
        if each.category != ANY and each.category not in categories:
            yield FieldError(f"/items/{i}/category", "no such category: choose one from GET /v1/taxonomy, or write * for all")
        checked = (
            ("origin", country_flaw(each.origin) if each.origin else None),
            ("hs_code", hs_flaw(each.hs_code) if each.hs_code else None),
        )
        yield from (FieldError(f"/items/{i}/{name}", flaw) for name, flaw in checked if flaw)
