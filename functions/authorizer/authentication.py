"""Who may come in: a signed-in person by its access token, a client site by its API key. One read of the table either way."""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Any, Protocol

from functions.authorizer.access_token import Issuer, KeyOf, Refused, signed_in
from monsoon_plugin.clock import Clock
from shared.api.caller import USUAL_SCOPE, Caller, Role
from shared.ids import derived_id

ULID = "[0-9A-HJKMNP-TV-Z]{26}"
API_KEY = re.compile(f"mk_({ULID})_({ULID})_[A-Za-z0-9_-]{{43}}")
BEARER = re.compile(r"Bearer +([\x21-\x7e]{1,8192})", re.IGNORECASE)
GROUP_ROLES: dict[str, Role] = {"operators": "operator", "auditors": "auditor"}
SELF_ROLES: frozenset[Role] = frozenset({"supplier", "storefront", "clerk", "shopper"})
"""What an account's item may say; whatever else it said would count for nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account's item says."""

    roles: frozenset[str] = frozenset()
    verified: bool = False


@dataclass(frozen=True, slots=True)
class SiteKey:
    """What a key's item says."""

    digest: str = field(repr=False)
    storefront_id: str
    revoked: bool


class Register(Protocol):
    """Reads accounts and keys, in one call."""

    def account(self, account_id: str) -> Standing | None: ...

    def account_and_key(self, account_id: str, key_id: str) -> tuple[Standing | None, SiteKey | None]: ...


@dataclass(frozen=True, slots=True)
class Door:
    """Finds out who holds a credential."""

    register: Register
    issuer: Issuer
    key_of: KeyOf
    now: Clock

    def admit(self, authorization: str) -> Caller:
        """The caller whom an Authorization header names. Raises Refused."""
        found = BEARER.fullmatch(authorization.strip())
        if found is None:
            raise Refused("no bearer token")
        return self._site(found[1]) if found[1].startswith("mk_") else self._person(found[1])

    def _person(self, token: str) -> Caller:
        """Whoever signs in has an account; its item is missing until it has said something about itself."""
        user = signed_in(token, self.issuer, self.key_of, self.now())
        account_id = derived_id("acc", self.issuer.url, user.subject)
        standing = self.register.account(account_id) or Standing()
        granted = {role for group, role in GROUP_ROLES.items() if group in user.groups}
        return Caller(account_id, (SELF_ROLES & standing.roles) | granted, standing.verified)

    def _site(self, text: str) -> Caller:
        """A key acts for one storefront, as long as its account keeps that role."""
        named = API_KEY.fullmatch(text)
        if named is None:
            raise Refused("not an API key")
        account_id = f"acc_{named[2]}"
        standing, key = self.register.account_and_key(account_id, f"key_{named[1]}")
        if standing is None or key is None or not hmac.compare_digest(key.digest, hashlib.sha256(text.encode()).hexdigest()):
            raise Refused("unknown API key")
        if key.revoked:
            raise Refused("revoked API key")
        roles: frozenset[Role] = frozenset({"client_site"}) if "storefront" in standing.roles else frozenset()
        return Caller(account_id, roles, standing.verified, key.storefront_id, USUAL_SCOPE)


def policy(caller: Caller, method_arn: str) -> dict[str, Any]:
    """What API Gateway wants to hear: the caller may call the stage. Each route then asks for its own roles.

    The whole stage, for API Gateway keeps the answer for the credential and applies it to other routes too.
    """
    stage = "/".join(method_arn.split("/")[:2])
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": f"{stage}/*"}
    return {
        "principalId": caller.account_id,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": caller.context(),
    }
