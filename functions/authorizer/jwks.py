"""The issuer's signing keys (RFC 7517), fetched when first needed and kept for an hour."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jwt

from monsoon_plugin.clock import Clock

LIFETIME = timedelta(hours=1)
PAUSE = timedelta(minutes=1)
"""An unknown key id makes the keys be fetched anew, but no sooner: a forger must not make us call the issuer at will."""
MAX_KEYS = 20


@dataclass(slots=True)
class SigningKeys:
    """A process's copy of the issuer's keys. `fetch` answers the JWKS document."""

    fetch: Callable[[], bytes]
    clock: Clock
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _fetched: datetime | None = None

    def __call__(self, key_id: str) -> jwt.PyJWK | None:
        """The RSA key with this id, None if the issuer has none. Raises whatever `fetch` raises."""
        age = None if self._fetched is None else self.clock() - self._fetched
        if age is None or age >= LIFETIME or (key_id not in self._keys and age >= PAUSE):
            self._keys = rsa_keys(self.fetch())
            self._fetched = self.clock()
        return self._keys.get(key_id)


def rsa_keys(document: bytes) -> dict[str, jwt.PyJWK]:
    """The keys that sign by RS256 in a JWKS document, by id; at most MAX_KEYS. Raises ValueError for what is no JWKS."""
    keys = json.loads(document).get("keys")
    if not isinstance(keys, list):
        raise ValueError("the document has no keys")
    signing = [k for k in keys if k.get("kty") == "RSA" and k.get("use", "sig") == "sig" and k.get("alg", "RS256") == "RS256"]
    return {k["kid"]: jwt.PyJWK(k, algorithm="RS256") for k in signing[:MAX_KEYS] if "kid" in k}
