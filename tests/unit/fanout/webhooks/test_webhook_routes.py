"""Webhooks over HTTP, from the bus and through their queues, on the real table definition."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import boto3
import pytest
from standardwebhooks.webhooks import Webhook

from functions.fanout import handler
from monsoon_plugin.outbound.call import Outcome, Request
from shared.bus import envelope
from shared.messages import Message, StorefrontConfigured
from shared.order_messages import OrderPlaced
from shared.trade.selection import PriceRule, Selection
from tests.fakes import NOON, Reply, call, caller, sqs
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


@pytest.fixture(autouse=True)
def endpoint(make_table: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    name, secrets, queues = make_table("fanout"), boto3.client("secretsmanager"), boto3.client("sqs")
    secret = secrets.create_secret(Name=f"webhooks-{name}", SecretString="a secret of 32 bytes or more, for tests")["ARN"]
    urls = {kind: queues.create_queue(QueueName=f"{kind}-test")["QueueUrl"] for kind in ("deliveries", "catchups")}
    boto3.client("s3").create_bucket(Bucket="reference-test")
    for variable, value in {
        "FANOUT_TABLE": name, "SIGNING_SECRET": secret, "WEBHOOK_SECRET": secret, "REFERENCE_BUCKET": "reference-test", "STAGE": "test",
        "DELIVERIES_QUEUE_URL": urls["deliveries"], "CATCHUPS_QUEUE_URL": urls["catchups"],
    }.items():  # fmt: skip
        monkeypatch.setenv(variable, value)
    forget()
    made = Endpoint()
    monkeypatch.setattr(handler, "sender", lambda: made)
    yield made
    forget()
    secrets.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
    for url in urls.values():
        queues.delete_queue(QueueUrl=url)


def forget() -> None:
    for one in vars(handler).values():
        if hasattr(one, "cache_clear"):
            one.cache_clear()


def tell(*messages: Message) -> None:
    assert handler.worker(sqs(*(envelope(message, NOON) for message in messages)), None) == {"batchItemFailures": []}


def configured(version: int = 1, **rule: Any) -> StorefrontConfigured:
    return StorefrontConfigured(
        version=version, storefront_id="sf_1", account_id="acc_1", name="Lantern", open=True, selection=Selection(),
        price_rule=PriceRule(**rule),
    )  # fmt: skip


def ask(method: str, path: str = "", *, body: Any = None, by: Any = OWNER, key: str = "k-1", query: Any = None, **at: str) -> Reply:
    return call(
        handler.app, method, "/v1/webhooks" + path, path=at or None, body=body, by=by, headers={"idempotency-key": key}, query=query
    )


def subscribe(key: str = "k-1", url: str = URL, types: Sequence[str] = ("product.changed",), by: Any = OWNER) -> Reply:
    return ask("POST", body={"storefront_id": "sf_1", "url": url, "types": list(types)}, by=by, key=key)


def waiting(kind: str) -> list[str]:
    """The queue's messages, whenever they are to show."""
    from moto.sqs.models import sqs_backends

    (backend,) = [b for account in sqs_backends.values() for b in account.values()]
    queue = backend.queues[f"{kind}-test"]
    found = [message.body for message in queue._messages]
    queue._messages.clear()
    return found


def drain(kind: str) -> list[Any]:
    """Deliver what waits; answers the jobs."""
    bodies = waiting(kind)
    for body in bodies:
        assert handler.deliver(sqs(body), None) == {"batchItemFailures": []}
    return [json.loads(body) for body in bodies]


def planned(*product_ids: str) -> None:
    keys = [{"pk": {"S": f"product#{product_id}"}, "sk": {"S": "change"}} for product_id in product_ids]
    handler.planner({"Records": [{"eventName": "MODIFY", "dynamodb": {"Keys": key}} for key in keys]}, None)


