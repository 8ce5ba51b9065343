"""The OIDC issuer whose tokens count, and where its tokens say what the hub asks of them."""

from dataclasses import dataclass
from typing import Any

TYPED = "at+jwt"
"""An access token's header says so (RFC 9068, section 2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Whose tokens count: `url` is their `iss`, and `audience` stands in their `audience_claim`.

    `mark`: how an access token is told from an ID token, TYPED or a claim and its value, such as Amazon Cognito's `token_use=access`.
    `verified_claim`: what must be true of its e-mail address; empty for an issuer that lets nobody unverified in.
    A claim is a name, or a JSON Pointer (RFC 6901) if it begins with `/`.
    """

    url: str
    audience: str
    audience_claim: str = "aud"
    mark: str = TYPED
    groups_claim: str = "groups"
    verified_claim: str = ""

    def marks_access(self, claims: dict[str, Any], header_type: str) -> bool:
        """Whether a token with these claims and this `typ` in its header is an access token."""
        if self.mark == TYPED:
            return header_type.lower().removeprefix("application/") == TYPED
        name, _, value = self.mark.partition("=")
        return bool(value) and claim_at(claims, name) == value


def claim_at(claims: dict[str, Any], name: str) -> Any:
    """The claim of this name or at this pointer; None if there is none."""
    if not name.startswith("/"):
        return claims.get(name)
    found: Any = claims
    for step in name[1:].split("/"):
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    return found
