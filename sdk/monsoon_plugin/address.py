"""Where a parcel goes (schema.org PostalAddress, in the words of UPU S42)."""

from typing import Annotated

from pydantic import Field

from monsoon_plugin.value import Value

Line = Annotated[str, Field(max_length=300)]
"""The longest that a provider of ours takes (PayPal's portable address, `address_line_1`); schema.org and UPU S42 name no limit."""


class Address(Value):
    name: str = Field(min_length=1, max_length=100, description="the recipient")
    lines: list[Line] = Field(min_length=1, max_length=4, description="street and house, as written on the parcel")
    city: str = Field(min_length=1, max_length=100)
    region: str = Field(default="", max_length=100, description="state or province")
    postal_code: str = Field(default="", max_length=16)
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2", examples=["GB"])
    phone: str = Field(default="", max_length=32)
    email: str = Field(default="", max_length=254)
