"""Who may come in: a signed-in person by its access token, a client site by its API key. One read of the table either way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from functions.authorizer.access_token import CredentialRefused, KeyOf, identity_in
from functions.authorizer.issuer import Issuer
from monsoon_plugin.clock import Clock
from shared.api.caller import USUAL_SCOPE, Caller, Role, Scope
from shared.api_key import matches, read
from shared.ids import derived_id

BEARER = re.compile(r"Bearer +([\x21-\x7e]{1,8192})", re.IGNORECASE)
GROUP_ROLES: Mapping[str, Role] = {"operators": "operator", "auditors": "auditor"}
"""The user pool's groups; another issuer may call them otherwise."""
SELF_ROLES: frozenset[Role] = frozenset({"supplier", "storefront", "clerk", "shopper"})
"""What an account's item may say; whatever else it said would count for nothing."""


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """What an account's item says."""

    roles: frozenset[str] = frozenset()
    verified: bool = False


@dataclass(frozen=True, slots=True)
class KnownKey:
    """What an API key's item says."""

    key_hash: str = field(repr=False)
    storefront_id: str
    revoked: bool
    scope: Scope = USUAL_SCOPE


class Credentials(Protocol):
    """Reads accounts and keys, in one call."""

    def account(self, account_id: str) -> KnownAccount | None: ...

    def account_and_key(self, account_id: str, key_id: str) -> tuple[KnownAccount | None, KnownKey | None]: ...


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Finds out who holds a credential."""

    credentials: Credentials
    issuer: Issuer
    key_of: KeyOf
    clock: Clock
    group_roles: Mapping[str, Role] = field(default_factory=lambda: GROUP_ROLES)

    def authenticate(self, authorization: str) -> Caller:
        """The caller whom an Authorization header names. Raises CredentialRefused."""
        found = BEARER.fullmatch(authorization.strip())
        if found is None:
            raise CredentialRefused("no bearer token")
        return self._client_site(found[1]) if found[1].startswith("mk_") else self._person(found[1])

    def _person(self, token: str) -> Caller:
        """Whoever signs in has an account; its item is missing until it has said something about itself."""
        identity = identity_in(token, self.issuer, self.key_of, self.clock())
        account_id = derived_id("acc", self.issuer.url, identity.subject)
        account = self.credentials.account(account_id) or KnownAccount()
        granted = {role for group, role in self.group_roles.items() if group in identity.groups}
        return Caller(account_id, (SELF_ROLES & account.roles) | granted, account.verified)

    def _client_site(self, text: str) -> Caller:
        """A key acts for one storefront within its scope, as long as its account keeps that role."""
        named = read(text)
        if named is None:
            raise CredentialRefused("not an API key")
        account, key = self.credentials.account_and_key(named.account_id, named.key_id)
        if account is None or key is None or not matches(text, key.key_hash):
            raise CredentialRefused("unknown API key")
        if key.revoked:
            raise CredentialRefused("revoked API key")
        roles: frozenset[Role] = frozenset({"client_site"}) if "storefront" in account.roles else frozenset()
        return Caller(named.account_id, roles, account.verified, key.storefront_id, key.scope)
