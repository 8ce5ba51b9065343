"""Who is asking, as the authorizer found out. Never read from the request itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from shared.errors import NotFound

Role = Literal["supplier", "storefront", "clerk", "shopper", "client_site", "auditor", "operator"]
ROLES: frozenset[Role] = frozenset(get_args(Role))


@dataclass(frozen=True, slots=True)
class Caller:
    """One signed-in account, or a client site's API key that acts for one storefront of its account."""

    account_id: str
    roles: frozenset[Role]
    verified: bool
    storefront_id: str | None = None

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Self | None:
        """Read the authorizer's context (API Gateway hands every value over as text); None if there is none."""
        if not context.get("account_id"):
            return None
        roles = frozenset(role for role in ROLES if role in str(context.get("roles", "")).split())
        return cls(str(context["account_id"]), roles, context.get("verified") == "true", context.get("storefront_id") or None)

    def context(self) -> dict[str, str]:
        """What the authorizer hands over; `Caller.of` reads it back."""
        told = {"account_id": self.account_id, "roles": " ".join(sorted(self.roles)), "verified": "true" if self.verified else "false"}
        return told | ({"storefront_id": self.storefront_id} if self.storefront_id else {})

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
