"""The authorizer on a table that accounts has written: the two share no code but these items and the key's form."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from functions.accounts.account import Account
from functions.accounts.account_store import AccountStore
from functions.accounts.keys.api_keys import KeyRing
from functions.authorizer import handler
from functions.authorizer.jwks_client import MAX_BYTES, fetcher
from monsoon_plugin.clock import utc_now
from shared.api.idempotency import Idempotency
from shared.ids import derived_id
from tests.unit.authorizer.issuing import CLIENT, URL, jwks, token

ACCOUNT, STOREFRONT = derived_id("acc", URL, "s-1"), derived_id("sf", "1")
Serve = Callable[[bytes, int], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(body, status)` puts a document on 127.0.0.1 and answers its URL."""
    servers: list[HTTPServer] = []

    def start(body: bytes, status: int = 200) -> str:
        class Document(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        servers.append(HTTPServer(("127.0.0.1", 0), Document))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/jwks.json"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def store(make_table: Any, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Iterator[AccountStore]:
    table = make_table("accounts")
    environment = {"ACCOUNTS_TABLE": table, "TOKEN_ISSUER": URL, "JWKS_URL": serve(jwks("one"), 200), "USER_POOL_CLIENT_ID": CLIENT}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    handler.door.cache_clear()
    kept = AccountStore(table)
    kept.add(Account(ACCOUNT, ("storefront",)))
    yield kept
    handler.door.cache_clear()


def ask(credential: str, header: str = "Authorization") -> dict[str, Any]:
    arn = "arn:aws:execute-api:us-east-1:000000000000:a1b2/prod/GET/v1/account"
    return handler.handler({"type": "REQUEST", "methodArn": arn, "headers": {header: f"Bearer {credential}"}}, None)


def test_a_key_works_until_it_is_revoked(store: AccountStore) -> None:
    ring = KeyRing(store, utc_now)
    key, text = ring.create(ACCOUNT, STOREFRONT, "shop", Idempotency("k", ACCOUNT, "f"))
    assert text is not None
    context = ask(text, "authorization")["context"]
    told = {"account_id": ACCOUNT, "roles": "client_site", "verified": "false", "storefront_id": STOREFRONT, "scope": "sell"}
    assert context == told
    ring.revoke(ACCOUNT, key.id)
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(text)


def test_a_token_finds_its_account(store: AccountStore) -> None:
    answer = ask(token(exp=int(utc_now().timestamp()) + 60))
    assert (answer["principalId"], answer["context"]["roles"]) == (ACCOUNT, "storefront")


@pytest.mark.parametrize("credential", ["", "mk_nothing", "a.b.c"])
def test_a_bad_credential_raises_the_one_word_that_api_gateway_answers_with_401(store: AccountStore, credential: str) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        ask(credential)


def test_a_request_without_headers_is_unauthorized(store: AccountStore) -> None:
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        handler.handler({"methodArn": "arn", "headers": None}, None)


@pytest.mark.parametrize(("body", "status"), [(b"gone", 404), (b"x" * (MAX_BYTES + 1), 200)])
def test_an_issuer_that_answers_otherwise_than_with_its_keys_is_an_error(serve: Serve, body: bytes, status: int) -> None:
    with pytest.raises(ValueError, match="the issuer's keys"):
        fetcher(serve(body, status))()
