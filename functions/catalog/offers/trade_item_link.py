"""Which trade item a product, or a variant of one, is an offer of, where its codes do not say it, or say it wrongly."""

from datetime import datetime
from typing import NamedTuple

from functions.catalog.offers.offer import Link, Offer, OfferChange, Party, next_of
from functions.catalog.offers.told import publication
from shared.errors import Conflict, Forbidden, NotFound
from shared.goods.trade_item import ids_of as thing_ids
from shared.goods.trade_item import own_trade_item
from shared.trade.product import MOST_VARIANTS
from shared.variants.variant_things import ids_of as ids_of_variants
from shared.variants.variant_words import VariantWords

WHICH = "name the variant's offer_id, of this product or of the other: each is a trade item of its own"


class NotYourLink(Forbidden):
    code, title = "not-your-link", "An operator said which trade item this product is"


class SeveralItems(Conflict):
    code, title = "several-items", "A product with variants is several trade items: it stands alone, or each variant is what its codes say"


class Thing(NamedTuple):
    """What may be one thing with another: a supplier's product, or one of its variants."""

    supplier_id: str
    product_id: str
    offer_id: str = ""
    """The variant's; empty: the product by itself."""

    def variant_of(self, offer: Offer) -> str:
        """Its offer's id among the product's variants; empty for the product by itself. Raises NotFound."""
        if not self.offer_id or (self.offer_id == offer.id and not offer.product.variants):
            return ""
        if not offer.product.variants or all(each.offer_id != self.offer_id for each in offer.offered):
            raise NotFound("this product has no such variant: its offers' ids are in GET /v1/catalog/products/{product_id}")
        return self.offer_id


def alone(held: Offer, by: Party, variant: str = "") -> Link:
    return Link(own_trade_item(variant or held.product_id), by)


def ids_of(offer: Offer) -> tuple[str, ...]:
    """By a person's word, else by its codes, and by its own id where others are linked with it; none once it has got variants."""
    return thing_ids(offer.product_id, offer.product, offer.link.item if offer.link else "", named=offer.named)


def item_of(offer: Offer) -> str:
    """The surest of them; empty if there is none."""
    return next(iter(ids_of(offer)), "")


def variant_items_of(offer: Offer) -> list[str]:
    """The same of each of its variants, in their order."""
    words = VariantWords({each: link.item for each, link in offer.variant_links.items()}, offer.variants_named)
    known = ids_of_variants(words, offer.offered, offer.product, offer.link.item if offer.link and offer.stands_alone else "")
    return [next(iter(ids), "") for ids in known]


def after_link(held: Offer, link: Link | None, by: Party, now: datetime, variant: str = "") -> OfferChange | None:
    """The product linked anew, or the variant of this offer's id; by its codes if `link` is None. None if it is so already; where its
    supplier said so, an operator says it too, so that an operator alone takes it back. What is recalled is told when it comes back.

    Raises NotYourLink where an operator linked it and its supplier asks, SeveralItems for a product with variants that is not to stand
    alone.
    """
    before = held.link_of(variant)
    if link == before or (link and before and link.item == before.item and by != "operator"):
        return None
    if before and before.by == "operator" and by != "operator":
        raise NotYourLink("ask an operator to link it otherwise")
    if variant:
        return _told(next_of(held, now, variant_links=held.linked_as(link, variant)))
    if link and held.product.variants and link.item != own_trade_item(held.product_id):
        raise SeveralItems(WHICH)
    return _told(next_of(held, now, link=link))


def after_naming(held: Offer, now: datetime, variant: str = "") -> OfferChange | None:
    """The product after an operator said of another that it is the same thing as it, or as the variant of this offer's id; None if one
    was before.

    That one bears this one's own id, and nothing of this one is settled by it: its supplier goes on to say its codes, or that it stands
    alone, and what an operator has linked stays linked. Raises SeveralItems for a product with variants of which none is named.
    """
    if variant:
        several = (variant, *(each for each in held.variants_named if each != variant))[:MOST_VARIANTS]
        return None if variant in held.variants_named else _told(next_of(held, now, variants_named=several))
    if held.product.variants:
        raise SeveralItems(WHICH)
    return None if held.named else _told(next_of(held, now, named=True))


def _told(newer: Offer) -> OfferChange:
    return OfferChange(newer, None) if newer.recall or newer.is_delisted else publication(newer)
