"""An API key's form and hash: `mk_<key>_<account>_<secret>`. Only the hash is kept, so a lost key is revoked, never shown again.

The key names its account and itself (both are no secrets), so that whoever checks it reads two known items and no index.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass

Random = Callable[[int], bytes]
SHOWN = 11
"""A key's first characters, by which people tell it from others: `mk_` and eight of its id."""
_ULID = "[0-9A-HJKMNP-TV-Z]{26}"
_FORM = re.compile(f"mk_({_ULID})_({_ULID})_[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class NamedKey:
    """What a key's text says of itself; whether it is good, only its hash tells."""

    key_id: str
    account_id: str


def mint(key_id: str, account_id: str, random: Random = secrets.token_bytes) -> str:
    """A new key's text; 256 bits of it come from `random`, so a plain hash of it cannot be searched."""
    secret = urlsafe_b64encode(random(32)).decode().rstrip("=")
    return f"mk_{key_id.removeprefix('key_')}_{account_id.removeprefix('acc_')}_{secret}"


def read(text: str) -> NamedKey | None:
    """Which key `text` names; None for what has not the form of one."""
    found = _FORM.fullmatch(text)
    return NamedKey(f"key_{found[1]}", f"acc_{found[2]}") if found else None


def hash_of(text: str) -> str:
    """What is kept of a key: SHA-256 of its whole text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def matches(text: str, kept_hash: str) -> bool:
    """Whether `text` is the key whose hash is kept; compared in constant time."""
    return hmac.compare_digest(hash_of(text), kept_hash)
