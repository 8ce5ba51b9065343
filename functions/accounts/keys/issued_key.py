"""An API key as its account keeps it, issued to a client site. Its text and its hash are in shared/api_key.py."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.api.caller import USUAL_SCOPE, Scope
from shared.errors import Conflict

MAX_KEYS = 100
"""No account holds more keys, the recently revoked ones included."""


class TooManyKeys(Conflict):
    code, title = "too-many-keys", f"An account holds at most {MAX_KEYS} keys: revoke some; they are forgotten after 90 days"


class KeyRevoked(Conflict):
    code, title = "key-revoked", "This key is revoked and stays so: make a new one"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A client site's key, for one storefront of its account."""

    id: str
    account_id: str
    storefront_id: str
    name: str
    scope: Scope = USUAL_SCOPE
    prefix: str
    key_hash: str = field(repr=False)
    fingerprint: str
    created_at: datetime
    revoked_at: datetime | None = None
