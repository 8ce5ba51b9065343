"""Lists with a member for each of a product's offers, as events carry them."""

from typing import Annotated

from pydantic import Field

from shared.bounds.fields import Id, Minor, TradeItem
from shared.trade.product import MOST_VARIANTS

VariantOffers = Annotated[list[Id], Field(max_length=3 * MOST_VARIANTS)]
DroppedOffers = Annotated[list[Id], Field(max_length=MOST_VARIANTS)]
Withheld = Annotated[DroppedOffers, Field(description="of variants that were dropped while the goods were recalled, and stay so")]
VariantItems = Annotated[
    dict[Id, TradeItem], Field(max_length=MOST_VARIANTS, description="what a variant is by a person's word: offer id → trade item")
]
NamedVariants = Annotated[
    list[Id],
    Field(max_length=MOST_VARIANTS, description="offers of variants with which others were linked: each is known by its own id, too"),
]
LowestBefore = Annotated[list[Minor], Field(max_length=MOST_VARIANTS, description="prices of the 30 days before; 0: not known")]
