"""Whatever is sent through API Gateway to the deployed hub: a problem with a 4xx that names what is wrong, soon, and nothing done."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hubclient.hub import Hub, Reply
from tests.flow.doors import SERVICES, Doors, as_it_is_sent, body_of, operations, refused, takes_null
from tests.flow.market import ADDRESS, CASH, Market, eventually

pytestmark = pytest.mark.xdist_group("hub")
NOT_JSON = [b"", b"{", b"\xff\xfe\x00", b"\x00", b'{"a":1}{', b'{"a":"\\ud800"}', b'{"a":' * 3000]
NOT_OBJECTS = [b"null", b"[]", b'"text"', b"1"]
WRONG: list[Any] = [None, -1, 10**30, [None], {"": None}]
CURSORS = ["x", "x" * 3000, "\u0000", "eyJhbGciOiJub25lIn0.eyJhdWQiOiJjdXJzb3IifQ.", "\u202egnp.exe"]
IDS = ["x" * 129, "x" * 5000, "%00", "%ED%A0%80", "%FF", "%E2%80%AEabc", "%2e%2e%2f", "a%2Fb", "acc_1%23sf_2"]
TOKENS = ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", f"mk_{'0' * 26}_{'0' * 26}_{'a' * 43}", "x" * 7000]
SIZES = [300 * 1024, 5 * 1024 * 1024, 12 * 1024 * 1024]


@pytest.fixture(scope="module")
def doors(market: Market) -> Doors:
    return Doors(market)


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_no_json_object_is_refused_on_every_route(service: str, doors: Doors):
    for operation in operations(service):
        for raw in NOT_JSON + NOT_OBJECTS if operation.body else ():
            refused(doors.knock(operation, raw=raw), 400, 422)


@pytest.mark.parametrize("service", SERVICES)
def test_an_unknown_field_and_a_wrong_type_are_named_on_every_route(service: str, doors: Doors):
    for operation in operations(service):
        if body := body_of(operation):
            problem = refused(doors.knock(operation, body=body | {"surprise": 1}), 422)
            assert "/surprise" in [error["pointer"] for error in problem["errors"]], operation.path
            field = next(iter(body))
            for wrong in WRONG[1:] if takes_null(operation, field) else WRONG:
                problem = refused(doors.knock(operation, body={field: wrong}), 404, 422)
                named = [error["pointer"] for error in problem.get("errors", [])]
                assert problem["status"] == 404 or any(pointer.startswith("/") for pointer in named), operation.path


@pytest.mark.parametrize("service", SERVICES)
def test_a_body_that_is_too_large_is_refused_before_it_is_read(service: str, doors: Doors):
    taking = [operation for operation in operations(service) if operation.body or operation.form or "raw" in operation.parameters]
    for operation in taking:
        refused(doors.knock(operation, raw=b'{"a":"' + b"x" * operation.max_body + b'"}', **as_it_is_sent(operation)), 413)
    for size in SIZES if taking else ():
        refused(doors.knock(taking[0], raw=b'{"a":"' + b"x" * size + b'"}', **as_it_is_sent(taking[0])), 413)


@pytest.mark.parametrize("service", SERVICES)
def test_a_forged_cursor_an_odd_limit_and_an_unknown_parameter_are_refused_on_every_list(service: str, doors: Doors):
    for operation in operations(service):
        taken = operation.query.model_fields if operation.query else {}
        if taken and not operation.refusal:  # links that people follow carry marks of campaigns: a page passes over them
            problem = refused(doors.knock(operation, surprise="1"), 422)
            assert "query/surprise" in [error["pointer"] for error in problem["errors"]]
        for name, values in {"cursor": CURSORS, "limit": ["0", "101", "x", "9" * 400]}.items():
            for value in values if name in taken else ():
                refused(doors.knock(operation, **{name: value}), 400, 404, 422)


@pytest.mark.parametrize("service", SERVICES)
def test_a_strange_id_is_refused_on_every_route(service: str, doors: Doors):
    for operation in operations(service):
        inner = operation.path.replace("{storefront_id}", "")
        for at in IDS if "{" in inner else ():
            reply = doors.knock(operation, at)
            assert (operation.method, reply.status, reply.body) == ("GET", 200, {"items": []}) or refused(reply), operation.path


@pytest.mark.parametrize("service", SERVICES)
def test_a_missing_idempotency_key_is_named_on_every_route_that_creates(service: str, doors: Doors):
    for operation in operations(service):
        for key in (None, "", "x" * 256) if operation.idempotent else ():
            sent = {} if key is None else {"headers": {"Idempotency-Key": key}}
            problem = refused(doors.knock(operation, key=None, **sent), 400)
            assert [error["pointer"] for error in problem["errors"]] == ["header/Idempotency-Key"]


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token[:12])
def test_a_forged_credential_is_nobodys(token: str, doors: Doors):
    refused(doors.nobody.as_(token).send("GET", "/v1/account"), 401)


def test_no_route_but_the_public_ones_answers_nobody(doors: Doors):
    for operation in operations():
        if not operation.public:
            refused(doors.nobody.send(operation.method, doors.path(operation), body_of(operation)), 401)


def test_a_path_that_is_no_route_is_not_found(doors: Doors):
    for path in ("/", "/v1", "/v1/nothing", "/v1/products/a/b/c", "/v2/products", "/v1/%2e%2e/products"):
        refused(doors.hubs["supplier"].send("GET", path), 403, 404)


def test_a_cursor_of_another_account_or_list_is_refused(market: Market, doors: Doors):
    for _ in range(2):
        market.publish()
        doors.shop.owner.hub.post("/v1/keys", {"storefront_id": doors.shop.storefront_id, "name": "more"})
    theirs = market.supplier.hub.get("/v1/products", limit=1)["next"]
    keys = doors.shop.owner.hub.get("/v1/keys", limit=1)["next"]
    stranger = market.merchant("supplier", "storefront").hub
    for hub, path, cursor in [
        (stranger, "/v1/products", theirs),
        (stranger, "/v1/keys", keys),
        (market.supplier.hub, "/v1/catalog/products", theirs),
        (doors.shop.owner.hub, "/v1/storefronts", keys),
        (doors.shop.owner.hub, f"{doors.shop.path}/orders", theirs),
    ]:
        assert refused(hub.send("GET", path, cursor=cursor), 400)["errors"][0]["pointer"] == "query/cursor"


def test_a_key_with_another_payload_is_refused_and_changes_nothing(market: Market, doors: Doors):
    supplier, owner = market.supplier.hub, doors.shop.owner.hub
    product = market.product()
    for hub, path, first, other in [
        (supplier, "/v1/products", product, product | {"stock": 11}),
        (supplier, "/v1/feeds", {"format": "csv", "name": "a", "bytes": 10}, {"format": "csv", "name": "a", "bytes": 11}),
        (owner, "/v1/storefronts", {"name": "One", "languages": ["en"]}, {"name": "Two", "languages": ["en"]}),
        (owner, "/v1/keys", *({"storefront_id": doors.shop.storefront_id, "name": name} for name in "ab")),
        (owner, f"{doors.shop.path}/payment-installations", CASH, CASH | {"rank": 7}),
    ]:
        key = str(uuid.uuid4())
        made = hub.post(path, first, key=key)
        assert refused(hub.send("POST", path, other, key=key), 422)["type"].endswith("idempotency-key-reused"), path
        again = hub.send("POST", path, first, key=key)
        assert again.status < 300, path
        assert {k: v for k, v in made.items() if k.endswith("id")} == {k: v for k, v in again.body.items() if k.endswith("id")}


def test_eight_requests_at_once_with_one_key_have_one_effect(market: Market, doors: Doors):
    shop = doors.shop
    offer_id = market.offer(shop, market.publish())["offer_id"]
    market.order(shop, offer_id)
    lines = [{"offer_id": offer_id, "quantity": 1}]
    order = {"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": market.quote(shop, lines)[0]["ticket"]}
    for hub, path, body, made in [
        (shop.site, f"{shop.path}/orders", order, "id"),
        (market.supplier.hub, "/v1/products", market.product(), "product_id"),
        (shop.owner.hub, "/v1/storefronts", {"name": "Once", "languages": ["en"]}, "id"),
    ]:
        key = str(uuid.uuid4())
        replies = at_once(8, hub, path, body, key)
        done = [reply for reply in replies if reply.status < 300]
        assert done, replies[0].body
        assert len({reply.body[made] for reply in done}) == 1
        for reply in replies:
            assert reply.status < 300 or refused(reply, 409)
    assert market.supplier.hub.get(f"/v1/offers/{offer_id}/stock")["quantity"] == 10 - 2
    assert [s["name"] for s in shop.owner.hub.all("/v1/storefronts")].count("Once") == 1


def at_once(many: int, hub: Hub, path: str, body: Any, key: str) -> list[Reply]:
    """The answers to the same POST sent by `many` threads."""
    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(lambda _: hub.send("POST", path, body, key=key), range(many)))


def test_words_in_any_script_come_back_as_sent_and_what_is_no_text_is_refused(market: Market, doors: Doors):
    title = "Kuhëpan 木碗 وعاء لوز 🥣 e\u0301"
    made = market.supplier.hub.post("/v1/products", market.product(texts={"en": {"title": title}}))
    kept = market.supplier.hub.get(f"/v1/products/{made['product_id']}")
    assert kept["product"]["texts"]["en"]["title"] == title
    eventually(lambda: market.supplier.hub.get(f"/v1/products/{made['product_id']}")["status"] != "submitted")
    for text in ("\ud800", "bowl \udfff bowl"):
        raw = json.dumps(market.product(texts={"en": {"title": text}})).encode()
        refused(market.supplier.hub.send("POST", "/v1/products", raw=raw, key=str(uuid.uuid4())), 400, 422)
        refused(doors.shop.owner.hub.send("POST", "/v1/storefronts", raw=json.dumps({"name": text}).encode(), key="k"), 400, 422)
    for text in ("\u0000", "bow\u0000l", "bow\u0008l", "bowl \u202elwob\u202c"):
        reply = market.supplier.hub.send("POST", "/v1/products", market.product(texts={"en": {"title": text}}), key=str(uuid.uuid4()))
        assert [error["pointer"] for error in refused(reply, 422)["errors"]] == ["/texts/en/title"]
