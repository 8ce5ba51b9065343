from collections.abc import Callable
from typing import Any

import pytest

from functions.accounts import handler
from functions.accounts.bootstrap import Services, Settings
from shared.api.service import Service
from shared.ids import derived_id
from tests.fakes import TICKETS, Reply, call, caller
from tests.unit.accounts.fakes import CODE, FakePool

MEI = {"email": "mei@lantern.example", "password": "Lantern-and-Loom-7", "display_name": "Mei", "roles": ["supplier", "storefront"]}
IDENTITY = {"legal_name": "Lantern & Loom GmbH", "country": "DE", "registration_number": "HRB 86891"}
STOREFRONT = derived_id("sf", "1")
OPERATOR = caller("acc_operator", "operator")
Ask = Callable[..., Reply]


@pytest.fixture
def ask(make_table: Any) -> Ask:
    """The service on a table of its own and a pool in memory; `ask(method, resource, idempotency_key, …)` calls it."""
    settings = Settings(
        accounts_table=make_table("accounts"), token_issuer="https://issuer.example",
        user_pool_id="us-east-1_pool", user_pool_client_id="client",
    )  # fmt: skip
    services = Services(settings, pool=FakePool(), tickets=TICKETS)
    app = Service("accounts", lambda: services, handler.ROUTES)

    def send(method: str, resource: str, key: str | None = None, **more: Any) -> Reply:
        return call(app, method, resource, headers={"idempotency-key": key} if key else {}, **more)

    return send


def signed_up(ask: Ask, email: str = "mei@lantern.example") -> str:
    return str(ask("POST", "/v1/accounts", "k", body=MEI | {"email": email}).body["account_id"])


def submitted(ask: Ask, account_id: str, key: str = "v") -> Reply:
    return ask("POST", "/v1/account/verification", key, body=IDENTITY, by=caller(account_id, verified=False))


def decide(ask: Ask, account_id: str, reply: Reply, decision: str = "approve", by: Any = OPERATOR) -> Reply:
    body = {"verification_id": reply.body["verification_id"], "decision": decision, "reason": "papers seen"}
    return ask("POST", "/v1/verifications/{account_id}/decision", path={"account_id": account_id}, body=body, by=by)


def test_from_sign_up_to_a_key(ask: Ask) -> None:
    account_id = signed_up(ask)
    assert ask("POST", "/v1/accounts/confirmation", body={"email": MEI["email"], "code": CODE}).status == 204
    session = ask("POST", "/v1/sessions", body={"email": "MEI@lantern.example", "password": MEI["password"]})
    assert (session.status, session.body["token_type"], session.body["expires_in"]) == (200, "Bearer", 3600)
    assert ask("POST", "/v1/sessions", body={"refresh_token": session.body["refresh_token"]}).status == 200
    assert decide(ask, account_id, submitted(ask, account_id)).body["state"] == "approved"
    me = ask("GET", "/v1/account", by=caller(account_id)).body
    assert (me["verified"], me["roles"], me["email"]) == (True, ["storefront", "supplier"], "mei@lantern.example")
    made = ask("POST", "/v1/keys", "key", body={"storefront_id": STOREFRONT, "name": "shop"}, by=caller(account_id))
    assert (made.status, made.body["key"][:3]) == (201, "mk_")
    again = ask("POST", "/v1/keys", "key", body={"storefront_id": STOREFRONT, "name": "shop"}, by=caller(account_id))
    assert again.body == {name: value for name, value in made.body.items() if name != "key"}
    named = {"key_id": made.body["key_id"]}
    assert ask("DELETE", "/v1/keys/{key_id}", path=named, by=caller(account_id)).status == 204
    assert ask("GET", "/v1/keys", by=caller(account_id)).body["items"][0]["revoked_at"]


def test_signing_up_again_with_the_same_key_answers_the_same_account_and_with_another_a_conflict(ask: Ask) -> None:
    account_id = signed_up(ask)
    assert signed_up(ask) == account_id
    assert ask("POST", "/v1/accounts", "other", body=MEI).status == 409


@pytest.mark.parametrize("role", ["operator", "auditor", "client_site"])
def test_nobody_gives_itself_a_role_of_the_hub(ask: Ask, role: str) -> None:
    assert ask("POST", "/v1/accounts", "k", body=MEI | {"roles": [role]}).body["errors"][0]["pointer"] == "/roles/0"
    assert ask("PATCH", "/v1/account", body={"roles": [role]}, by=caller("acc_1")).status == 422


