"""Who buys: what an order says of its buyer, all of it optional. A client site may know no more than that somebody does."""

import unicodedata
from typing import Literal

from pydantic import Field

from functions.orders.part import Part

BuyerType = Literal["consumer", "business"]
MOST_NAME, MOST_EMAIL, MOST_PHONE, MOST_TAX_ID, MOST_NOTE = 100, 254, 32, 32, 500
"""Characters. An e-mail's by RFC 5321 (4.5.3.1.3: a path of 256 octets with its brackets), the rest as an address has them."""


class Buyer(Part):
    """Who pays. Whoever receives the parcel is in the address. What says who they are shows in no `repr`, and so in no log."""

    type: BuyerType = "consumer"
    tax_id: str | None = Field(default=None, max_length=MOST_TAX_ID, repr=False, description="VAT or other tax number of a business")
    name: str | None = Field(default=None, max_length=MOST_NAME, repr=False)
    email: str | None = Field(default=None, max_length=MOST_EMAIL, repr=False, description="without one the order is not found by it")
    phone: str | None = Field(default=None, max_length=MOST_PHONE, repr=False)
    party_id: str | None = Field(
        default=None, max_length=64, description="the same for all orders of one e-mail at this account; another account's is another"
    )
    language: str | None = Field(default=None, max_length=35, description="BCP 47, to write to them in; without one the order's")


def normalised_email(email: str) -> str:
    """The same text for addresses that one mailbox reads: compatible letters alike (NFKC), no spaces around, no upper case.

    RFC 5321 (2.4) lets a host tell `Ada@` from `ada@`; none that people use does, and people write both.
    """
    return unicodedata.normalize("NFKC", email).strip().casefold()
