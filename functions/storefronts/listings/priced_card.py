"""A card as a storefront sells it."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.storefronts.index.product_card import Card
from shared.trade.selling_rule import Sale


@dataclass(frozen=True, slots=True)
class PricedCard:
    """A card with what the storefront sells it for."""

    card: Card
    sale: Sale
    highest: Sale | None = None
    """What its dearest variant is sold for."""


Pricer = Callable[[Card], PricedCard | None]
"""Prices a card; None where the storefront does not sell it."""
