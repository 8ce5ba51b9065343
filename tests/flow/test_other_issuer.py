"""A hub without a user pool, deployed whole: people of an issuer of their own come in, and nobody else does."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from hubclient.hub import Hub
from local.conditions.ports import free_port
from local.stack import Stack
from shared.ids import derived_id
from tests.flow.doors import refused
from tests.flow.tls import published
from tests.unit.authorizer.issuing import OTHER_KEY, URL, jwks, token

pytestmark = pytest.mark.xdist_group("other issuer")
API = "https://api.hub.example"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with published(jwks("one"), tmp_path_factory.mktemp("issuer")) as (keys, certificate), pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(certificate))  # a function trusts what its machine trusts
        parameters = {"LogLevel": "ERROR", "OidcIssuer": URL, "OidcKeysUrl": keys, "OidcAudience": API, "OidcOperators": "staff"}
        with Stack(free_port(), free_port(), tmp_path_factory.mktemp("hub"), parameters=parameters) as running:
            yield running


def signed(**changed: Any) -> str:
    """A good access token after RFC 9068, but for what is changed."""
    usual: dict[str, Any] = {"typ": "at+jwt", "token_use": None, "client_id": "shop", "aud": API, "exp": int(time.time()) + 300}
    return token(**(usual | changed))


def as_(hub: Stack, **changed: Any) -> Hub:
    return hub.hub.as_(signed(**changed))


def test_no_pool_is_made_and_none_is_told(hub: Stack):
    assert hub.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"] == []
    assert [name for name in hub.outputs if "Pool" in name] == []


def test_who_has_a_token_has_an_account_and_says_what_it_wants_to_be(hub: Stack):
    ada = as_(hub, sub="ada")
    ada.ask("PATCH", "/v1/account", {"display_name": "Ada", "roles": ["supplier"]})
    found = as_(hub, sub="ada").get("/v1/account")
    assert (found["account_id"], found["display_name"], found["roles"]) == (derived_id("acc", URL, "ada"), "Ada", ["supplier"])
    assert "email" not in found or found["email"] is None


def test_the_issuers_word_for_operators_opens_their_doors_and_no_others(hub: Stack):
    assert as_(hub, sub="eve", groups=["staff"]).get("/v1/verifications")["items"] == []
    refused(as_(hub, sub="ada", groups=["operators"]).send("GET", "/v1/verifications"), 403)


@pytest.mark.parametrize("changed", [{"typ": "JWT"}, {"aud": "https://other.example"}, {"key": OTHER_KEY}, {"exp": 1}])
def test_any_other_token_is_refused_at_the_door(hub: Stack, changed: dict[str, Any]):
    refused(as_(hub, sub="ada", **changed).send("GET", "/v1/account"), 401)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/accounts", {"email": "ada@shop.example", "password": "Monsoon-2026-x", "display_name": "Ada", "roles": ["shopper"]}),
        ("/v1/sessions", {"email": "ada@shop.example", "password": "Monsoon-2026-x"}),
    ],
)
def test_signing_up_and_in_is_elsewhere_and_the_answer_says_where(hub: Stack, path: str, body: dict[str, Any]):
    problem = refused(hub.hub.send("POST", path, body, key="k-1"), 404)
    assert problem["type"] == "urn:monsoon:problem:sign-in-elsewhere"
    assert URL in problem["detail"]
