"""Sites that keep a copy: signed webhooks and the change feed, on the running hub."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from local.stack import Stack
from monsoon_plugin.clock import rfc3339, utc_now
from tests.flow import inside
from tests.flow.market import CASH, TABLE_RATE, Market, Shop, eventually
from tools.receiver import Receiver

pytestmark = pytest.mark.xdist_group("hub")


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture(scope="module")
def shop(market: Market) -> Shop:
    """A shop of which fanout has heard: its news takes a moment."""
    made = market.shop([CASH], [TABLE_RATE])
    eventually(lambda: made.site.send("GET", "/v1/feed").status == 200)
    return made


@pytest.fixture(scope="module")
def subscription(shop: Shop, receiver: Receiver) -> Iterator[dict[str, Any]]:
    types = ["product.changed", "order.placed", "order.cancelled"]
    made: dict[str, Any] = shop.owner.hub.post("/v1/webhooks", {"storefront_id": shop.storefront_id, "url": receiver.url, "types": types})
    yield made
    shop.owner.hub.ask("DELETE", f"/v1/webhooks/{made['id']}")


def held(changes: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What a site holds by the one rule that it needs: of each product, keep the change of the greatest sequence."""
    kept: dict[str, dict[str, Any]] = {}
    for change in changes:
        if change["sequence"] > kept.get(change["product_id"], {"sequence": ""})["sequence"]:
            kept[change["product_id"]] = change
    return {product_id: change for product_id, change in kept.items() if change["type"] == "upsert"}


def pulled(shop: Shop, cursor: str | None = None) -> tuple[list[dict[str, Any]], str]:
    """All changes of the feed after `cursor`, and where it ended."""
    changes: list[dict[str, Any]] = []
    more = True
    while more:
        page = shop.site.get("/v1/feed", cursor=cursor, limit=100)
        changes += page["changes"]
        cursor, more = page["next"], page["more"]
    assert cursor
    return changes, cursor


def test_a_publication_and_its_recall_are_pushed_signed_and_at_the_storefronts_price(
    market: Market, shop: Shop, receiver: Receiver, subscription: dict[str, Any]
):
    product_id = market.publish()
    pushed = eventually(lambda: held([c for _, c in receiver.changes()]).get(product_id))
    assert pushed["product"]["price"] == {"amount": 1250, "currency": "GBP"}
    recall = {"reason": "sharp edges", "supplier_id": market.supplier.account_id}
    market.operator.hub.post(f"/v1/catalog/products/{product_id}/recall", recall)
    eventually(lambda: product_id not in held([c for _, c in receiver.changes()]))
    public = Webhook(subscription["secret"])
    for posted in receiver.posted:
        public.verify(posted.body, posted.headers)
    log = eventually(lambda: shop.owner.hub.get(f"/v1/webhooks/{subscription['id']}/deliveries")["items"])
    assert {entry["status"] for entry in log} == {204}


def test_a_storefronts_own_orders_are_pushed_to_it_alone(market: Market, shop: Shop, receiver: Receiver, subscription: dict[str, Any]):
    assert subscription["id"]
    other = market.shop([CASH], [TABLE_RATE])
    offer_id = market.offer(shop, market.publish())["offer_id"]
    foreign, own = market.order(other, offer_id), market.order(shop, offer_id)

    def orders() -> set[str]:
        return {p.document["data"]["order_id"] for p in receiver.posted if p.document["type"] == "order.placed"}

    eventually(lambda: own["id"] in orders())
    assert foreign["id"] not in orders()


def test_the_feed_and_the_webhooks_converge_after_a_change_of_the_rule(
    market: Market, shop: Shop, receiver: Receiver, subscription: dict[str, Any]
):
    assert subscription["id"]
    dear, cheap = market.publish(price={"amount": 9000, "currency": "GBP"}), market.publish()
    eventually(lambda: {dear, cheap} <= held(pulled(shop)[0]).keys())
    changes, cursor = pulled(shop)
    view = shop.owner.hub.get(shop.path)
    band = {"currency": "GBP", "low": 0, "high": 5000}
    rule = {k: view[k] for k in ("name", "languages", "open")} | {
        "version": view["version"], "selection": {"categories": ["hg"], "price_band": band}, "price_rule": {"margin_per_mille": 500},
    }  # fmt: skip
    shop.owner.hub.put(shop.path, rule)

    def level(told: list[dict[str, Any]]) -> bool:
        kept = held(told)
        return dear not in kept and cheap in kept and kept[cheap]["product"]["price"]["amount"] == 1500

    eventually(lambda: level(changes + pulled(shop, cursor)[0]))
    eventually(lambda: level([c for _, c in receiver.changes()]))
    assert held(pulled(shop)[0]).keys() == held(changes + pulled(shop, cursor)[0]).keys()


