"""A card as a storefront sells it."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.storefronts.index.product_card import Card
from shared.trade.selling_rule import Sale
from shared.variants.announced import Announced


@dataclass(frozen=True, slots=True)
class PricedCard:
    """A card with what the storefront sells it for."""

    card: Card
    sale: Sale
    highest: Sale | None = None
    """What its dearest variant is sold for."""
    thing: str = ""
    """The id of the thing that it is an offer of, the same for all offers of it; empty where it was not looked for."""
    reduction: Announced | None = None


Pricer = Callable[[Card], PricedCard | None]
"""Prices a card; None where the storefront does not sell it."""
