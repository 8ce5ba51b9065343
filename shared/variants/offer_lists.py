"""Lists with a member for each of a product's offers, as events carry them."""

from typing import Annotated

from pydantic import Field

from shared.bounds.fields import Id, Minor
from shared.trade.product import MOST_VARIANTS, StockUnits

VariantOffers = Annotated[list[Id], Field(max_length=3 * MOST_VARIANTS)]
DroppedOffers = Annotated[list[Id], Field(max_length=MOST_VARIANTS)]
Withheld = Annotated[DroppedOffers, Field(description="of variants that were dropped while the goods were recalled, and stay so")]
VariantItems = Annotated[
    list[Annotated[str, Field(pattern=r"^(itm_\w{1,36})?$")]],
    Field(max_length=MOST_VARIANTS, description="what each variant is by a person's word; empty: by its codes. None: nobody spoke of any"),
]
NamedVariants = Annotated[
    list[Annotated[int, Field(ge=0, le=MOST_VARIANTS - 1)]],
    Field(max_length=MOST_VARIANTS, description="the places of variants with which others were linked: each is known by its own id, too"),
]
VariantUnits = Annotated[
    dict[Id, StockUnits],
    Field(max_length=MOST_VARIANTS, description="of a product with variants: offer id → units; `stock` is of its own offer, or 0"),
]
LowestBefore = Annotated[list[Minor], Field(max_length=MOST_VARIANTS, description="prices of the 30 days before; 0: not known")]