def test_a_change_reaches_the_endpoint_signed_and_at_the_storefronts_price(endpoint: Endpoint):
    tell(configured(margin_per_mille=100))
    made = subscribe()
    assert (made.status, made.body["state"]) == (201, "active")
    tell(published("prd_1", 1))
    planned("prd_1")
    assert [job["kind"] for job in drain("deliveries")] == ["changes"]
    (document,) = endpoint.documents()
    (request,) = endpoint.posted
    Webhook(made.body["secret"]).verify(request.body, dict(request.headers))
    assert document["data"]["changes"][0]["product"]["price"] == {"amount": 990, "currency": "GBP"}
    log = ask("GET", "/{webhook_id}/deliveries", webhook_id=made.body["id"]).body["items"]
    assert [(entry["status"], entry["changes"], entry["type"]) for entry in log] == [(204, 1, "product.changed")]


def test_the_same_request_gives_the_same_subscription_and_another_with_its_key_is_refused():
    tell(configured())
    assert subscribe().body == subscribe().body
    assert subscribe(url=URL + "/other").status == 422


@pytest.mark.parametrize("url", ["http://hooks.example.com/", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "ftp://x.y/"])
def test_an_address_that_is_not_public_https_is_refused_and_named(url: str):
    tell(configured())
    answer = subscribe(url=url)
    assert (answer.status, answer.body["errors"][0]["pointer"]) == (422, "/url")


def test_what_is_somebody_elses_is_not_found():
    tell(configured())
    made = subscribe().body["id"]
    stranger = caller("acc_2", "storefront")
    assert subscribe(by=stranger).status == 404
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/deliveries"), ("POST", "/tests"), ("POST", "/secret-rotations")):
        assert ask(method, "/{webhook_id}" + path, by=stranger, webhook_id=made).status == 404
    assert ask("GET", query={"storefront_id": "sf_1"}, by=stranger).body["items"] == []


def test_a_storefront_has_at_most_twenty():
    tell(configured())
    assert {subscribe(f"k-{n}").status for n in range(20)} == {201}
    assert (subscribe("k-20").status, len(ask("GET", query={"storefront_id": "sf_1"}).body["items"])) == (409, 20)


def test_an_endpoint_that_fails_lags_is_logged_and_catches_up(endpoint: Endpoint):
    tell(configured())
    made = subscribe().body["id"]
    waiting("catchups")
    tell(published("prd_1", 1))
    endpoint.status = 500
    planned("prd_1")
    drain("deliveries")
    shown = ask("GET", "/{webhook_id}", webhook_id=made).body
    assert (shown["state"], shown["failures"], shown["reason"]) == ("lagging", 1, "the endpoint answered 500")
    planned("prd_1")
    drain("deliveries")
    assert len(endpoint.posted) == 1, "it is not tried inline again"
    endpoint.status = 204
    assert [job["purpose"] for job in drain("catchups")] == ["catchup"]
    assert ask("GET", "/{webhook_id}", webhook_id=made).body["state"] == "lagging", "a message that comes before its time waits"
    ask("PATCH", "/{webhook_id}", body={"enabled": True}, webhook_id=made)
    assert [job["purpose"] for job in drain("catchups")] == ["catchup"]
    assert ask("GET", "/{webhook_id}", webhook_id=made).body["state"] == "active"
    assert [job["purpose"] for job in drain("catchups")] == ["replay"]
    log = ask("GET", "/{webhook_id}/deliveries", webhook_id=made).body["items"]
    assert (log[-1]["status"], log[-1]["snippet"]) == (500, "no\tthanks")


def test_gone_disables_tells_the_owners_other_endpoints_and_enabling_goes_on(endpoint: Endpoint):
    tell(configured())
    gone = subscribe().body["id"]
    subscribe("k-2", types=["subscription.disabled"])
    tell(published("prd_1", 1))
    endpoint.status = 410
    planned("prd_1")
    drain("deliveries")
    items = boto3.client("dynamodb").scan(TableName="fanout-test")["Items"]
    (notice,) = [item["event"]["S"] for item in items if "event" in item]
    endpoint.status, endpoint.posted = 204, []
    assert handler.worker(sqs(notice), None) == {"batchItemFailures": []}
    drain("deliveries")
    assert [d["data"]["subscription_id"] for d in endpoint.documents()] == [gone]
    waiting("catchups")
    assert ask("PATCH", "/{webhook_id}", body={"enabled": True}, webhook_id=gone).body["state"] == "lagging"
    drain("catchups")
    assert ask("GET", "/{webhook_id}", webhook_id=gone).body["state"] == "active"


