"""The authorizer on a table that accounts has written: the two share no code but these items and the key's form."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest

from functions.accounts.account import Account
from functions.accounts.account_store import AccountStore
from functions.accounts.keys.api_key_service import ApiKeyService
from functions.accounts.keys.api_key_store import ApiKeyStore
from functions.authorizer import handler
from functions.authorizer.authentication import Authenticator
from functions.authorizer.bootstrap import IssuerSettings, Services, Settings
from functions.authorizer.credential_store import CredentialStore
from functions.authorizer.jwks_client import MAX_BYTES, fetcher
from monsoon_plugin.clock import utc_now
from shared.api.idempotency import Idempotency
from shared.ids import derived_id
from tests.unit.authorizer.conftest import Serve
from tests.unit.authorizer.issuing import CLIENT, COGNITO, URL, jwks, token

ACCOUNT, STOREFRONT = derived_id("acc", URL, "s-1"), derived_id("sf", "1")
Ask = Callable[..., dict[str, Any]]
ARN = "arn:aws:execute-api:us-east-1:000000000000:a1b2/prod/GET/v1/account"


@pytest.fixture
def table(make_table: Any) -> str:
    """The accounts table, with one storefront's account."""
    name: str = make_table("accounts")
    AccountStore(name).add(Account(id=ACCOUNT, roles=("storefront",)))
    return name


@pytest.fixture
def ask(table: str, serve: Serve) -> Ask:
    """`ask(credential)` is what API Gateway does with a request's credential."""
    issuer = IssuerSettings(
        token_issuer=URL, jwks_url=serve(jwks("one"), 200), token_audience=CLIENT, audience_claim="client_id",
        access_mark="token_use=access", groups_claim="cognito:groups", verified_claim="", operators_group="operators",
        auditors_group="auditors",
    )  # fmt: skip
    entry = replace(handler.handler, services=lambda: Services(Settings(table), issuer))

    def send(credential: str, header: str = "Authorization") -> dict[str, Any]:
        return entry({"type": "REQUEST", "methodArn": ARN, "headers": {header: f"Bearer {credential}"}}, None)

    return send


@pytest.fixture
def keys(table: str) -> ApiKeyService:
    return ApiKeyService(ApiKeyStore(table), utc_now)


def test_a_key_works_until_it_is_revoked(ask: Ask, keys: ApiKeyService) -> None:
    key, text = keys.create(ACCOUNT, STOREFRONT, "shop", "sell", Idempotency("k", ACCOUNT, "f"))
    assert text is not None
    context = ask(text, "authorization")["context"]
    told = {"account_id": ACCOUNT, "roles": "client_site", "verified": "false", "storefront_id": STOREFRONT, "scope": "sell"}
    assert context == told
    keys.revoke(ACCOUNT, key.id)
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(text)


def test_a_key_s_scope_is_that_of_its_item_at_the_next_look(ask: Ask, keys: ApiKeyService) -> None:
    key, text = keys.create(ACCOUNT, STOREFRONT, "shop", "browse", Idempotency("k", ACCOUNT, "f"))
    assert text is not None
    assert ask(text)["context"]["scope"] == "browse"
    keys.change_scope(ACCOUNT, key.id, "manage")
    assert ask(text)["context"]["scope"] == "manage"


@pytest.mark.parametrize(("kept", "scope"), [(None, "sell"), ("everything", "browse")])
def test_a_key_of_before_there_were_scopes_sells_and_one_with_an_unknown_scope_browses(
    ask: Ask, keys: ApiKeyService, table: str, kept: str | None, scope: str
) -> None:
    key, text = keys.create(ACCOUNT, STOREFRONT, "shop", "manage", Idempotency("k", ACCOUNT, "f"))
    assert text is not None
    at = {"pk": {"S": ACCOUNT}, "sk": {"S": f"key#{key.id}"}}
    change: Any = {"Action": "PUT", "Value": {"S": kept}} if kept else {"Action": "DELETE"}
    boto3.client("dynamodb").update_item(TableName=table, Key=at, AttributeUpdates={"scope": change})
    assert ask(text)["context"]["scope"] == scope


def test_a_token_finds_its_account(ask: Ask) -> None:
    answer = ask(token(exp=int(utc_now().timestamp()) + 60))
    assert (answer["principalId"], answer["context"]["roles"]) == (ACCOUNT, "storefront")


@pytest.mark.parametrize("credential", ["", "mk_nothing", "a.b.c"])
def test_a_bad_credential_raises_the_one_word_that_api_gateway_answers_with_401(ask: Ask, credential: str) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(credential)


def test_a_request_without_headers_is_unauthorized() -> None:
    authenticator = Authenticator(CredentialStore("none"), COGNITO, {}.get, utc_now)
    entry = replace(handler.handler, services=lambda: Services(authenticator=authenticator))
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        entry({"methodArn": "arn", "headers": None}, None)


@pytest.mark.parametrize(("body", "status"), [(b"gone", 404), (b"x" * (MAX_BYTES + 1), 200)])
def test_an_issuer_that_answers_otherwise_than_with_its_keys_is_an_error(serve: Serve, body: bytes, status: int) -> None:
    with pytest.raises(ValueError, match="the issuer's keys"):
        fetcher(serve(body, status))()