def test_an_account_that_another_issuer_knows_is_empty_until_it_says_something(ask: Ask) -> None:
    stranger = caller("acc_oidc", "operator", verified=False)
    assert ask("GET", "/v1/account", by=stranger).body == {"account_id": "acc_oidc", "roles": ["operator"], "verified": False}
    edited = ask("PATCH", "/v1/account", body={"display_name": "Li", "roles": ["clerk", "clerk"]}, by=stranger)
    assert edited.body["roles"] == ["clerk", "operator"]
    assert ask("PATCH", "/v1/account", body={"roles": []}, by=stranger).body["roles"] == ["operator"]
    assert ask("GET", "/v1/account", by=stranger).body["display_name"] == "Li"


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        ("PATCH", "/v1/account", {"roles": ["storefront"]}),
        ("POST", "/v1/account/verification", IDENTITY),
        ("GET", "/v1/account/verification", None),
        ("POST", "/v1/keys", {"storefront_id": STOREFRONT, "name": "x"}),
        ("GET", "/v1/keys", None),
        ("GET", "/v1/verifications", None),
    ],
)  # fmt: skip
def test_a_client_site_s_key_may_do_nothing_to_its_account(ask: Ask, method: str, route: str, body: Any) -> None:
    assert ask(method, route, "k", body=body, by=caller("acc_1", "client_site", storefront_id=STOREFRONT)).status == 403


def test_a_key_sees_its_own_role_and_storefront_and_no_address(ask: Ask) -> None:
    account_id = signed_up(ask)
    seen = ask("GET", "/v1/account", by=caller(account_id, "client_site", storefront_id=STOREFRONT)).body
    assert (seen["roles"], seen["storefront_id"], "email" in seen) == (["client_site"], STOREFRONT, False)


def test_an_unverified_storefront_gets_no_key(ask: Ask) -> None:
    body = {"storefront_id": STOREFRONT, "name": "x"}
    refused = ask("POST", "/v1/keys", "k", body=body, by=caller("acc_1", verified=False))
    assert (refused.status, refused.body["type"]) == (403, "urn:monsoon:problem:unverified")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (MEI | {"email": "mei"}, "/email"),
        (MEI | {"email": "mei@lantern.example\r\nBcc: x@y.example"}, "/email"),
        (MEI | {"password": 12345678}, "/password"),
        (MEI | {"display_name": ""}, "/display_name"),
        (MEI | {"roles": "supplier"}, "/roles"),
        (MEI | {"account_id": "acc_1"}, "/account_id"),
    ],
)  # fmt: skip
def test_bad_sign_ups_are_refused_by_field_and_the_password_is_not_repeated(ask: Ask, body: Any, pointer: str) -> None:
    refused = ask("POST", "/v1/accounts", "k", body=body)
    assert (refused.status, refused.body["errors"][0]["pointer"]) == (422, pointer)
    assert "Loom-7" not in str(refused.body)


@pytest.mark.parametrize("body", [{}, {"email": "a@b.example"}, {"email": "a@b.example", "password": "12345678", "refresh_token": "x"}])
def test_a_sign_in_is_by_password_or_by_refresh_token(ask: Ask, body: Any) -> None:
    assert ask("POST", "/v1/sessions", body=body).status == 422


def test_a_wrong_password_an_unknown_address_and_a_forged_refresh_token_are_401(ask: Ask) -> None:
    signed_up(ask)
    for body in ({"email": MEI["email"], "password": "wrong-word"}, {"email": "no@b.example", "password": "12345678"},
                 {"refresh_token": "forged"}):  # fmt: skip
        assert ask("POST", "/v1/sessions", body=body).status == 401


def test_an_unconfirmed_account_may_not_sign_in_and_a_wrong_code_confirms_nothing(ask: Ask) -> None:
    signed_up(ask)
    assert ask("POST", "/v1/accounts/confirmation", body={"email": MEI["email"], "code": "0000"}).status == 422
    assert ask("POST", "/v1/sessions", body={"email": MEI["email"], "password": MEI["password"]}).status == 403


def test_the_open_queue_is_paged_oldest_first_and_forgets_what_is_decided(ask: Ask) -> None:
    claims = {account_id: submitted(ask, account_id) for account_id in (signed_up(ask, f"m{n}@b.example") for n in range(3))}
    first = ask("GET", "/v1/verifications", query={"limit": "2"}, by=OPERATOR).body
    rest = ask("GET", "/v1/verifications", query={"limit": "2", "cursor": first["next"]}, by=OPERATOR).body
    assert sorted(v["account_id"] for v in first["items"] + rest["items"]) == sorted(claims)
    assert "next" not in rest
    for account_id, claim in claims.items():
        assert decide(ask, account_id, claim, "refuse").body["reason"] == "papers seen"
    assert ask("GET", "/v1/verifications", by=OPERATOR).body == {"items": []}