def test_an_order_is_told_to_who_asked_for_it_without_the_shoppers_address(endpoint: Endpoint):
    tell(configured())
    subscribe(types=["order.placed"])
    subscribe("k-2")
    placed = OrderPlaced(order_id="ord_1", storefront_id="sf_1", account_id="acc_1", currency="EUR", total=1250, version=1)
    tell(placed, placed.model_copy(update={"storefront_id": "sf_2"}))
    drain("deliveries")
    (document,) = endpoint.documents()
    assert (document["type"], document["data"]) == (
        "order.placed",
        {"version": 1, "order_id": "ord_1", "storefront_id": "sf_1", "currency": "EUR", "total": 1250},
    )


def test_a_new_rule_reaches_the_routes_and_sends_for_a_walk(endpoint: Endpoint):
    tell(configured())
    subscribe()
    waiting("catchups")
    tell(published("prd_1", 1), configured(2, margin_per_mille=500))
    assert [(job["purpose"], job["version"]) for job in map(json.loads, waiting("catchups"))] == [("walk", 2)]
    planned("prd_1")
    drain("deliveries")
    assert endpoint.documents()[0]["data"]["changes"][0]["product"]["price"]["amount"] == 1350


def test_a_rotated_secret_is_another_and_the_same_key_rotates_once():
    tell(configured())
    made = subscribe().body
    once, again = (ask("POST", "/{webhook_id}/secret-rotations", key="r", webhook_id=made["id"]) for _ in range(2))
    assert once.body["secret"] == again.body["secret"] != made["secret"]
    assert "secret" not in ask("GET", "/{webhook_id}", webhook_id=made["id"]).body


def test_a_delivery_and_a_span_are_replayed_and_a_test_is_posted(endpoint: Endpoint):
    tell(configured())
    made = subscribe().body["id"]
    waiting("catchups")
    tell(published("prd_1", 1))
    planned("prd_1")
    drain("deliveries")
    entry = ask("GET", "/{webhook_id}/deliveries", webhook_id=made).body["items"][0]
    assert ask("POST", "/{webhook_id}/replays", body={"delivery_id": entry["id"]}, webhook_id=made).status == 200
    assert ask("POST", "/{webhook_id}/replays", body={"since": "2020-01-01T00:00:00Z"}, webhook_id=made).status == 422
    assert ask("POST", "/{webhook_id}/replays", body={"delivery_id": "dlv_x"}, webhook_id=made).status == 422
    assert ask("POST", "/{webhook_id}/replays", body={}, webhook_id=made).status == 422
    assert [job["purpose"] for job in drain("catchups")] == ["replay"]
    assert ask("POST", "/{webhook_id}/tests", webhook_id=made).status == 200
    drain("deliveries")
    assert endpoint.documents()[-1]["type"] == "ping"


def test_what_is_deleted_is_sent_nothing_and_deleting_again_finds_nothing(endpoint: Endpoint):
    tell(configured())
    made = subscribe().body["id"]
    assert ask("DELETE", "/{webhook_id}", webhook_id=made).status == 204
    assert ask("DELETE", "/{webhook_id}", webhook_id=made).status == 404
    tell(published("prd_1", 1))
    planned("prd_1")
    drain("deliveries")
    drain("catchups")
    assert endpoint.posted == []


def test_the_sweep_sends_what_is_due_once(endpoint: Endpoint):
    tell(configured())
    made = subscribe().body["id"]
    store = handler.push_store()
    found = store.find("acc_1#sf_1", made)
    assert found is not None
    late = found.model_copy(update={"state": "lagging", "since": "2026-01-01T00:00:00.000Z", "next_at": "2026-01-01T00:00:00.000Z",
                                    "due_at": "2026-01-01T00:00:00.000Z"})  # fmt: skip
    assert store.replace(late)
    waiting("catchups")
    handler.sweep({}, None)
    handler.sweep({}, None)
    assert [job["purpose"] for job in drain("catchups")] == ["catchup"]
    assert ask("GET", "/{webhook_id}", webhook_id=made).body["state"] == "active"
