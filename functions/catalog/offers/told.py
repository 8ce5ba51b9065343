"""What the bus is told of an offer: that it is on sale, that its supplier keeps it off sale, or that it is recalled."""

from dataclasses import replace
from typing import TypedDict

from functions.catalog.offers.offer import Offer, OfferChange
from shared.messages import OfferDelisted, OfferPublished, OfferRecalled
from shared.pictures.product_pictures import lines_of

SUSPENDED = "its supplier is suspended"
"""What sellers, sites and shoppers are told of a suspension."""


class Withheld(TypedDict):
    """What stays recalled, and why; and whether more is gone than is named."""

    withheld: list[str]
    withheld_for: str
    more_gone: bool


class _OfVariants(TypedDict):
    variant_items: list[str]
    variants_named: list[int]


def publication(offer: Offer) -> OfferChange:
    """On sale; or off sale, and not recalled, where its supplier keeps it so; or waiting for its first picture, which nobody is told."""
    if offer.is_delisted:
        return OfferChange(offer, _delisting(offer))
    if offer.awaits_picture:
        return OfferChange(offer, None)
    offer = replace(offer, first_published_at=offer.first_published_at or offer.changed_at)
    lines, blurs = lines_of(offer.shown)
    event = OfferPublished(
        offer_id=offer.id, product_id=offer.product_id, supplier_id=offer.supplier_id, product=offer.product, version=offer.version,
        first_published_at=offer.first_published_at, gone=list(offer.gone),
        trade_item=offer.link.item if offer.link and (offer.stands_alone or not offer.product.variants) else "",
        named=offer.named and not offer.product.variants, **_of_variants(offer), **_withheld(offer),
        priced_at=offer.prices.told_at, lowest=offer.prices.lowest_of(offer.offered),
        shown=lines, blurs=blurs,
    )  # fmt: skip
    return OfferChange(offer, event)


def withdrawal(offer: Offer) -> OfferChange:
    """The reason for a recall is told to all who sell the goods; that for a suspension to the supplier alone."""
    recall = offer.recall
    reason = "" if recall is None else SUSPENDED if recall.by == "sanction" else recall.reason
    several = [*offer.known_offers, *offer.withheld] if offer.product.variants or offer.gone or offer.withheld else []
    event = OfferRecalled(
        offer_id=offer.id, product_id=offer.product_id, supplier_id=offer.supplier_id, reason=reason, version=offer.version,
        variants=several, more_gone=offer.more_gone,
    )  # fmt: skip
    return OfferChange(offer, event)


def _delisting(offer: Offer) -> OfferDelisted:
    return OfferDelisted(
        offer_id=offer.id, product_id=offer.product_id, supplier_id=offer.supplier_id, version=offer.version, offers=offer.known_offers,
        **_withheld(offer),
    )  # fmt: skip


def _of_variants(offer: Offer) -> _OfVariants:
    """What was said of those that it has, by their places."""
    several = [each.offer_id for each in offer.offered] if offer.product.variants else []
    items = [link.item if (link := offer.variant_links.get(offer_id)) else "" for offer_id in several]
    named = [place for place, offer_id in enumerate(several) if offer_id in offer.variants_named]
    return {"variant_items": items if any(items) else [], "variants_named": named}


def _withheld(offer: Offer) -> Withheld:
    return {"withheld": list(offer.withheld), "withheld_for": offer.withheld_for, "more_gone": offer.more_gone}
