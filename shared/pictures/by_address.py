"""A picture that lies at an address: its id is known before it was fetched, so that a product can name it."""

from typing import Annotated
from urllib.parse import quote

from pydantic import Field, StringConstraints

from shared.ids import derived_id

LONGEST = 2000
"""Characters of an address as it is written. A longer one is cut, and told to be none."""
MOST_FETCHED = 12
"""Addresses of one product: as many pictures as it may name."""
WRITTEN = "!#$%&'()*+,/:;=?@[]~"
"""What RFC 3986 has a place for in an address beside letters, digits and -._; a % stands as it was written."""
Address = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,2001}$")]
Addresses = Annotated[list[Address], Field(max_length=MOST_FETCHED, description="where pictures lie that it names: they are fetched")]


def picture_id_of(account_id: str, address: str) -> str:
    """The one id of what an account has at this address, whatever lies there. `address`: as `written` gives it."""
    return derived_id("pic", account_id, "address", address)


def written(address: str) -> str:
    """An address in ASCII, blanks and other scripts percent-encoded, without a fragment; of a longer one enough to tell that it is."""
    return quote(address.partition("#")[0].strip(), safe=WRITTEN)[: LONGEST + 1]
