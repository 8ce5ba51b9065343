"""Making, listing, changing and revoking API keys."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from functions.accounts.keys.issued_key import MAX_KEYS, IssuedKey, KeyRevoked, TooManyKeys
from monsoon_plugin.clock import Clock
from shared.api.caller import Scope
from shared.api.idempotency import Idempotency
from shared.api.paging import Read, one_beyond
from shared.api_key import SHOWN, Random, hash_of, mint
from shared.errors import NotFound


class ApiKeys(Protocol):
    """Where keys are kept."""

    def get(self, account_id: str, key_id: str) -> IssuedKey | None: ...

    def add(self, key: IssuedKey) -> bool:
        """Keep a new key; False, and nothing is changed, if there is one with its id."""

    def count(self, account_id: str) -> int: ...

    def page(self, account_id: str, after: str, limit: int) -> Sequence[IssuedKey]:
        """At most `limit` of the account's keys whose ids sort after `after` (empty: from the start)."""

    def set_scope(self, key: IssuedKey) -> bool:
        """Keep `scope`; False, and nothing is changed, if the key has been revoked or forgotten since."""

    def revoke(self, key: IssuedKey) -> None:
        """Keep `revoked_at`; the item is forgotten 90 days later."""


@dataclass(frozen=True, slots=True)
class ApiKeyService:
    """An account's keys."""

    kept: ApiKeys
    clock: Clock
    random: Random = secrets.token_bytes

    def create(
        self, account_id: str, storefront_id: str, name: str, scope: Scope, idempotency: Idempotency
    ) -> tuple[IssuedKey, str | None]:
        """A new key and its text; a replay answers the key alone, for its text is known nowhere. Raises TooManyKeys, KeyReused.

        Whether the storefront is the account's need not be known here: a key reaches only what lies under `account#storefront`.
        """
        key_id = idempotency.id("key")
        found = self.kept.get(account_id, key_id)
        if found is None:
            if self.kept.count(account_id) >= MAX_KEYS:
                raise TooManyKeys
            text = mint(key_id, account_id, self.random)
            key = IssuedKey(
                id=key_id, account_id=account_id, storefront_id=storefront_id, name=name, scope=scope, prefix=text[:SHOWN],
                key_hash=hash_of(text), fingerprint=idempotency.fingerprint, created_at=self.clock(),
            )  # fmt: skip
            if self.kept.add(key):
                return key, text
            found = self._own(account_id, key_id)
        idempotency.same(found.fingerprint)
        return found, None

    def pages_of(self, account_id: str, limit: int) -> Read[IssuedKey]:
        """The account's keys by id, revoked ones too until they are forgotten."""
        return one_beyond(limit, lambda after, most: self.kept.page(account_id, after, most), lambda key: key.id)

    def change_scope(self, account_id: str, key_id: str, scope: Scope) -> IssuedKey:
        """The key with another scope; its text stays. Raises NotFound, KeyRevoked."""
        key = self._own(account_id, key_id)
        changed = replace(key, scope=scope)
        if key.revoked_at is not None or not self.kept.set_scope(changed):
            raise KeyRevoked
        return changed

    def revoke(self, account_id: str, key_id: str) -> None:
        """From now on the key is refused; once more changes nothing. Raises NotFound."""
        key = self._own(account_id, key_id)
        if key.revoked_at is None:
            self.kept.revoke(replace(key, revoked_at=self.clock()))

    def _own(self, account_id: str, key_id: str) -> IssuedKey:
        found = self.kept.get(account_id, key_id)
        if found is None:
            raise NotFound("no such key")
        return found
