"""An account: one identity that may hold several roles at once. It exists as soon as its owner can sign in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from shared.api.caller import Role
from shared.errors import Conflict
from shared.ids import derived_id

SelfRole = Literal["supplier", "storefront", "clerk", "shopper"]
"""What an account may call itself. Operators and auditors are made by the user pool's administrator alone."""
SELF_ROLES: frozenset[Role] = frozenset(get_args(SelfRole))


class EmailTaken(Conflict):
    code, title = "email-taken", "There is an account with this e-mail address: sign in, or use another address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the hub keeps of one person or firm that signs in."""

    id: str
    roles: tuple[SelfRole, ...] = ()
    email: str = ""
    display_name: str = ""
    verified: bool = False
    verification_id: str | None = None
    """The latest verification that it submitted."""
    sign_up: str = ""
    """The id of the request that made it; empty if it was made elsewhere, say by another OIDC issuer."""
    fingerprint: str = ""
    created_at: datetime | None = None


def account_id(issuer: str, subject: str) -> str:
    """The id of the account that signs in as `subject` of `issuer` (the token's `sub` and `iss`).

    It derives from them, so that no item need map one to the other, and two issuers' subjects are never one account.
    """
    return derived_id("acc", issuer, subject)
