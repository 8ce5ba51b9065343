"""What a product is sold as: one offer, or one for each of its variants. Whoever sells, sends or counts goods reads a product here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monsoon_plugin.clock import rfc3339
from monsoon_plugin.money import Amount
from shared.ids import derived_id, offer_id_of
from shared.trade.product import Product, Variant
from shared.variants.sale import REGULAR, Priced, Reduced

LABEL, SHOWN = 90, 200
"""Characters of a title that a variant's values may take, and of a title with them on orders, parcels and customs' papers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An offer of a product. `product` is what it is by itself: flat, without options and variants, its price what is asked now."""

    offer_id: str
    product: Product
    choice: tuple[str, ...] = ()
    """The variant's values, in the order of the product's options; empty for a product without."""
    lowest: Amount
    """The lowest price of all the product's offers: by it storefronts' rules choose products."""
    reduced: Reduced | None = None
    """What its price is compared with."""


def variant_offer_id(product_id: str, product_sku: str, sku: str) -> str:
    """The id of a variant's offer: that of the product, if it bears the product's sku; the same in every version of the product."""
    return _sold_by(offer_id_of(product_id), product_id, product_sku, sku)


def _sold_by(own: str, product_id: str, product_sku: str, sku: str) -> str:
    return own if sku == product_sku else derived_id("off", product_id, sku)


def cheapest_of(offers: Sequence[Offered]) -> Offered:
    """The first of those that cost the least: what the product's own price is that of."""
    return min(offers, key=lambda each: each.product.price.amount)


def offers_of(offer_id: str, product_id: str, product: Product, priced: Priced = REGULAR) -> list[Offered]:
    """What the product is sold as. `offer_id`: the product's own, which a variant with the product's sku has."""
    if not product.variants:
        return [_priced(Offered(offer_id=offer_id, product=product, lowest=product.price), priced, 0)]
    names, lowest = [option.name for option in product.options], product.lowest
    several = [
        Offered(
            offer_id=_sold_by(offer_id, product_id, product.sku, variant.sku),
            product=flat(product, variant), choice=tuple(variant.options[name] for name in names), lowest=lowest,
        )
        for variant in product.variants
    ]  # fmt: skip
    now = [_priced(each, priced, place) for place, each in enumerate(several)]
    if any(each.product.price is not was.product.price for each, was in zip(now, several, strict=True)):
        lowest = cheapest_of(now).product.price
        now = [replace(each, lowest=lowest) for each in now]
    return now


def _priced(offered: Offered, priced: Priced, place: int) -> Offered:
    """At what is asked as of `priced.at`. No tier is dearer than a single unit is in a sale."""
    one = offered.product
    sale = one.sale if one.sale and priced.at and one.sale.is_on(priced.at) else None
    compare_at = one.price if sale else one.compare_at
    if compare_at is None:
        return offered
    until = rfc3339(sale.ends_at) if sale and sale.ends_at else None
    reduced = Reduced(compare_at.amount, priced.lowest_of(place), until)
    if sale is None:
        return replace(offered, reduced=reduced)
    tiers = [t.model_copy(update={"price": sale.price}) if t.price.amount > sale.price.amount else t for t in one.tiers]
    sold = one.model_copy(update={"price": sale.price, "tiers": tiers})
    return replace(offered, product=sold, lowest=sale.price, reduced=reduced)


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
        "compare_at": variant.compare_at or (None if variant.price else product.compare_at),
        "sale": variant.sale or (None if variant.price else product.sale), "options": [], "variants": [],
    }  # fmt: skip
    return product.model_copy(update=told)


def titled(title: str, choice: tuple[str, ...], most: int = SHOWN) -> str:
    """A title of at most so many characters, with a variant's values, as shoppers and customs read it: "Silk scarf — red / M"."""
    label = " / ".join(choice)
    end = f" — {label if len(label) <= LABEL else label[: LABEL - 1] + '…'}" if choice else ""
    room = most - len(end)
    return f"{title if len(title) <= room else title[: room - 1] + '…'}{end}"
