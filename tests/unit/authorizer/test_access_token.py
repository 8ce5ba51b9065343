import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from functions.authorizer.access_token import CredentialRefused, Identity, identity_in
from functions.authorizer.jwks import rsa_keys
from tests.fakes import NOON
from tests.unit.authorizer.issuing import CLIENT, COGNITO, KEY, OTHER_KEY, claims, jwks, token

KEYS = rsa_keys(jwks("one"))
PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
NOW = int(NOON.timestamp())


def read(text: str) -> Identity:
    return identity_in(text, COGNITO, KEYS.get, NOON)


def test_an_access_token_names_its_subject_and_groups() -> None:
    assert read(token(**{"cognito:groups": ["operators", 7]})) == Identity("s-1", frozenset({"operators"}))


REFUSED = {
    "another key": token(OTHER_KEY),
    "another key's name": token(kid="two"),
    "another issuer": token(iss="https://other.example"),
    "no issuer": token(iss=None),
    "no subject": token(sub=None),
    "another client": token(client_id="other"),
    "an audience alone": token(client_id=None, aud=CLIENT),
    "an id token": token(token_use="id"),
    "no use": token(token_use=None),
    "no use, another type": token(token_use=None, typ="at+jwt"),
    "over": token(exp=NOW),
    "without end": token(exp=None),
    "not yet": token(nbf=NOW + 1),
    "a shared secret": token("a secret of 32 bytes or more, as HS256 asks", algorithm="HS256"),
    "unsigned": jwt.encode(claims(), None, algorithm="none", headers={"kid": "one"}),
    "cut short": token()[:-4],
    "too long": token() + "x" * 9000,
    "no token": "a.b.c",
    "empty": "",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_not_an_access_token_of_this_issuer_for_this_client_now_is_refused(text: str) -> None:
    with pytest.raises(CredentialRefused):
        read(text)


def test_the_public_key_is_no_shared_secret() -> None:
    """Algorithm confusion: HS256 with the published key as its secret."""
    import base64
    import hashlib
    import hmac

    head, body, _ = token(kid="one").split(".")
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').decode().rstrip("=")
    signature = base64.urlsafe_b64encode(hmac.digest(PEM, f"{head}.{body}".encode(), hashlib.sha256)).decode().rstrip("=")
    with pytest.raises(CredentialRefused):
        read(f"{head}.{body}.{signature}")


@given(st.text(max_size=200))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    with pytest.raises(CredentialRefused):
        read(text)
