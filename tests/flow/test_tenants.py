"""One account's things are nobody else's: not to read, not to change, not to find out that they exist. And secrets stay inside."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from hubclient.hub import Hub, Reply
from hubclient.people import PASSWORD
from local.stack import Stack
from tests.flow.doors import Doors, body_of, operations, refused
from tests.flow.market import ADDRESS, CASH, STRIPE, STRIPE_KEYS, TABLE_RATE, Market, Shop

pytestmark = pytest.mark.xdist_group("hub")
OPERATORS = frozenset({"operator", "auditor"})
SELLING = {"/v1/products", "/v1/feeds", "/v1/pictures", "/v1/storefronts", "/v1/storefronts/{storefront_id}/orders"}
"""Where publishing and selling begin."""


@dataclass(frozen=True)
class Belongings:
    """What one merchant has, and how it shows."""

    shop: Shop
    supplier: Hub
    ids: dict[str, str]
    order: dict[str, Any]
    """The body of an order that the shop takes."""

    def seen(self) -> list[Any]:
        """All of it, as its owners see it."""
        at, ids = self.shop.path, self.ids
        whole = ["", "/orders", "/payment-installations", "/courier-installations", f"/orders/{ids['order_id']}/shipments"]
        owned = [self.shop.owner.hub.get(at + path) for path in whole] + [self.shop.owner.hub.get("/v1/keys")]
        paths = [f"/v1/products/{ids['product_id']}", f"/v1/offers/{ids['offer_id']}/stock", f"/v1/feeds/{ids['feed_id']}", "/v1/shipments"]
        seen = owned + [self.supplier.get(path) for path in paths]
        return [{name: value for name, value in view.items() if name != "next"} for view in seen]  # a cursor says when it ends


@pytest.fixture(scope="module")
def doors(market: Market) -> Doors:
    return Doors(market)


@pytest.fixture(scope="module")
def theirs(market: Market) -> Belongings:
    """A merchant with one of everything."""
    shop = market.shop([STRIPE], [TABLE_RATE])
    product_id = market.publish()
    offer_id = market.offer(shop, product_id)["offer_id"]
    order = market.order(shop, offer_id)
    payment = market.pay(shop, order, data={"payment_method": "pm_card_visa"})
    market.order_is(shop, order["id"], "paid")
    shipment = market.shipments(shop, order["id"])[0]
    feed = market.supplier.hub.post("/v1/feeds", {"format": "csv", "name": "theirs", "bytes": 9})
    ids = {
        "storefront_id": shop.storefront_id,
        "product_id": product_id,
        "offer_id": offer_id,
        "order_id": order["id"],
        "payment_id": payment["id"],
        "shipment_id": shipment["id"],
        "feed_id": feed["feed_id"],
        "key_id": shop.owner.hub.get("/v1/keys")["items"][0]["key_id"],
        "installation_id": shop.owner.hub.get(f"{shop.path}/payment-installations")["items"][0]["id"],
        "account_id": shop.owner.account_id,
    }
    lines = [{"offer_id": offer_id, "quantity": 1}]
    another = {"lines": lines, "buyer": {"type": "consumer"}, "address": ADDRESS, "shipping_ticket": market.quote(shop, lines)[0]["ticket"]}
    return Belongings(shop, market.supplier.hub, ids, another)


def test_another_accounts_ids_are_not_found_on_any_route_and_nothing_of_theirs_changes(market: Market, doors: Doors, theirs: Belongings):
    stranger = market.merchant("supplier", "storefront", "clerk", "shopper")
    own = stranger.hub.post("/v1/storefronts", {"name": "Their neighbour", "languages": ["en"], "open": True})["id"]
    before = theirs.seen()
    knocked = 0
    for operation in operations():
        if "{" not in operation.path or "{category_id}" in operation.path or operation.public or operation.name == "install":
            continue
        if "{name}" in operation.path:  # a supplier's own name for what it keeps: each has its own
            continue
        for ids in (theirs.ids, theirs.ids | {"storefront_id": own}):
            path = doors.path(operation, **ids) + ("?currency=GBP" if operation.name == "list_payables" else "")
            if own in path and not {"order_id", "installation_id"} & named(operation.path):
                continue  # all of it the stranger's own
            body = theirs.order if operation.name == "place_order" else body_of(operation)
            reply = stranger.hub.send(operation.method, path, body, key=str(uuid.uuid4()))
            # A payment is refused for its ticket, which only the order's own storefront was given, before anything is looked for.
            refusals = (422,) if operation.name == "start_payment" else (403, 404)
            empty = reply.status == 200 and {**reply.body, "currency": "GBP"} == {"items": [], "currency": "GBP"}
            assert empty or refused(reply, *refusals), (operation.method, path, reply.body)
            knocked += 1
    assert knocked > 40
    for kind, installation in (("payment", CASH), ("courier", TABLE_RATE)):  # kept under the stranger's own account, it serves nobody
        stranger.hub.send("POST", f"{theirs.shop.path}/{kind}-installations", installation, key=str(uuid.uuid4()))
    assert theirs.seen() == before


def kept_out(reply: Reply) -> bool:
    """Not found, or not let in, or stopped at a ticket that is not theirs before anything was looked up."""
    problem = refused(reply, 403, 404, 422)
    return reply.status != 422 or bool(problem["type"].endswith("ticket-refused"))


def named(path: str) -> set[str]:
    """The parameters of a path."""
    return {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_a_notice_that_the_provider_has_not_signed_is_refused(market: Market, theirs: Belongings):
    before = theirs.seen()
    notice = {"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": {"id": "pi_1"}}}
    for headers in ({}, {"Stripe-Signature": "t=1,v1=00"}, {"Stripe-Signature": "x" * 4000}):
        refused(market.stack.hub.send("POST", f"/v1/hooks/payments/{theirs.ids['installation_id']}", notice, headers=headers))
    assert theirs.seen() == before


def test_a_sites_key_opens_its_own_storefront_alone(market: Market, doors: Doors, theirs: Belongings):
    owner = theirs.shop.owner.hub
    second = owner.post("/v1/storefronts", {"name": "The second", "languages": ["en"], "open": True})["id"]
    site = theirs.shop.site
    for operation in operations():
        if "{storefront_id}" in operation.path:
            path = doors.path(operation, **theirs.ids | {"storefront_id": second})
            body = theirs.order if operation.name == "place_order" else body_of(operation)
            refused(site.send(operation.method, path, body, key=str(uuid.uuid4())), 403, 404)
    refused(site.send("GET", "/v1/feed", storefront_id=second), 404)
    for path in ("/v1/keys", "/v1/storefronts", "/v1/statement", "/v1/products", "/v1/trial-balance"):
        refused(site.send("GET", path), 403)


def test_the_unverified_publish_and_sell_nothing(market: Market, doors: Doors, theirs: Belongings):
    unverified = market.people.sign_in(f"{uuid.uuid4().hex[:10]}@market.example", "supplier", "storefront")
    guarded = [operation for operation in operations() if operation.verified]
    assert {operation.path for operation in guarded if operation.method == "POST"} >= SELLING
    for operation in guarded:
        reply = unverified.hub.send(operation.method, doors.path(operation, **theirs.ids), body_of(operation), key=str(uuid.uuid4()))
        assert refused(reply, 403)["type"] == "urn:monsoon:problem:unverified", operation.path


def test_a_shopper_enters_no_merchants_route_and_a_merchant_no_operators(market: Market, doors: Doors, theirs: Belongings):
    shopper, merchant = market.merchant("shopper"), market.merchant("supplier", "storefront", "clerk", "shopper")
    for operation in operations():
        path, body, key = doors.path(operation, **theirs.ids), body_of(operation), str(uuid.uuid4())
        if operation.allow:
            refused(shopper.hub.send(operation.method, path, body, key=key), 403)
        if operation.allow and operation.allow <= OPERATORS:
            refused(merchant.hub.send(operation.method, path, body, key=key), 403)


def test_nobody_makes_themselves_an_operator(market: Market):
    account = {"email": f"{uuid.uuid4().hex[:10]}@market.example", "password": PASSWORD, "display_name": "Eve", "roles": ["operator"]}
    refused(market.stack.hub.send("POST", "/v1/accounts", account, key=str(uuid.uuid4())), 422)
    refused(market.merchant("shopper").hub.send("PATCH", "/v1/account", {"roles": ["auditor"]}), 422)


def test_a_revoked_key_opens_nothing(market: Market, theirs: Belongings):
    """API Gateway keeps a key's answer for at most AUTHORIZER_TTL seconds after its last use; this one was not used yet."""
    owner = theirs.shop.owner.hub
    made = owner.post("/v1/keys", {"storefront_id": theirs.shop.storefront_id, "name": "lost"})
    owner.ask("DELETE", f"/v1/keys/{made['key_id']}")
    refused(market.stack.hub.as_(made["key"]).send("GET", f"{theirs.shop.path}/listings"), 401)


