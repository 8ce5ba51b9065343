"""What orders told of each variant's stock, on a product's card and on its page."""

from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail
from shared.variants.variant_stock import VariantStock


def stocked(detail: Detail, stock: VariantStock) -> Detail:
    """The detail, with what was told of its variants."""
    now = [variant.model_copy(update={"in_stock": stock.of(variant.offer_id, variant.in_stock)}) for variant in detail.variants]
    return detail.model_copy(update={"variants": now})


def in_stock(card: Card | None, detail: Detail | None, stock: VariantStock) -> bool:
    """Whether anything of the product is left: as its publication says, where nothing was told; while it is off sale, as was told."""
    if card is None or detail is None:
        return any(left for _, left in stock.told.values())
    if not detail.variants:
        return stock.of(card.offer_id, card.in_stock)
    return any(stock.of(variant.offer_id, variant.in_stock) for variant in detail.variants)
