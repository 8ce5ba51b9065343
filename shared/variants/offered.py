"""What a product is sold as: one offer, or one for each of its variants. Whoever sells, sends or counts goods reads a product here."""

from collections.abc import Sequence
from dataclasses import dataclass

from monsoon_plugin.money import Amount
from shared.ids import derived_id, offer_id_of
from shared.trade.product import Product, Variant

LABEL, SHOWN = 90, 200
"""Characters of a title that a variant's values may take, and of a title with them on orders, parcels and customs' papers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An offer of a product. `product` is what it is by itself: flat, without options and variants."""

    offer_id: str
    product: Product
    choice: tuple[str, ...] = ()
    """The variant's values, in the order of the product's options; empty for a product without."""
    lowest: Amount
    """The lowest price of all the product's offers: by it storefronts' rules choose products."""


def variant_offer_id(product_id: str, product_sku: str, sku: str) -> str:
    """The id of a variant's offer: that of the product, if it bears the product's sku; the same in every version of the product."""
    return _sold_by(offer_id_of(product_id), product_id, product_sku, sku)


def _sold_by(own: str, product_id: str, product_sku: str, sku: str) -> str:
    return own if sku == product_sku else derived_id("off", product_id, sku)


def cheapest_of(offers: Sequence[Offered]) -> Offered:
    """The first of those that cost the least: what the product's own price is that of."""
    return min(offers, key=lambda each: each.product.price.amount)


def offers_of(offer_id: str, product_id: str, product: Product) -> list[Offered]:
    """What the product is sold as. `offer_id`: the product's own, which a variant with the product's sku has."""
    if not product.variants:
        return [Offered(offer_id=offer_id, product=product, lowest=product.price)]
    names, lowest = [option.name for option in product.options], product.lowest
    return [
        Offered(
            offer_id=_sold_by(offer_id, product_id, product.sku, variant.sku),
            product=flat(product, variant), choice=tuple(variant.options[name] for name in names), lowest=lowest,
        )
        for variant in product.variants
    ]  # fmt: skip


def flat(product: Product, variant: Variant) -> Product:
    """The product as this variant is sold. A price of its own has its own tiers or none: the product's are below another price."""
    own = variant.sku == product.sku
    told = {
        "sku": variant.sku, "stock": variant.stock, "price": variant.price or product.price, "weight": variant.weight or product.weight,
        "tiers": variant.tiers if variant.tiers or variant.price else product.tiers, "size": variant.size or product.size,
        "gtin": variant.gtin or (product.gtin if own else None), "pictures": variant.pictures or product.pictures,
        "unit_measure": variant.unit_measure or product.unit_measure, "stock_mode": variant.stock_mode or product.stock_mode,
        "mpn": variant.mpn or (product.mpn if own else None),
        "requires_shipping": product.requires_shipping if variant.requires_shipping is None else variant.requires_shipping,
        "options": [], "variants": [],
    }  # fmt: skip
    return product.model_copy(update=told)


def titled(title: str, choice: tuple[str, ...], most: int = SHOWN) -> str:
    """A title of at most so many characters, with a variant's values, as shoppers and customs read it: "Silk scarf — red / M"."""
    label = " / ".join(choice)
    end = f" — {label if len(label) <= LABEL else label[: LABEL - 1] + '…'}" if choice else ""
    room = most - len(end)
    return f"{title if len(title) <= room else title[: room - 1] + '…'}{end}"