def test_no_secret_is_stored_logged_or_answered_in_the_clear(stack: Stack, market: Market, theirs: Belongings):
    never_paid_with = STRIPE_KEYS | {"publishable_key": "pk_test_tenants"}  # one that pays is told to the shopper, and kept for that
    market.shop([{**STRIPE, "config": never_paid_with | {"currencies": ["GBP"]}}, CASH], [TABLE_RATE])
    secrets = [STRIPE_KEYS["secret_key"], STRIPE_KEYS["webhook_secret"], theirs.shop.site.token, theirs.shop.owner.hub.token, PASSWORD]
    places = {"tables": dumped(stack), "logs": logged(stack), "answers": json.dumps(theirs.seen(), ensure_ascii=False)}
    assert "pk_test_tenants" not in places["tables"], "credentials lie encrypted as a whole"
    assert theirs.ids["order_id"] in places["tables"]
    for place, text in places.items():
        for secret in secrets:
            assert secret not in text, f"{secret[:12]}… is in the {place}"


def dumped(stack: Stack) -> str:
    """Every item of every table."""
    dynamodb = stack.client("dynamodb")
    pages = (page for name in dynamodb.list_tables()["TableNames"] for page in dynamodb.get_paginator("scan").paginate(TableName=name))
    return "\n".join(str(page["Items"]) for page in pages)


def logged(stack: Stack) -> str:
    """Everything that the functions and the emulator have logged."""
    logs = stack.client("logs")
    groups = [group["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate() for group in page["logGroups"]]
    pages = (page for group in groups for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group))
    told = "\n".join(event["message"] for page in pages for event in page["events"])
    return told + "".join(path.read_text(errors="replace") for path in stack.folder.glob("*.log"))
