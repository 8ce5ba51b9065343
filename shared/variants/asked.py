"""What is still to be said of a product that may be sold as it is: who needs it asks for it later, and then nobody gets the product."""

from collections.abc import Collection, Iterator

from shared.errors import FieldError
from shared.goods.safety import asked_in_union
from shared.trade.product import Product, Variant

ABOUT: dict[str, str] = {
    "weight": "say what it weighs, packed: most couriers take nothing of which nobody said it",
    "size": "say how large it is, packed: most couriers take nothing of which nobody said it",
    "hs_code": "say its code of the Harmonized System: without it nothing crosses a border",
    "origin": "say where it was made: without it nothing crosses a border",
}


def asked_of(product: Product, filled: Collection[str] = ()) -> Iterator[FieldError]:
    """By JSON pointer, with what to say; nothing of what travels in no parcel.

    `filled`: what its supplier's defaults say of it, where `product` is as it was sent.
    """
    if not _travels(product):
        return
    for name, detail in ABOUT.items():
        if name not in filled and not _said(product, name):
            yield FieldError(f"/{name}", detail)
    if safety := asked_in_union(product):
        yield FieldError("/safety", safety)


def _said(product: Product, name: str) -> bool:
    """Of the product, or of each of its variants that travels."""
    several = [variant for variant in product.variants if _is_sent(product, variant)]
    return bool(getattr(product, name)) or (bool(several) and all(getattr(variant, name, None) for variant in several))


def _travels(product: Product) -> bool:
    """Whether any of it does: of virtual goods neither a courier nor the law on products' safety asks anything."""
    return any(_is_sent(product, variant) for variant in product.variants) if product.variants else product.requires_shipping


def _is_sent(product: Product, variant: Variant) -> bool:
    return product.requires_shipping if variant.requires_shipping is None else variant.requires_shipping
