"""Which trade item a product is an offer of, where its codes do not say it, or say it wrongly."""

from dataclasses import replace
from datetime import datetime

from functions.catalog.offers.offer import Link, Offer, OfferChange, Party, changed_alike
from shared.errors import Conflict, Forbidden
from shared.goods.trade_item import own_trade_item, trade_item_of


class NotYourLink(Forbidden):
    code, title = "not-your-link", "An operator said which trade item this product is"


class SeveralItems(Conflict):
    code, title = "several-items", "A product with variants is several trade items: it cannot be linked with another product"


def linked_to(held: Offer) -> str:
    """The trade item by which another product is linked with this one: its own where neither a person nor its codes say one."""
    return item_of(held) or own_trade_item(held.product_id)


def item_of(offer: Offer) -> str:
    """By a person's word, else by its codes; empty if there is neither, or it has got variants since."""
    return offer.link.item if offer.link and not offer.product.variants else trade_item_of(offer.product)


def alone(held: Offer, by: Party) -> Link:
    return Link(own_trade_item(held.product_id), by)


def after_link(held: Offer, link: Link | None, by: Party, now: datetime) -> OfferChange | None:
    """The product linked anew; by its codes if `link` is None. None if it is so already; where its supplier said so, an operator says
    it too, so that an operator alone takes it back. What is recalled is told when it comes back.

    Raises NotYourLink where an operator linked it and its supplier asks, SeveralItems for a product with variants.
    """
    if link == held.link or (link and held.link and link.item == held.link.item and by != "operator"):
        return None
    if held.link and held.link.by == "operator" and by != "operator":
        raise NotYourLink("ask an operator to link it otherwise")
    if link and held.product.variants:
        raise SeveralItems
    return changed_alike(replace(held, link=link), now)
