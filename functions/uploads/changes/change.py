"""A change of a product's prices or stock alone: what is not named stays as it was. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from monsoon_plugin.money import Amount
from shared.trade.product import Product, Variant
from shared.variants.sale import Sale


class AsItWas(Enum):
    """What is not named stays: a sale or a comparison of None ends."""

    KEPT = "kept"


KEPT = AsItWas.KEPT


@dataclass(frozen=True, slots=True)
class Change:
    """Of one thing that is sold: the product itself, or one of its variants. A price or stock of None: as it was."""

    price: Amount | None = None
    stock: int | None = None
    sale: Sale | AsItWas | None = KEPT
    compare_at: Amount | AsItWas | None = KEPT

    @property
    def beside(self) -> dict[str, object]:
        """What it says beside the price."""
        said = {"sale": self.sale, "compare_at": self.compare_at}
        return {name: value for name, value in said.items() if value is not KEPT}


UNCHANGED = Change()


def priced_as(product: Product, held: Product) -> Product:
    """`product` with the prices, and the tiers under them, of what is held of it and of each of its variants. Raises ValidationError."""
    known = {variant.sku: variant for variant in held.variants}
    variants = [_prices_of(variant, known[variant.sku]) if variant.sku in known else variant for variant in product.variants]
    return _checked(product, _told(held) | ({"variants": variants} if variants else {}))


def _prices_of(variant: Variant, held: Variant) -> Variant:
    return variant.model_copy(update=_told(held))


def _told(held: Product | Variant) -> dict[str, object]:
    return {"price": held.price, "tiers": held.tiers, "sale": held.sale, "compare_at": held.compare_at}


def same_prices(one: Product, other: Product) -> bool:
    """Whether two contents of one product ask the same."""
    return _asked(one) == _asked(other)


def _asked(product: Product) -> list[object]:
    beside = ((each.sku, each.price, each.tiers, each.sale, each.compare_at) for each in product.variants)
    return [product.price, product.tiers, product.sale, product.compare_at, *beside]


def strangers(product: Product, skus: Sequence[str]) -> list[str]:
    """Those of `skus` that are neither the product's nor of one of its variants."""
    own = {product.sku, *(variant.sku for variant in product.variants)}
    return [sku for sku in skus if sku not in own]


def priced(product: Product, changes: Mapping[str, Change], whole: Change = UNCHANGED) -> Product:
    """The product with new prices, by sku. Raises ValidationError.

    `whole` is of the product's own, which all variants have that say none. A change of its sku is of it, unless that is a variant's too.
    """
    is_variants = len(product.variants) > 1 and any(variant.sku == product.sku for variant in product.variants)
    named = UNCHANGED if is_variants else changes.get(product.sku, UNCHANGED)
    own = whole.price or named.price or product.price
    variants = [_priced(variant, changes.get(variant.sku, UNCHANGED), own) for variant in product.variants]
    update: dict[str, object] = {"price": own, **({} if product.variants else named.beside), **whole.beside}
    return _checked(product, update | ({"variants": variants} if variants else {}))


def _priced(variant: Variant, change: Change, products: Amount) -> Variant:
    """With a price of its own only where it differs from the product's, whose tiers it has then."""
    price = {} if change.price is None else {"price": None if change.price == products else change.price}
    return variant.model_copy(update=price | change.beside)


def stocked(product: Product, changes: Mapping[str, Change]) -> Product:
    """The product with new stock, by sku."""
    counted = {sku: change.stock for sku, change in changes.items() if change.stock is not None}
    variants = [variant.model_copy(update={"stock": counted.get(variant.sku, variant.stock)}) for variant in product.variants]
    return product.model_copy(update={"stock": counted.get(product.sku, product.stock), "variants": variants})


def counted(product: Product, changes: Mapping[str, Change]) -> dict[str, int]:
    """The units that they say, by sku: of the product's variants if it has any, else its own. What is not said is not counted."""
    sold = {variant.sku for variant in product.variants} or {product.sku}
    return {sku: change.stock for sku, change in changes.items() if change.stock is not None and sku in sold}


def _checked(product: Product, update: Mapping[str, object]) -> Product:
    """A copy that is held to the model, as what is sent is."""
    return Product.model_validate_json(product.model_copy(update=update).model_dump_json(exclude_unset=True))
