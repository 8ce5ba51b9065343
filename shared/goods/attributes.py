"""What a thing is like, beyond its options: `Material: Cotton` (schema.org's PropertyValue, Google Merchant's product_detail)."""

from typing import Annotated

from pydantic import Field, StringConstraints

from monsoon_plugin.value import Value

MOST_ATTRIBUTES = 40
AttributeName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
AttributeValue = Annotated[str, StringConstraints(min_length=1, max_length=100)]
AttributeId = Annotated[str, StringConstraints(pattern=r"^\d{1,9}$")]
"""An id of Shopify's taxonomy of attributes, without its prefix."""


class Attribute(Value):
    """One thing that is so of a product, in the supplier's words or the taxonomy's."""

    name: AttributeName = Field(description="of GET /v1/attributes, in any of its languages, or your own", examples=["Material"])
    values: list[AttributeValue] = Field(min_length=1, max_length=10, examples=[["Cotton"]])
    id: AttributeId | None = Field(
        default=None, description="written by the hub where the taxonomy has the name: name and values it knows are then its English ones"
    )


Attributes = Annotated[list[Attribute], Field(max_length=MOST_ATTRIBUTES)]
