"""A change of a product's price or stock alone: what is not named stays as it was. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monsoon_plugin.money import Amount
from shared.trade.product import Product, Variant


@dataclass(frozen=True, slots=True)
class Change:
    """Of one thing that is sold: the product itself, or one of its variants. None: as it was."""

    price: Amount | None = None
    stock: int | None = None


def strangers(product: Product, skus: Sequence[str]) -> list[str]:
    """Those of `skus` that are neither the product's nor of one of its variants."""
    own = {product.sku, *(variant.sku for variant in product.variants)}
    return [sku for sku in skus if sku not in own]


def priced(product: Product, changes: Mapping[str, Change]) -> Product:
    """The product with new prices, by sku; a price of the product itself is that of all variants which say none. Raises ValidationError."""
    own = changes.get(product.sku, Change()).price or product.price
    variants = [_priced(variant, changes.get(variant.sku, Change()).price, own) for variant in product.variants]
    update = {"price": own} | ({"variants": variants} if variants else {})
    return _checked(product, update)


def _priced(variant: Variant, price: Amount | None, products: Amount) -> Variant:
    """With a price of its own only where it differs from the product's, whose tiers it has then."""
    return variant if price is None else variant.model_copy(update={"price": None if price == products else price})


def stocked(product: Product, changes: Mapping[str, Change]) -> Product:
    """The product with new stock, by sku."""
    counted = {sku: change.stock for sku, change in changes.items() if change.stock is not None}
    variants = [variant.model_copy(update={"stock": counted.get(variant.sku, variant.stock)}) for variant in product.variants]
    return product.model_copy(update={"stock": counted.get(product.sku, product.stock), "variants": variants})


def is_counted(changes: Mapping[str, Change]) -> bool:
    """Whether any of them says a stock."""
    return any(change.stock is not None for change in changes.values())


def _checked(product: Product, update: Mapping[str, object]) -> Product:
    """A copy that is held to the model, as what is sent is."""
    return Product.model_validate_json(product.model_copy(update=update).model_dump_json(exclude_unset=True))
