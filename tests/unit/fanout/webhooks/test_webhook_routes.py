"""Webhooks over HTTP, from the bus and through their queues, on the real table definition."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from monsoon_plugin.outbound.call import Outcome, Request
from shared.aws.packing import unpacked
from shared.order_messages import OrderPlaced
from tests.conftest import aws
from tests.fakes import Reply, call, caller
from tests.unit.fanout.service import Fanout, configured
from tests.unit.fanout.world import published

URL = "https://hooks.example.com/monsoon"
OWNER = caller("acc_1", "storefront")


class Endpoint:
    """Every endpoint there is: what was posted, and what is answered."""

    def __init__(self) -> None:
        self.status, self.posted = 204, list[Request]()

    def __call__(self, requests: Sequence[Request]) -> Sequence[Outcome]:
        self.posted += requests
        return [Outcome(self.status, None, "no\tthanks" if self.status != 204 else "", 12, None) for _ in requests]

    def documents(self) -> list[Any]:
        return [json.loads(request.body) for request in self.posted]


class WebhookFanout(Fanout):
    def __init__(self, table: str) -> None:
        self.endpoint = Endpoint()
        super().__init__(table, self.endpoint)

    def ask(
        self, method: str, path: str = "", *, body: Any = None, by: Any = OWNER, key: str = "k-1", query: Any = None, **at: str
    ) -> Reply:
        return call(
            self.app, method, "/v1/webhooks" + path, path=at or None, body=body, by=by, headers={"idempotency-key": key}, query=query
        )

    def subscribe(self, key: str = "k-1", url: str = URL, types: Sequence[str] = ("product.changed",), by: Any = OWNER) -> Reply:
        return self.ask("POST", body={"storefront_id": "sf_1", "url": url, "types": list(types)}, by=by, key=key)

    def planned(self, *product_ids: str) -> None:
        keys = [{"pk": {"S": f"product#{product_id}"}, "sk": {"S": "change"}} for product_id in product_ids]
        self.planner({"Records": [{"eventName": "MODIFY", "dynamodb": {"Keys": key}} for key in keys]}, None)


@pytest.fixture
def fanout(make_table: Callable[[str], str]) -> WebhookFanout:
    return WebhookFanout(make_table("fanout"))


def test_a_change_reaches_the_endpoint_signed_and_at_the_storefronts_price(fanout: WebhookFanout):
    fanout.tell(configured(margin_per_mille=100))
    made = fanout.subscribe()
    assert (made.status, made.body["state"]) == (201, "active")
    fanout.tell(published("prd_1", 1))
    fanout.planned("prd_1")
    assert [job.kind for job in fanout.drain(fanout.deliveries)] == ["changes"]
    (document,) = fanout.endpoint.documents()
    (request,) = fanout.endpoint.posted
    Webhook(made.body["secret"]).verify(request.body, dict(request.headers))
    assert document["data"]["changes"][0]["product"]["price"] == {"amount": 990, "currency": "GBP"}
    log = fanout.ask("GET", "/{webhook_id}/deliveries", webhook_id=made.body["id"]).body["items"]
    assert [(entry["status"], entry["changes"], entry["type"]) for entry in log] == [(204, 1, "product.changed")]


def test_the_same_request_gives_the_same_subscription_and_another_with_its_key_is_refused(fanout: WebhookFanout):
    fanout.tell(configured())
    assert fanout.subscribe().body == fanout.subscribe().body
    assert fanout.subscribe(url=URL + "/other").status == 422


@pytest.mark.parametrize("url", ["http://hooks.example.com/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "ftp://x.y/"])
def test_an_address_that_is_not_public_https_is_refused_and_named(fanout: WebhookFanout, url: str):
    fanout.tell(configured())
    answer = fanout.subscribe(url=url)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/url")


def test_what_is_somebody_elses_is_not_found(fanout: WebhookFanout):
    fanout.tell(configured())
    made = fanout.subscribe().body["id"]
    stranger = caller("acc_2", "storefront")
    assert fanout.subscribe(by=stranger).status == 404
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/deliveries"), ("POST", "/tests"), ("POST", "/secret-rotations")):
        assert fanout.ask(method, "/{webhook_id}" + path, by=stranger, webhook_id=made).status == 404
    assert fanout.ask("GET", query={"storefront_id": "sf_1"}, by=stranger).body["items"] == []


def test_a_storefront_has_at_most_twenty(fanout: WebhookFanout):
    fanout.tell(configured())
    assert {fanout.subscribe(f"k-{n}").status for n in range(20)} == {201}
    assert (fanout.subscribe("k-20").status, len(fanout.ask("GET", query={"storefront_id": "sf_1"}).body["items"])) == (409, 20)


def test_an_endpoint_that_fails_lags_is_logged_and_catches_up(fanout: WebhookFanout):
    fanout.tell(configured())
    made = fanout.subscribe().body["id"]
    fanout.catchups.take()
    fanout.tell(published("prd_1", 1))
    fanout.endpoint.status = 500
    fanout.planned("prd_1")
    fanout.drain(fanout.deliveries)
    shown = fanout.ask("GET", "/{webhook_id}", webhook_id=made).body
    assert (shown["state"], shown["failures"], shown["reason"]) == ("lagging", 1, "the endpoint answered 500")
    fanout.planned("prd_1")
    fanout.drain(fanout.deliveries)
    assert len(fanout.endpoint.posted) == 1, "it is not tried inline again"
    fanout.endpoint.status = 204
    assert [job.purpose for job in fanout.drain(fanout.catchups)] == ["catchup"]
    assert fanout.ask("GET", "/{webhook_id}", webhook_id=made).body["state"] == "lagging", "a message that comes before its time waits"
    fanout.ask("PATCH", "/{webhook_id}", body={"enabled": True}, webhook_id=made)
    assert [job.purpose for job in fanout.drain(fanout.catchups)] == ["catchup"]
    assert fanout.ask("GET", "/{webhook_id}", webhook_id=made).body["state"] == "active"
    assert [job.purpose for job in fanout.drain(fanout.catchups)] == ["replay"]
    log = fanout.ask("GET", "/{webhook_id}/deliveries", webhook_id=made).body["items"]
    assert (log[-1]["status"], log[-1]["snippet"]) == (500, "no\tthanks")


def test_gone_disables_tells_the_owners_other_endpoints_and_enabling_goes_on(fanout: WebhookFanout):
    fanout.tell(configured())
    gone = fanout.subscribe().body["id"]
    fanout.subscribe("k-2", types=["subscription.disabled"])
    fanout.tell(published("prd_1", 1))
    fanout.endpoint.status = 410
    fanout.planned("prd_1")
    fanout.drain(fanout.deliveries)
    items = aws("dynamodb").scan(TableName="fanout-test")["Items"]
    (notice,) = [unpacked(item["event"]) for item in items if "event" in item]
    fanout.endpoint.status, fanout.endpoint.posted = 204, []
    fanout.hear(notice)
    fanout.drain(fanout.deliveries)
    assert [d["data"]["subscription_id"] for d in fanout.endpoint.documents()] == [gone]
    fanout.catchups.take()
    assert fanout.ask("PATCH", "/{webhook_id}", body={"enabled": True}, webhook_id=gone).body["state"] == "lagging"
    fanout.drain(fanout.catchups)
    assert fanout.ask("GET", "/{webhook_id}", webhook_id=gone).body["state"] == "active"


def test_an_order_is_told_to_who_asked_for_it_without_the_shoppers_address(fanout: WebhookFanout):
    fanout.tell(configured())
    fanout.subscribe(types=["order.placed"])
    fanout.subscribe("k-2")
    placed = OrderPlaced(order_id="ord_1", storefront_id="sf_1", account_id="acc_1", currency="EUR", total=1250, version=1)
    fanout.tell(placed, placed.model_copy(update={"storefront_id": "sf_2"}))
    fanout.drain(fanout.deliveries)
    (document,) = fanout.endpoint.documents()
    assert (document["type"], document["data"]) == (
        "order.placed",
        {"version": 1, "order_id": "ord_1", "storefront_id": "sf_1", "currency": "EUR", "test": False, "total": 1250},
    )


def test_a_new_rule_reaches_the_routes_and_sends_for_a_walk(fanout: WebhookFanout):
    fanout.tell(configured())
    fanout.subscribe()
    fanout.catchups.take()
    fanout.tell(published("prd_1", 1), configured(2, margin_per_mille=500))
    assert [(job.purpose, job.version) for job in fanout.catchups.take()] == [("walk", 2)]
    fanout.planned("prd_1")
    fanout.drain(fanout.deliveries)
    assert fanout.endpoint.documents()[0]["data"]["changes"][0]["product"]["price"]["amount"] == 1350


def test_a_rotated_secret_is_another_and_the_same_key_rotates_once(fanout: WebhookFanout):
    fanout.tell(configured())
    made = fanout.subscribe().body
    once, again = (fanout.ask("POST", "/{webhook_id}/secret-rotations", key="r", webhook_id=made["id"]) for _ in range(2))
    assert once.body["secret"] == again.body["secret"] != made["secret"]
    assert "secret" not in fanout.ask("GET", "/{webhook_id}", webhook_id=made["id"]).body


def test_a_delivery_and_a_span_are_replayed_and_a_test_is_posted(fanout: WebhookFanout):
    fanout.tell(configured())
    made = fanout.subscribe().body["id"]
    fanout.catchups.take()
    fanout.tell(published("prd_1", 1))
    fanout.planned("prd_1")
    fanout.drain(fanout.deliveries)
    entry = fanout.ask("GET", "/{webhook_id}/deliveries", webhook_id=made).body["items"][0]
    assert fanout.ask("POST", "/{webhook_id}/replays", body={"delivery_id": entry["id"]}, webhook_id=made).status == 200
    assert fanout.ask("POST", "/{webhook_id}/replays", body={"since": "2020-01-01T00:00:00Z"}, webhook_id=made).status == 422
    assert fanout.ask("POST", "/{webhook_id}/replays", body={"delivery_id": "dlv_x"}, webhook_id=made).status == 422
    assert fanout.ask("POST", "/{webhook_id}/replays", body={}, webhook_id=made).status == 422
    assert [job.purpose for job in fanout.drain(fanout.catchups)] == ["replay"]
    assert fanout.ask("POST", "/{webhook_id}/tests", webhook_id=made).status == 200
    fanout.drain(fanout.deliveries)
    assert fanout.endpoint.documents()[-1]["type"] == "ping"


def test_what_is_deleted_is_sent_nothing_and_deleting_again_finds_nothing(fanout: WebhookFanout):
    fanout.tell(configured())
    made = fanout.subscribe().body["id"]
    assert fanout.ask("DELETE", "/{webhook_id}", webhook_id=made).status == 204
    assert fanout.ask("DELETE", "/{webhook_id}", webhook_id=made).status == 404
    fanout.tell(published("prd_1", 1))
    fanout.planned("prd_1")
    fanout.drain(fanout.deliveries)
    fanout.drain(fanout.catchups)
    assert fanout.endpoint.posted == []


def test_the_sweep_sends_what_is_due_once(fanout: WebhookFanout):
    fanout.tell(configured())
    made = fanout.subscribe().body["id"]
    store = fanout.services.subscriptions
    found = store.find("acc_1#sf_1", made)
    assert found is not None
    late = found.model_copy(update={"state": "lagging", "since": "2026-01-01T00:00:00.000Z", "next_at": "2026-01-01T00:00:00.000Z",
                                    "due_at": "2026-01-01T00:00:00.000Z"})  # fmt: skip
    assert store.replace(late)
    fanout.catchups.take()
    fanout.sweep({}, None)
    fanout.sweep({}, None)
    assert [job.purpose for job in fanout.drain(fanout.catchups)] == ["catchup"]
    assert fanout.ask("GET", "/{webhook_id}", webhook_id=made).body["state"] == "active"