def test_keys_are_paged_and_a_cursor_is_its_reader_s_own(ask: Ask) -> None:
    for n in range(3):
        ask("POST", "/v1/keys", str(n), body={"storefront_id": STOREFRONT, "name": "x"}, by=caller("acc_1"))
    first = ask("GET", "/v1/keys", query={"limit": "2"}, by=caller("acc_1")).body
    rest = ask("GET", "/v1/keys", query={"cursor": first["next"]}, by=caller("acc_1")).body
    assert len({key["key_id"] for key in first["items"] + rest["items"]}) == 3
    assert ask("GET", "/v1/keys", query={"cursor": first["next"]}, by=caller("acc_2")).status == 400
    assert ask("GET", "/v1/keys", query={"cursor": "forged"}, by=caller("acc_1")).status == 400


def test_only_operators_decide_and_the_same_decision_again_changes_nothing(ask: Ask) -> None:
    account_id = signed_up(ask)
    claim = submitted(ask, account_id)
    assert decide(ask, account_id, claim, by=caller("acc_2", "auditor")).status == 403
    assert decide(ask, account_id, claim) == decide(ask, account_id, claim)
    assert decide(ask, account_id, claim, "refuse").status == 409
    assert decide(ask, "acc_unknown", claim).status == 404


def test_another_account_s_key_is_not_found(ask: Ask) -> None:
    key = ask("POST", "/v1/keys", "k", body={"storefront_id": STOREFRONT, "name": "x"}, by=caller("acc_1")).body
    assert ask("DELETE", "/v1/keys/{key_id}", path={"key_id": key["key_id"]}, by=caller("acc_2")).status == 404


def test_an_owner_says_what_a_key_may_do_and_changes_its_mind_without_another_key(ask: Ask) -> None:
    owner, new = caller("acc_1"), {"storefront_id": STOREFRONT, "name": "page", "scope": "browse"}
    made = ask("POST", "/v1/keys", "k", body=new, by=owner).body
    named = {"key_id": made["key_id"]}
    assert made["scope"] == "browse"
    for _ in range(2):
        changed = ask("PATCH", "/v1/keys/{key_id}", path=named, body={"scope": "sell"}, by=owner)
        assert (changed.status, changed.body) == (200, {n: v for n, v in made.items() if n != "key"} | {"scope": "sell"})
    assert ask("GET", "/v1/keys", by=owner).body["items"][0]["scope"] == "sell"
    assert ask("PATCH", "/v1/keys/{key_id}", path=named, body={"scope": "all"}, by=owner).body["errors"][0]["pointer"] == "/scope"
    assert ask("PATCH", "/v1/keys/{key_id}", path=named, body={"scope": "manage"}, by=caller("acc_2")).status == 404
    own = caller("acc_1", "client_site", storefront_id=STOREFRONT, scope="manage")
    assert ask("PATCH", "/v1/keys/{key_id}", path=named, body={"scope": "manage"}, by=own).status == 403
    ask("DELETE", "/v1/keys/{key_id}", path=named, by=owner)
    refused = ask("PATCH", "/v1/keys/{key_id}", path=named, body={"scope": "manage"}, by=owner)
    assert (refused.status, refused.body["type"]) == (409, "urn:monsoon:problem:key-revoked")


def test_a_key_whose_owner_names_no_scope_sells(ask: Ask) -> None:
    assert ask("POST", "/v1/keys", "k", body={"storefront_id": STOREFRONT, "name": "shop"}, by=caller("acc_1")).body["scope"] == "sell"


CREDENTIALS = {"email": MEI["email"], "password": MEI["password"]}


@pytest.mark.parametrize(
    ("resource", "body"),
    [
        ("/v1/accounts", MEI),
        ("/v1/accounts/confirmation", {"email": MEI["email"], "code": CODE}),
        ("/v1/sessions", CREDENTIALS),
        ("/v1/sessions", {"refresh_token": "any"}),
    ],
    ids=["sign-up", "confirmation", "sign-in", "refresh"],
)
def test_a_hub_with_another_issuer_says_where_its_people_sign_up_and_in(resource: str, body: dict[str, Any]) -> None:
    issuer = "https://id.example/realms/hub"
    settings = Settings(accounts_table="accounts", token_issuer=issuer, user_pool_id="", user_pool_client_id="")
    services = Services(settings, accounts=None, tickets=TICKETS)
    app = Service("accounts", lambda: services, handler.ROUTES)
    reply = call(app, "POST", resource, headers={"idempotency-key": "k"}, body=body)
    assert (reply.status, reply.body["type"], reply.body["issuer"]) == (404, "urn:monsoon:problem:sign-in-elsewhere", issuer)
    assert issuer in reply.body["detail"]


def test_a_person_of_another_issuer_has_an_account_as_soon_as_it_says_what_it_is(ask: Ask) -> None:
    """Nobody signed it up here: its first change makes it, without an e-mail address."""
    someone = caller("acc_elsewhere", verified=False)
    edited = ask("PATCH", "/v1/account", body={"display_name": "Mei", "roles": ["supplier"]}, by=someone)
    assert (edited.status, edited.body["roles"], edited.body.get("email")) == (200, ["supplier"], None)
