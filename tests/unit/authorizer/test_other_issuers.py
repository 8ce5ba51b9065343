"""People of an issuer that is not Amazon Cognito: a provider in memory, its keys made here, published on 127.0.0.1."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jwt
import pytest

from functions.authorizer import handler
from functions.authorizer.bootstrap import IssuerSettings, Services, Settings
from functions.authorizer.issuer import claim_at
from monsoon_plugin.clock import utc_now
from shared.ids import derived_id
from tests.unit.authorizer.conftest import Serve
from tests.unit.authorizer.issuing import KEY, OTHER_KEY, URL, jwks, token

API = "https://api.hub.example"
ARN = "arn:aws-cn:execute-api:cn-north-1:000000000000:a1b2/prod/GET/v1/account"
RFC9068: dict[str, Any] = {"typ": "at+jwt", "token_use": None, "aud": API, "client_id": "any", "groups": ["staff"]}
Ask = Callable[..., dict[str, Any]]


def fresh(**changed: Any) -> str:
    """A good access token after RFC 9068, but for what is changed."""
    return token(**({"exp": int(utc_now().timestamp()) + 60} | RFC9068 | changed))


@pytest.fixture
def ask(make_table: Callable[[str], str], serve: Serve) -> Ask:
    """`ask(token, **settings)`: what API Gateway learns of the token at a hub with these settings."""
    table, url = make_table("accounts"), serve(jwks("one"), 200)

    def send(credential: str, **changed: str) -> dict[str, Any]:
        usual = IssuerSettings(
            token_issuer=URL, jwks_url=url, token_audience=API, audience_claim="aud", access_mark="at+jwt", groups_claim="groups",
            verified_claim="", operators_group="staff", auditors_group="reviewers",
        )  # fmt: skip
        entry = replace(handler.handler, services=lambda: Services(Settings(table), replace(usual, **changed)))
        answer = entry({"type": "REQUEST", "methodArn": ARN, "headers": {"Authorization": f"Bearer {credential}"}}, None)
        context: dict[str, Any] = answer["context"]
        return context

    return send


def test_its_access_token_names_the_account_and_the_roles_that_the_operator_s_words_for_groups_mean(ask: Ask) -> None:
    context = ask(fresh(groups=["staff", "operators", "everybody"]))
    assert (context["account_id"], context["roles"]) == (derived_id("acc", URL, "s-1"), "operator")
    assert ask(fresh(groups="reviewers"))["roles"] == "auditor"
    assert ask(fresh(aud=["https://other.example", API], groups=None))["roles"] == ""


REFUSED = {
    "another issuer": {"iss": "https://other.example"},
    "another issuer's key": {"key": OTHER_KEY},
    "another audience": {"aud": "https://other.example"},
    "no audience": {"aud": None},
    "an audience that only begins so": {"aud": f"{API}.evil.example"},
    "another algorithm of the same key": {"algorithm": "RS512"},
    "another family of algorithms": {"key": "a secret of 32 bytes or more, as HS256 asks", "algorithm": "HS256"},
    "over": {"exp": 1},
    "an ID token": {"typ": "JWT"},
    "a token of Amazon Cognito": {"typ": "JWT", "token_use": "access"},
}


@pytest.mark.parametrize("changed", REFUSED.values(), ids=REFUSED)
def test_any_other_token_is_refused(ask: Ask, changed: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(fresh(**changed))


def test_a_token_without_a_signature_is_refused(ask: Ask) -> None:
    claims = jwt.decode(fresh(), options={"verify_signature": False})
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(jwt.encode(claims, None, algorithm="none", headers={"kid": "one", "typ": "at+jwt"}))


def test_keycloak_s_tokens_say_typ_and_roles_in_claims_of_their_own(ask: Ask) -> None:
    """Keycloak: `typ` is a claim, Bearer or ID; realm roles are nested."""
    keycloak = {"access_mark": "/typ=Bearer", "groups_claim": "/realm_access/roles"}
    nested = {"realm_access": {"roles": ["staff"]}, "groups": ["reviewers"]}
    claims = {"sub": "s-1", "iss": URL, "aud": API, "exp": int(utc_now().timestamp()) + 60, **nested}
    signed = {name: jwt.encode(claims | {"typ": name}, KEY, "RS256", {"kid": "one"}) for name in ("Bearer", "ID")}
    assert ask(signed["Bearer"], **keycloak)["roles"] == "operator"
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(signed["ID"], **keycloak)


@pytest.mark.parametrize("said", [True, "true"])
def test_who_has_a_verified_address_comes_in_where_that_is_asked(ask: Ask, said: object) -> None:
    assert ask(fresh(email_verified=said), verified_claim="email_verified")["account_id"]


@pytest.mark.parametrize("said", [None, False, "false", "yes", 1.5, ["true"]])
def test_who_has_none_does_not(ask: Ask, said: object) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(fresh(email_verified=said), verified_claim="email_verified")


@pytest.mark.parametrize("mark", ["typ=", "typ", "=Bearer"])
def test_a_mark_that_says_nothing_marks_no_token(ask: Ask, mark: str) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(fresh(), access_mark=mark)


def test_a_claim_is_named_or_pointed_at() -> None:
    claims = {"https://hub.example/groups": 1, "a": {"b/c": {"~": 2}, "list": [3]}}
    assert claim_at(claims, "https://hub.example/groups") == 1
    assert claim_at(claims, "/a/b~1c/~0") == 2
    assert [claim_at(claims, name) for name in ("/a/list/0", "/b/c", "a/b", "/")] == [None] * 4
