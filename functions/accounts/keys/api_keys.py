"""API keys of client sites: `mk_<key>_<account>_<secret>`. Only a hash is kept, so a lost key is revoked, never shown again.

The key names its account and itself (both are no secrets), so that whoever checks it reads two known items and no index.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from monsoon_plugin.clock import Clock
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, NotFound

Random = Callable[[int], bytes]
MAX_KEYS = 100
"""No account holds more keys, the recently revoked ones included."""
SHOWN = 11
"""A key's first characters, by which people tell it from others: `mk_` and eight of its id."""


class TooManyKeys(Conflict):
    code, title = "too-many-keys", f"An account holds at most {MAX_KEYS} keys: revoke some; they are forgotten after 90 days"


@dataclass(frozen=True, slots=True)
class Key:
    """A client site's key. `digest`: SHA-256 of the whole key, in hexadecimal."""

    id: str
    account_id: str
    storefront_id: str
    name: str
    prefix: str
    digest: str = field(repr=False)
    fingerprint: str
    created_at: datetime
    revoked_at: datetime | None = None


def minted(key_id: str, account_id: str, random: Random = secrets.token_bytes) -> str:
    """A new key's text; 256 bits of it come from `random`, so a plain hash of it cannot be searched."""
    secret = urlsafe_b64encode(random(32)).decode().rstrip("=")
    return f"mk_{key_id.removeprefix('key_')}_{account_id.removeprefix('acc_')}_{secret}"


def digest_of(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


class Keys(Protocol):
    """Where keys are kept."""

    def key(self, account_id: str, key_id: str) -> Key | None: ...

    def add_key(self, key: Key) -> bool:
        """Keep a new key; False, and nothing is changed, if there is one with its id."""

    def count_keys(self, account_id: str) -> int: ...

    def revoke(self, key: Key) -> None:
        """Keep `revoked_at`; the item is forgotten 90 days later."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Makes and revokes keys."""

    kept: Keys
    now: Clock
    random: Random = secrets.token_bytes

    def create(self, account_id: str, storefront_id: str, name: str, idempotency: Idempotency) -> tuple[Key, str | None]:
        """A new key and its text; a replay answers the key alone, for its text is known nowhere. Raises TooManyKeys, KeyReused.

        Whether the storefront is the account's need not be known here: a key reaches only what lies under `account#storefront`.
        """
        key_id = idempotency.id("key")
        found = self.kept.key(account_id, key_id)
        if found is None:
            if self.kept.count_keys(account_id) >= MAX_KEYS:
                raise TooManyKeys
            text = minted(key_id, account_id, self.random)
            key = Key(key_id, account_id, storefront_id, name, text[:SHOWN], digest_of(text), idempotency.fingerprint, self.now())
            if self.kept.add_key(key):
                return key, text
            found = self._own(account_id, key_id)
        idempotency.same(found.fingerprint)
        return found, None

    def revoke(self, account_id: str, key_id: str) -> None:
        """From now on the key is refused; once more changes nothing. Raises NotFound."""
        key = self._own(account_id, key_id)
        if key.revoked_at is None:
            self.kept.revoke(replace(key, revoked_at=self.now()))

    def _own(self, account_id: str, key_id: str) -> Key:
        found = self.kept.key(account_id, key_id)
        if found is None:
            raise NotFound("no such key")
        return found
