"""Which trade item a product is an offer of, where its codes do not say it, or say it wrongly."""

from datetime import datetime

from functions.catalog.offers.offer import Link, Offer, OfferChange, Party, next_of
from functions.catalog.offers.told import publication
from shared.errors import Conflict, Forbidden
from shared.goods.trade_item import ids_of as thing_ids
from shared.goods.trade_item import own_trade_item


class NotYourLink(Forbidden):
    code, title = "not-your-link", "An operator said which trade item this product is"


class SeveralItems(Conflict):
    code, title = "several-items", "A product with variants is several trade items: it stands alone, or each variant is what its codes say"


def ids_of(offer: Offer) -> tuple[str, ...]:
    """By a person's word, else by its codes, and by its own id where others are linked with it; none once it has got variants."""
    return thing_ids(offer.product_id, offer.product, offer.link.item if offer.link else "", named=offer.named)


def item_of(offer: Offer) -> str:
    """The surest of them; empty if there is none."""
    return next(iter(ids_of(offer)), "")


def alone(held: Offer, by: Party) -> Link:
    return Link(own_trade_item(held.product_id), by)


def after_link(held: Offer, link: Link | None, by: Party, now: datetime) -> OfferChange | None:
    """The product linked anew; by its codes if `link` is None. None if it is so already; where its supplier said so, an operator says
    it too, so that an operator alone takes it back. What is recalled is told when it comes back.

    Raises NotYourLink where an operator linked it and its supplier asks, SeveralItems for a product with variants that is not to stand
    alone.
    """
    if link == held.link or (link and held.link and link.item == held.link.item and by != "operator"):
        return None
    if held.link and held.link.by == "operator" and by != "operator":
        raise NotYourLink("ask an operator to link it otherwise")
    if link and held.product.variants and link.item != own_trade_item(held.product_id):
        raise SeveralItems
    return _told(next_of(held, now, link=link))


def after_naming(held: Offer, now: datetime) -> OfferChange | None:
    """The product after an operator said of another that it is the same thing; None if one was before.

    That one bears this one's own id, and nothing of this one is settled by it: its supplier goes on to say its codes, or that it stands
    alone, and what an operator has linked stays linked. Raises SeveralItems for a product with variants.
    """
    if held.product.variants:
        raise SeveralItems
    return None if held.named else _told(next_of(held, now, named=True))


def _told(newer: Offer) -> OfferChange:
    return OfferChange(newer, None) if newer.recall or newer.is_delisted else publication(newer)
