"""Access tokens of an OIDC issuer: RS256 alone, of one issuer, for one audience, in their time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt

from functions.authorizer.issuer import Issuer, claim_at

MAX_LENGTH = 8192
"""Characters; API Gateway takes 10,240 bytes of headers."""
KeyOf = Callable[[str], jwt.PyJWK | None]


class CredentialRefused(Exception):
    """This credential admits nobody; the text says why, and never the credential."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a token names, in the issuer's own words."""

    subject: str
    groups: frozenset[str]


def identity_in(token: str, issuer: Issuer, key_of: KeyOf, now: datetime) -> Identity:
    """Whom an access token names, if `issuer` signed it and it is good at `now`. Raises CredentialRefused.

    `key_of` answers the issuer's signing key with an id. An ID token is no access token: it lacks the issuer's mark.
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
    return Identity(str(claims["sub"]), _texts(claim_at(claims, issuer.groups_claim)))


def _check(claims: dict[str, Any], kind: str, issuer: Issuer, now: float) -> None:
    expires, begins = claims["exp"], claims.get("nbf", 0)
    if not isinstance(expires, int) or not isinstance(begins, int) or not begins <= now < expires:
        raise CredentialRefused("expired, or not good yet")
    if not issuer.marks_access(claims, kind):
        raise CredentialRefused("not an access token")
    if issuer.audience not in _texts(claim_at(claims, issuer.audience_claim)):
        raise CredentialRefused("issued for another audience")
    if issuer.verified_claim and claim_at(claims, issuer.verified_claim) not in (True, "true"):
        raise CredentialRefused("the e-mail address is not verified")


def _texts(claim: Any) -> frozenset[str]:
    """The texts of a claim that holds one or a list of some (RFC 7519, section 4.1.3)."""
    return frozenset(one for one in (claim if isinstance(claim, list) else [claim]) if isinstance(one, str))
