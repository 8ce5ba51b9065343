"""Who is asking, as the authorizer found out. Never read from the request itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from shared.errors import Forbidden, NotFound

Role = Literal["supplier", "storefront", "clerk", "shopper", "client_site", "auditor", "operator"]
ROLES: frozenset[Role] = frozenset(get_args(Role))
Scope = Literal["browse", "sell", "manage"]
"""What an API key may do; each scope holds those before it. browse: read what shoppers see, made to be public. sell: quote, order, pay.
manage: cancel what is paid, refund, capture, see cost and margin."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
USUAL_SCOPE: Scope = "sell"
"""Of a key whose owner named none, and of those made before there were scopes."""


class ScopeTooSmall(Forbidden):
    """An API key asked for what its scope does not hold."""

    code, title = "scope-too-small", "This API key may not do this"

    def __init__(self, needed: Scope, held: Scope) -> None:
        super().__init__(f"this needs a key with the scope `{needed}`; this key has `{held}`. The owner may change it", scope=needed)


@dataclass(frozen=True, slots=True)
class Caller:
    """One signed-in account, or a client site's API key that acts for one storefront of its account."""

    account_id: str
    roles: frozenset[Role]
    verified: bool
    storefront_id: str | None = None
    scope: Scope | None = None
    """Of an API key; None: a person, whom roles alone bound."""

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Self | None:
        """Read the authorizer's context (API Gateway hands every value over as text); None if there is none."""
        if not context.get("account_id"):
            return None
        roles = frozenset(role for role in ROLES if role in str(context.get("roles", "")).split())
        told = str(context.get("scope") or "")
        scope = next((known for known in SCOPES if known == told), None)
        return cls(str(context["account_id"]), roles, context.get("verified") == "true", context.get("storefront_id") or None, scope)

    def context(self) -> dict[str, str]:
        """What the authorizer hands over; `Caller.of` reads it back."""
        told = {"account_id": self.account_id, "roles": " ".join(sorted(self.roles)), "verified": "true" if self.verified else "false"}
        named = {"storefront_id": self.storefront_id, "scope": self.scope}
        return told | {name: value for name, value in named.items() if value}

    def reaches(self, scope: Scope) -> bool:
        """Whether nothing but `scope` stands between this caller and the deed: a person, or a key that holds it."""
        return self.scope is None or SCOPES.index(self.scope) >= SCOPES.index(scope)

    def need(self, scope: Scope) -> None:
        """Raises ScopeTooSmall for a key that does not hold `scope`."""
        if self.scope is not None and not self.reaches(scope):
            raise ScopeTooSmall(scope, self.scope)

    @property
    def tenant(self) -> str:
        """The start of every partition key that this caller may touch."""
        return self.account_id

    def at_storefront(self, storefront_id: str) -> str:
        """The tenant key `account#storefront` for a storefront that the request named.

        A key that is bound to another storefront gets NotFound; whether the account owns the storefront shows by whether
        anything lies under the key. Raises NotFound.
        """
        if self.storefront_id not in (None, storefront_id):
            raise NotFound("this key belongs to another storefront")
        return f"{self.account_id}#{storefront_id}"
