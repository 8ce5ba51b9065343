"""By what a thing is known: its maker's brand and part number, its state, the group that it is listed in (schema.org, Google Merchant)."""

from typing import Annotated, Literal

from pydantic import StringConstraints

Sku = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""A supplier's own code."""
Gtin = Annotated[str, StringConstraints(pattern=r"^\d{8}(\d{4,6})?$")]
Brand = Annotated[str, StringConstraints(min_length=1, max_length=70)]
"""A name, and no text: `StarTech.com` is one."""
Mpn = Annotated[str, StringConstraints(min_length=1, max_length=70)]
"""The manufacturer's part number, as it is printed on the thing."""
ItemGroup = Annotated[str, StringConstraints(min_length=1, max_length=50)]
"""A code that products share which differ in little, as Google Merchant's `item_group_id`."""
ListingStatus = Literal["draft", "active", "archived"]
"""Whether its supplier wants it on sale."""
Condition = Literal["new", "refurbished", "used", "damaged"]
"""schema.org's OfferItemCondition."""
