"""What a shopper wants to order, before it has a price."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from functions.orders.buyers.buyer import Buyer
from monsoon_plugin.address import Address

SAID = ("language", "buyer", "note", "gift", "address", "to_country")


class Basket(BaseModel):
    """What a shopper wants, and where to. `quantities`: offer id → units, in the order of the request's lines."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    quantities: Mapping[str, int]
    buyer: Buyer
    note: str = ""
    gift: bool = False
    address: Address | None = None
    to_country: str = ""
    """What stands for an address of virtual goods alone."""
    shipping_ticket: str | None
    """None: nothing of it is to be shipped."""
    language: str
    pay_within: timedelta
    currency: str | None = None
    """What the shopper wants to pay in; None: what the storefront sells in by default."""

    expected_total: int | None = None
    """Minor units: what the shopper was shown last; None: the order is placed whatever it comes to."""

    @property
    def said(self) -> dict[str, Any]:
        """What its order says in the same words."""
        return {name: getattr(self, name) for name in SAID}

    @property
    def country(self) -> str:
        """Where it goes, ISO 3166-1 alpha-2."""
        return self.address.country if self.address else self.to_country
