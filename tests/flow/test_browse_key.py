"""A browse key is made to be public: a page of any origin reads with it what shoppers see, and it is good for nothing else."""

import uuid
from typing import Any

import pytest

from hubclient.hub import Hub, Reply
from shared.api.cors import PREFLIGHT, SHOWN, is_for_browsers
from shared.api.operation import Operation
from tests.flow.doors import Doors, operations, refused
from tests.flow.market import Market, eventually

pytestmark = pytest.mark.xdist_group("hub")

ORIGIN = "https://a-page.example"
READABLE = [operation for operation in operations() if is_for_browsers(operation)]
OTHERS = [operation for operation in operations() if not operation.public and operation not in READABLE]


@pytest.fixture(scope="module")
def doors(market: Market) -> Doors:
    return Doors(market)


def key_of(doors: Doors, scope: str) -> tuple[str, Hub]:
    """A new key of the shop: its id, and the hub spoken to with it."""
    made = doors.shop.owner.hub.post("/v1/keys", {"storefront_id": doors.shop.storefront_id, "name": "page", "scope": scope})
    return made["key_id"], doors.nobody.as_(made["key"])


@pytest.fixture(scope="module")
def page(doors: Doors) -> Hub:
    return key_of(doors, "browse")[1]


def cors(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name.startswith("access-control-")}


def lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def preflight(doors: Doors, path: str, method: str = "GET") -> Reply:
    """What a browser sends before a page's request that carries a key."""
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization"}
    return doors.nobody.send("OPTIONS", path, headers=asked)


@pytest.mark.parametrize("operation", READABLE, ids=lambda operation: operation.path)
def test_a_preflight_is_answered_without_a_credential(doors: Doors, operation: Operation):
    reply = preflight(doors, doors.path(operation))
    assert (reply.status, reply.body, cors(reply)) == (204, None, lower(PREFLIGHT))


def test_no_other_path_answers_a_preflight(doors: Doors):
    paths = {operation.path for operation in READABLE}
    answered = [
        o.path for o in operations() if o.path not in paths and "access-control-allow-origin" in preflight(doors, doors.path(o)).headers
    ]
    assert answered == []


def test_a_page_reads_the_shop_and_what_it_read_before_is_not_sent_again(doors: Doors, page: Hub, market: Market):
    market.offer(doors.shop, market.publish())
    path = f"{doors.shop.path}/listings"

    def read_twice() -> tuple[Reply, Reply]:
        reply = page.send("GET", path, headers={"Origin": ORIGIN})
        return reply, page.send("GET", path, headers={"Origin": ORIGIN, "If-None-Match": reply.headers["etag"]})

    reply, again = eventually(lambda: (two := read_twice())[1].status == 304 and two)  # what was published before is still spreading
    assert reply.body["items"]
    assert cors(reply) == cors(again) == lower(SHOWN)
    gone = page.send("GET", f"{path}/prd_{'0' * 26}", headers={"Origin": ORIGIN})
    assert (gone.status, cors(gone)) == (404, lower(SHOWN))


@pytest.mark.parametrize("operation", OTHERS, ids=lambda operation: f"{operation.method} {operation.path}")
def test_everything_else_is_refused_and_where_a_greater_key_would_do_its_scope_is_named(doors: Doors, page: Hub, operation: Operation):
    reply = page.send(operation.method, doors.path(operation), {}, key=str(uuid.uuid4()), headers={"Origin": ORIGIN})
    problem = refused(reply, 403)
    assert problem.get("scope") == operation.key
    assert (problem["type"] == "urn:monsoon:problem:scope-too-small") == (operation.key is not None)
    assert cors(reply) == {}


def test_no_answer_to_a_greater_key_or_a_person_is_shown_to_a_page(doors: Doors):
    path = f"{doors.shop.path}/listings"
    for hub in (key_of(doors, "sell")[1], key_of(doors, "manage")[1], doors.shop.owner.hub):
        reply = hub.send("GET", path, headers={"Origin": ORIGIN})
        assert (reply.status, cors(reply)) == (200, {})


def test_an_owner_makes_a_selling_key_a_browsing_one_without_a_new_key(doors: Doors):
    """The key is not used in between: what the door knows of a key, it remembers for 60 seconds."""
    key_id, hub = key_of(doors, "sell")
    doors.shop.owner.hub.ask("PATCH", f"/v1/keys/{key_id}", {"scope": "browse"})
    assert refused(hub.send("POST", f"{doors.shop.path}/shipping-quotes", {}), 403)["scope"] == "sell"
    assert cors(hub.send("GET", f"{doors.shop.path}/listings")) == lower(SHOWN)
