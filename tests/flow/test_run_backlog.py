"""A hub that is stopped in the middle of its work loses nothing: what was on its way arrives after the next start, all of it, once."""

from collections import Counter
from pathlib import Path
from signal import SIGINT, SIGKILL

import pytest

from hubclient.people import Person
from local.demo import load_reference
from local.stack import Stack
from tests.flow.market import CASH, TABLE_RATE, Market, Shop, eventually
from tests.flow.runner import Place, running, started
from tests.flow.test_feeds import file, opened, put, row

pytestmark = pytest.mark.xdist_group("run backlog")
SKUS = [f"backlog-{n:03}" for n in range(80)]
SECONDS = 180


def market_of(place: Place) -> Market:
    stack = Stack(place.port, place.stripe_port, place.folder)
    stack.outputs = stack.deployment.outputs()
    return Market(stack)


def decided(supplier: Person) -> Counter[str]:
    return Counter(product["status"] for product in supplier.hub.all("/v1/products", limit=100))


def listed(shop: Shop) -> Counter[str]:
    """How often each product stands in the shop's listings."""
    return Counter(listing["product_id"] for listing in shop.site.all(f"{shop.path}/listings", limit=100))


def let_the_listings_hear(stack: Stack, hear: bool) -> None:
    """Let storefronts take messages from its queue, or leave them there."""
    lambdas = stack.client("lambda")
    mappings = [m for page in lambdas.get_paginator("list_event_source_mappings").paginate() for m in page["EventSourceMappings"]]
    (worker,) = (m for m in mappings if ":sqs:" in m["EventSourceArn"] and "storefronts" in m["EventSourceArn"].lower())
    lambdas.update_event_source_mapping(UUID=worker["UUID"], Enabled=hear)


def send_and_look(market: Market, skus: list[str]) -> None:
    """Send a file of products, and come back when some of them are approved, and others are on their way."""
    data, before = file(*map(row, skus)).encode(), decided(market.supplier)["approved"]
    assert put(opened(market.supplier.hub, len(data))["upload"], data) == 200
    eventually(lambda: decided(market.supplier)["approved"] >= before + 5, SECONDS)


def test_what_was_on_its_way_at_a_kill_and_at_a_second_ctrl_c_arrives_once_after_the_next_start(tmp_path: Path):
    place, half = Place.at(tmp_path / "hub"), len(SKUS) // 2
    with started(place, "--no-demo") as runner:
        runner.until("ready;")
        market = market_of(place)
        load_reference(market.stack)
        shop = market.shop([CASH], [TABLE_RATE])
        send_and_look(market, SKUS[:half])
        runner.hear(SIGKILL)
    with started(place, "--no-demo") as runner:
        runner.until("ready;")
        market = market_of(place)
        let_the_listings_hear(market.stack, False)  # so that some are on the way, however fast this machine is
        send_and_look(market, SKUS[half:])
        runner.hear(SIGINT, SIGINT)
        assert "on the way that the next start takes up" in runner.printed
    with running(place, "--no-demo"):
        market = market_of(place)
        let_the_listings_hear(market.stack, True)
        eventually(lambda: decided(market.supplier) == {"approved": len(SKUS)}, SECONDS)
        listings = eventually(lambda: len(found := listed(shop)) == len(SKUS) and found, SECONDS)
        assert listings.keys() == {product["product_id"] for product in market.supplier.hub.all("/v1/products", limit=100)}
        assert set(listings.values()) == {1}
        offers = market.supplier.hub.all("/v1/catalog/products", limit=100)
        assert Counter(offer["state"] for offer in offers) == {"on_sale": len(SKUS)}
        assert market.stack.queues.dead_letters() == {}
