"""What orders told of each offer's stock, on a product's card and on its page."""

from dataclasses import replace

from functions.storefronts.index.product_card import Card
from functions.storefronts.index.product_detail import Detail, VariantDetail
from shared.variants.variant_stock import VariantStock


def stocked(detail: Detail, stock: VariantStock) -> Detail:
    """The detail, with what was told of its variants."""
    return detail.model_copy(update={"variants": [_stocked(variant, stock) for variant in detail.variants]})


def _stocked(variant: VariantDetail, stock: VariantStock) -> VariantDetail:
    awaited = None if stock.is_full(variant.offer_id) else variant.backorder_days
    return variant.model_copy(update={"in_stock": stock.of(variant.offer_id, variant.in_stock), "backorder_days": awaited})


def as_left(card: Card, detail: Detail, stock: VariantStock) -> Card:
    """The card as published, or as it was kept, with what is known by now of its variants' stock, and of what may be ordered beyond it."""
    now = card.with_stock(stock.of)
    if detail.variants:
        awaited = (each.backorder_days for each in stocked(detail, stock).variants)
        return replace(now, backorder_days=max((days for days in awaited if days), default=None))
    full, days = stock.is_full(card.offer_id), card.backorder_days or card.full_days
    return replace(now, backorder_days=None if full else days, full_days=days if full else None)


def in_stock(card: Card | None, detail: Detail | None, stock: VariantStock) -> bool:
    """Whether anything of the product is left: as its publication says, where nothing was told; while it is off sale, as was told."""
    if card is None or detail is None:
        return any(left for _, left in stock.told.values())
    if not detail.variants:
        return stock.of(card.offer_id, card.in_stock)
    return any(stock.of(variant.offer_id, variant.in_stock) for variant in detail.variants)
