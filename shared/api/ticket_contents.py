"""What the two tickets between services say: shipping's quote, which orders reads, and an order to pay, which payments reads."""

import hashlib
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from monsoon_plugin.address import Address
from monsoon_plugin.money import Amount
from shared.bounds.fields import MOST_LINES, Currency, Id, Units
from shared.order_messages import ShippingChoice

SHIPPING_QUOTE = "shipping-quote"
PAYABLE_ORDER = "payable-order"
PAYABLE_FOR = timedelta(minutes=15)
"""How long a ticket pays: long enough to type a card's number, too short to pay for what was recalled in the meantime (decision 0024)."""


class ShippingQuote(BaseModel):
    """One rate, offered for exactly these lines to exactly this address. Ticket kind: SHIPPING_QUOTE."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    account_id: Id
    storefront_id: Id
    quantities: dict[Id, Units] = Field(max_length=MOST_LINES)
    """Offer id → units."""
    address: str = Field(max_length=64)
    """`address_digest` of the address."""
    currency: Currency
    choice: ShippingChoice
    quoted_at: str = Field(default="", max_length=40)
    """RFC 3339: what was on sale then is sold so, for as long as the ticket is good. Empty in tickets of before."""


class PayableOrder(BaseModel):
    """An order that waits to be paid, as of PAYABLE_FOR ago at most. Ticket kind: PAYABLE_ORDER."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    account_id: Id
    storefront_id: Id
    order_id: Id
    amount: Amount
    country: str = Field(default="", max_length=2)
    """Where it is sent, ISO 3166-1 alpha-2: some ways to pay are for some countries."""
    requires_shipping: bool = True
    """Whether anything of it travels: nobody collects cash at a door that no parcel comes to."""


def address_digest(address: Address) -> str:
    """A short text that is the same for the same address."""
    return hashlib.sha256(address.model_dump_json().encode()).hexdigest()[:32]