def test_a_failing_endpoint_is_tried_again_and_loses_nothing(market: Market, shop: Shop):
    broken = True
    with Receiver(lambda _: 500 if broken else 204) as receiver:
        body = {"storefront_id": shop.storefront_id, "url": receiver.url, "types": ["product.changed"]}
        made = shop.owner.hub.post("/v1/webhooks", body)
        first = market.publish()
        eventually(lambda: receiver.posted)
        eventually(lambda: shop.owner.hub.get(f"/v1/webhooks/{made['id']}")["state"] == "lagging")
        second = market.publish()
        broken = False
        eventually(lambda: {first, second} <= held([c for _, c in receiver.changes()]).keys(), seconds=60)
        eventually(lambda: shop.owner.hub.get(f"/v1/webhooks/{made['id']}")["state"] == "active", seconds=60)
        log = shop.owner.hub.get(f"/v1/webhooks/{made['id']}/deliveries")["items"]
        assert {500, 204} <= {entry["status"] for entry in log}
        shop.owner.hub.ask("DELETE", f"/v1/webhooks/{made['id']}")


def test_an_endpoint_that_asks_for_an_hour_is_tried_again_by_the_sweep(stack: Stack, market: Market, shop: Shop):
    away = True
    with Receiver(lambda posted: 503 if away and posted.document["type"] != "ping" else 204, {"Retry-After": "3600"}) as receiver:
        body = {"storefront_id": shop.storefront_id, "url": receiver.url, "types": ["product.changed"]}
        made = shop.owner.hub.post("/v1/webhooks", body)
        path = f"/v1/webhooks/{made['id']}"
        shop.owner.hub.post(f"{path}/tests", {})
        eventually(lambda: [p for p in receiver.posted if p.document["type"] == "ping"])
        product_id = market.publish()
        eventually(lambda: shop.owner.hub.get(path)["state"] == "lagging")
        away = False
        waits_no_longer(stack, made["id"])
        assert inside.run(stack, "FanoutSweep")["tried"] >= 1
        eventually(lambda: product_id in held([c for _, c in receiver.changes()]))
        eventually(lambda: shop.owner.hub.get(path)["state"] == "active")
        shop.owner.hub.ask("DELETE", path)


def waits_no_longer(stack: Stack, subscription_id: str) -> None:
    """Let the hour be over that the endpoint asked for."""
    (item,) = [found for found in inside.items(stack, "FanoutTable") if subscription_id in found["sk"]["S"] and "open_sk" in found]
    told = json.loads(item["subscription"]["S"]) | {"next_at": inside.PAST, "due_at": inside.PAST}
    inside.put(stack, "FanoutTable", item | {"open_sk": {"S": inside.PAST}, "subscription": {"S": json.dumps(told)}})


def test_a_new_days_rates_are_told_to_every_shard(stack: Stack, shop: Shop, subscription: dict[str, Any]):
    assert subscription["id"]
    yesterday = {"pk": {"S": "rates"}, "sk": {"S": "state"}, "day": {"S": "2026-10-29"}}
    inside.put(stack, "FanoutTable", yesterday)
    inside.run(stack, "FanoutSweep")
    (known,) = [item for item in inside.items(stack, "FanoutTable") if item["pk"]["S"] == "rates"]
    assert known["day"]["S"] == "2026-10-30"
    sqs = stack.client("sqs")
    queue = next(url for url in sqs.list_queues()["QueueUrls"] if "DeliveriesQueue" in url)
    put_off = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessagesDelayed"])["Attributes"]
    assert int(put_off["ApproximateNumberOfMessagesDelayed"]) >= 1


def test_views_that_a_site_tells_of_are_counted_once(market: Market, shop: Shop):
    product_id = market.publish()
    at = rfc3339(utc_now())
    rows = [{"type": "view", "id": f"{product_id}-{n % 3}", "product_id": product_id, "at": at} for n in range(4)]
    told = eventually(lambda: (r := shop.site.send("POST", "/v1/events", {"events": rows})).status == 200 and r.body)
    assert told["counts"] == {"done": 3, "repeated": 1}
    counted = shop.owner.hub.get(f"{shop.path}/views")["items"]
    assert {one["product_id"]: one["views"] for one in counted}[product_id] == 3


def test_search_finds_chinese_inside_chinese_and_english_in_any_form(market: Market, shop: Shop):
    mark = f"{time.time_ns() % 10**8}"
    texts = {"en": {"title": f"Mulberry silk scarves {mark}"}, "zh": {"title": f"桑蚕丝丝巾 {mark}"}}
    product_id = market.publish(texts=texts)
    market.offer(shop, product_id)
    for words in ("丝巾", "scarves", "silk scarves", f"丝巾 {mark}"):
        items = shop.site.get(f"{shop.path}/listings", q=words, limit=100)["items"]
        assert product_id in {item["product_id"] for item in items}, words
    facets = shop.site.get(f"{shop.path}/facets", q=mark)
    assert facets
