"""Identifiers: a kind, an underscore, a ULID (26 characters, Crockford's base 32, ordered by time)."""

import hashlib
import re
import secrets
from collections.abc import Callable
from datetime import datetime

from ulid import ULID
from ulid.base32 import encode

from shared.errors import NotFound

Random = Callable[[int], bytes]
ID_PATTERN = r"^[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}$"


def new_id(kind: str, now: datetime, random: Random = secrets.token_bytes) -> str:
    """A new id of `kind` (say "ord") that sorts by `now`; 80 of its bits come from `random`."""
    milliseconds = int(now.timestamp() * 1000)
    return f"{kind}_{ULID.from_bytes(milliseconds.to_bytes(6, 'big') + random(10))}"


def derived_id(kind: str, *parts: str) -> str:
    """The one id that belongs to `parts`: the same parts give the same id, whoever asks and whenever."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return f"{kind}_{encode(bytes([digest[0] & 0x7F]) + digest[1:16])}"


def offer_id_of(product_id: str) -> str:
    """The id of the offer that a product is sold by: the same for every version of the product."""
    return derived_id("off", product_id)


def named(*ids: str) -> None:
    """Hold ids that a path named to their form. Raises NotFound: another text might be too long for a key, or another thing's key."""
    if not all(re.fullmatch(ID_PATTERN, text) for text in ids):
        raise NotFound("this is not an id of the hub")
