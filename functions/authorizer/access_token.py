"""Access tokens of an OIDC issuer: RS256 alone, of one issuer, for one client, in their time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

MAX_LENGTH = 8192
"""Characters; API Gateway takes 10,240 bytes of headers."""
GROUP_CLAIMS = ("cognito:groups", "groups")
"""Where a user's groups stand: Amazon Cognito's own claim, and RFC 9068's."""
KeyOf = Callable[[str], jwt.PyJWK | None]


class CredentialRefused(Exception):
    """This credential admits nobody; the text says why, and never the credential."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose tokens count: `url` is their `iss`, `client_id` the one client that they must have been issued to."""

    url: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a token names, in the issuer's own words."""

    subject: str
    groups: frozenset[str]


def identity_in(token: str, issuer: Issuer, key_of: KeyOf, now: datetime) -> Identity:
    """Whom an access token names, if `issuer` signed it and it is good at `now`. Raises CredentialRefused.

    `key_of` answers the issuer's signing key with an id. An ID token is no access token: it has another `token_use`
    (Amazon Cognito) or `typ` (RFC 9068, section 2.1).
    """
    if len(token) > MAX_LENGTH:
        raise CredentialRefused("too long")
    try:
        header = jwt.get_unverified_header(token)
        key = key_of(str(header.get("kid", "")))
        if key is None:
            raise CredentialRefused("unknown signing key")
        options: Any = {
            "require": ["exp", "iss", "sub"],
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
            "verify_aud": False,
        }
        claims = jwt.decode(token, key, algorithms=["RS256"], issuer=issuer.url, options=options)
    except jwt.InvalidTokenError as error:
        raise CredentialRefused(f"not a good token: {type(error).__name__}") from error
    _check(claims, str(header.get("typ", "")), issuer, now.timestamp())
    return Identity(str(claims["sub"]), _groups(claims))


def _check(claims: dict[str, Any], kind: str, issuer: Issuer, now: float) -> None:
    expires, begins = claims["exp"], claims.get("nbf", 0)
    if not isinstance(expires, int) or not isinstance(begins, int) or not begins <= now < expires:
        raise CredentialRefused("expired, or not good yet")
    if claims.get("token_use") != "access" and kind.lower().removeprefix("application/") != "at+jwt":
        raise CredentialRefused("not an access token")
    if claims.get("client_id") != issuer.client_id:
        raise CredentialRefused("issued to another client")


def _groups(claims: dict[str, Any]) -> frozenset[str]:
    found: list[Any] = next((claims[name] for name in GROUP_CLAIMS if isinstance(claims.get(name), list)), [])
    return frozenset(group for group in found if isinstance(group, str))
