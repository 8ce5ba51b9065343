"""catalog over HTTP and from its queue, on the real table definition."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.catalog import handler
from functions.catalog.bootstrap import Services, Settings
from functions.catalog.job_queue_client import JobQueue
from functions.catalog.offers.audited import after_approval
from functions.catalog.offers.offer import Recall
from functions.catalog.offers.offer_store import OfferStore
from functions.catalog.sanctions.sanction_rollout import AGAIN
from functions.catalog.sanctions.supplier_standing import SupplierStanding
from infra.templates import functions, template
from monsoon_plugin.money import Amount
from shared.api.service import Service
from shared.aws.packing import unpacked
from shared.bus import envelope, opened
from shared.ids import derived_id
from shared.messages import OfferPublished
from shared.optimistic_retry import AT_ONCE
from shared.trade.reference_data import Reference, load
from shared.variants.sale import Sale
from tests.conftest import aws
from tests.fakes import NOON, TICKETS, FakeClock, FakeObjects, call, caller, sqs
from tests.unit.catalog.offers.test_offer import PRODUCT as PRODUCT_SOLD
from tests.unit.catalog.offers.test_offer import approval, refusal

PRODUCT = "/v1/catalog/products/{product_id}"
SUPPLIER = "acc_00000000000000000000000001"


@pytest.fixture
def table(make_table: Callable[[str], str]) -> str:
    return make_table("catalog")


@pytest.fixture
def bucket() -> FakeObjects:
    """Where the operator's lists lie."""
    return FakeObjects()


@pytest.fixture
def catalog(table: str, bucket: FakeObjects) -> Services:
    """The service's parts, on a table of their own."""
    return Services(Settings(table), tickets=TICKETS, reference=Reference(bucket), retry=AT_ONCE, send_job=lambda job, delay: None)


@pytest.fixture
def app(catalog: Services) -> Service:
    return Service("catalog", lambda: catalog, handler.ROUTES)


def publish(catalog: Services, *messages: Any) -> None:
    worker = replace(handler.worker, services=lambda: catalog)
    assert worker(sqs(*(envelope(message, NOON) for message in messages)), None) == {"batchItemFailures": []}


def raw(name: str) -> dict[str, Any]:
    items = aws("dynamodb").scan(TableName=name)["Items"]
    assert len(items) == 1
    return items[0]


def test_an_approved_product_is_one_item_that_holds_its_event(table: str, catalog: Services) -> None:
    publish(catalog, approval())
    item = raw(table)
    event = json.loads(unpacked(item["event"]))
    assert item["pk"]["S"] == "acc_1"
    assert (event["type"], event["data"]["offer_id"]) == ("monsoon.offer.published.v1", derived_id("off", "prd_1"))


def test_events_that_come_twice_or_late_change_nothing(table: str, catalog: Services, app: Service) -> None:
    publish(catalog, approval(2), approval(1), approval(2), refusal(3, "price-too-low"))
    assert raw(table)["version"]["N"] == "1"
    assert call(app, "GET", PRODUCT, path={"product_id": "prd_1"}, by=caller()).body["submission"] == 2


def test_one_call_reads_each_suppliers_standing_once_and_the_next_call_anew(table: str, bucket: FakeObjects) -> None:
    asked: list[str] = []

    class Standings:
        def standing(self, supplier_id: str) -> SupplierStanding:
            asked.append(supplier_id)
            return SupplierStanding(supplier_id, "suspended", "fakes") if len(asked) > 2 else SupplierStanding(supplier_id)

    parts = {"tickets": TICKETS, "reference": Reference(bucket), "retry": AT_ONCE, "send_job": lambda job, delay: None}
    catalog = Services(Settings(table), standing_store=Standings(), **parts)
    of_two = [("prd_1", "acc_1"), ("prd_2", "acc_1"), ("prd_3", "acc_2"), ("prd_4", "acc_1")]
    publish(catalog, *(approval().model_copy(update={"product_id": product, "supplier_id": who}) for product, who in of_two))
    assert asked == ["acc_1", "acc_2"]
    publish(catalog, approval().model_copy(update={"product_id": "prd_5"}))
    assert asked == ["acc_1", "acc_2", "acc_1"]
    held = OfferStore(table).get("acc_1", "prd_5")
    assert held is not None
    assert held.recall == Recall("sanction", "fakes")


def test_a_call_is_over_before_a_sanction_goes_through_the_offers_again() -> None:
    seconds = functions()["CatalogWorker"].get("Timeout", template()["Globals"]["Function"]["Timeout"])
    assert seconds < AGAIN, "an approval may stand on what was read at the call's beginning"


def test_a_recall_leaves_with_its_event_and_a_new_version_of_a_recalled_product_with_no_other(
    table: str, catalog: Services, app: Service
) -> None:
    publish(catalog, approval())
    answer = call(app, "POST", PRODUCT + "/recall", path={"product_id": "prd_1"}, body={"reason": "cracks"},
                  headers={"idempotency-key": "r1"}, by=caller())  # fmt: skip
    assert (answer.status, answer.body["state"], answer.body["recall"]) == (200, "recalled", {"by": "supplier", "reason": "cracks"})
    assert json.loads(unpacked(raw(table)["event"]))["type"] == "monsoon.offer.recalled.v1"
    publish(catalog, approval(2))
    assert json.loads(unpacked(raw(table)["event"]))["type"] == "monsoon.offer.recalled.v1", "what was told last can be told again"
    again = call(app, "POST", PRODUCT + "/recall", path={"product_id": "prd_1"}, body={"reason": "cracks"},
                 headers={"idempotency-key": "r2"}, by=caller())  # fmt: skip
    assert (again.status, again.body["type"]) == (409, "urn:monsoon:problem:not-on-sale")
    back = call(app, "POST", PRODUCT + "/reinstatement", path={"product_id": "prd_1"}, body={},
                headers={"idempotency-key": "b1"}, by=caller())  # fmt: skip
    assert (back.status, back.body["state"]) == (200, "on_sale")
    assert json.loads(unpacked(raw(table)["event"]))["data"]["product"]["stock"] == 2


def test_an_operator_names_the_supplier_and_nobody_else_may(table: str, catalog: Services, app: Service) -> None:
    publish(catalog, approval())
    operator, other = caller("acc_9", "operator"), caller("acc_2", "supplier")
    path = {"product_id": "prd_1"}
    assert call(app, "GET", PRODUCT, path=path, query={"supplier": "acc_1"}, by=operator).status == 200
    assert call(app, "GET", PRODUCT, path=path, query={"supplier": "acc_1"}, by=other).status == 404
    assert call(app, "GET", PRODUCT, path=path, by=other).status == 404
    recall = {"reason": "unsafe", "supplier_id": "acc_1"}
    key = {"idempotency-key": "o1"}
    assert call(app, "POST", PRODUCT + "/recall", path=path, body=recall, headers=key, by=other).status == 404
    assert call(app, "POST", PRODUCT + "/recall", path=path, body=recall, headers=key, by=operator).status == 200
    refused = call(app, "POST", PRODUCT + "/reinstatement", path=path, body={}, headers=key, by=caller())
    assert (refused.status, refused.body["type"]) == (403, "urn:monsoon:problem:not-your-recall")


def test_a_supplier_pages_through_its_own_products_only(catalog: Services, app: Service) -> None:
    publish(catalog, *(approval().model_copy(update={"product_id": f"prd_{n}"}) for n in range(5)))
    publish(catalog, approval().model_copy(update={"product_id": "prd_x", "supplier_id": "acc_2"}))
    seen: list[str] = []
    query: dict[str, str] = {"limit": "2"}
    for _ in range(3):
        answer = call(app, "GET", "/v1/catalog/products", query=query, by=caller())
        seen += [item["product_id"] for item in answer.body["items"]]
        query["cursor"] = answer.body.get("next", "")
    assert seen == [f"prd_{n}" for n in range(5)]
    assert "next" not in answer.body


def test_a_cursor_of_another_supplier_is_refused(catalog: Services, app: Service) -> None:
    publish(catalog, *(approval().model_copy(update={"product_id": f"prd_{n}"}) for n in range(2)))
    first = call(app, "GET", "/v1/catalog/products", query={"limit": "1"}, by=caller())
    stolen = call(app, "GET", "/v1/catalog/products", query={"cursor": first.body["next"]}, by=caller("acc_2"))
    assert stolen.status == 400
    assert stolen.body["errors"][0]["pointer"] == "query/cursor"


def test_the_taxonomy_is_read_from_what_the_operator_loaded(app: Service, bucket: FakeObjects) -> None:
    load(bucket, "taxonomy/en", "1", [["hg", "Home & Garden"], ["hg-3", "Home & Garden > Decor"]])
    answer = call(app, "GET", "/v1/taxonomy", query={"parent": "hg", "language": "zh"}, by=caller())
    assert (answer.status, answer.body["language"], [c["id"] for c in answer.body["items"]]) == (200, "en", ["hg-3"])
    assert "max-age" in answer.headers["Cache-Control"]
    assert call(app, "GET", "/v1/taxonomy/{category_id}", path={"category_id": "xx"}, by=caller()).status == 404
    assert call(app, "GET", "/v1/taxonomy", query={"parent": "../x"}, by=caller()).status == 422


def test_a_suspension_is_one_write_with_its_event_and_only_operators_decide(table: str, app: Service) -> None:
    path, at = "/v1/suppliers/{supplier_id}/suspension", {"supplier_id": SUPPLIER}
    assert call(app, "POST", path, path=at, body={"reason": "copies"}, by=caller()).status == 403
    for _ in range(2):
        answer = call(app, "POST", path, path=at, body={"reason": "copies"}, by=caller("acc_9", "operator"))
        assert (answer.status, answer.body["state"], answer.body["version"]) == (200, "suspended", 1)
    assert json.loads(unpacked(raw(table)["event"]))["type"] == "monsoon.supplier.suspended.v1"
    own = call(app, "GET", "/v1/suppliers/{supplier_id}/standing", path=at, by=caller(SUPPLIER))
    assert own.body["reason"] == "copies"
    assert call(app, "GET", "/v1/suppliers/{supplier_id}/standing", path=at, by=caller("acc_2")).status == 404
    strange = call(app, "POST", path, path={"supplier_id": "acc#1"}, body={"reason": "x"}, by=caller("acc_9", "operator"))
    assert strange.status == 404


def test_what_was_never_on_sale_is_first_published_when_its_supplier_is_reinstated_and_older_items_when_they_changed(
    table: str, catalog: Services
) -> None:
    catalog.suspensions.suspend("acc_1", "copies")
    publish(catalog, approval())
    held = catalog.offer_store.get("acc_1", "prd_1")
    assert held
    assert held.first_published_at == ""
    catalog.offers.apply_sanction(held, catalog.suspensions.reinstate("acc_1"))
    back = catalog.offer_store.get("acc_1", "prd_1")
    assert back
    assert back.first_published_at == back.changed_at
    key = {"pk": {"S": "acc_1"}, "sk": {"S": "product#prd_1"}}
    aws("dynamodb").update_item(TableName=table, Key=key, UpdateExpression="REMOVE first_published_at")
    assert catalog.offer_store.get("acc_1", "prd_1") == back


def test_a_sanction_goes_through_the_queue(table: str) -> None:
    queue = aws("sqs")
    url = queue.create_queue(QueueName="sanctions")["QueueUrl"]
    catalog = Services(Settings(table), tickets=TICKETS, send_job=JobQueue(url).send)
    publish(catalog, approval())
    publish(catalog, catalog.suspensions.suspend("acc_1", "copies").event)
    (job,) = queue.receive_message(QueueUrl=url)["Messages"]
    sanctions = replace(handler.sanctions, services=lambda: catalog)
    assert sanctions(sqs(job["Body"]), None) == {"batchItemFailures": []}
    app = Service("catalog", lambda: catalog, handler.ROUTES)
    answer = call(app, "GET", PRODUCT, path={"product_id": "prd_1"}, by=caller())
    assert answer.body["recall"] == {"by": "sanction", "reason": "copies"}


def test_a_taxonomy_that_has_not_changed_is_not_sent_again(app: Service, bucket: FakeObjects) -> None:
    load(bucket, "taxonomy/en", "1", [["hg", "Home & Garden"]])
    first = call(app, "GET", "/v1/taxonomy", by=caller())
    again = call(app, "GET", "/v1/taxonomy", by=caller(), headers={"if-none-match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, None)


def test_a_product_is_kept_once_and_what_was_kept_in_full_before_is_read_as_it_was(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store, new = OfferStore(table), after_approval(None, approval(), NOON)
    assert new is not None
    monkeypatch.setenv("STORED_TEXTS", "plain")
    store.save(new, None, NOON)
    assert json.loads(raw(table)["product"]["S"])["sku"] == new.offer.product.sku
    monkeypatch.delenv("STORED_TEXTS")
    held = store.get("acc_1", "prd_1")
    assert held == new.offer
    newer = after_approval(held, approval(2), NOON)
    assert newer is not None
    assert store.save(newer, held, NOON)
    assert "product" not in raw(table)
    assert store.get("acc_1", "prd_1") == newer.offer


def test_a_count_is_kept_beside_the_event_that_was_told_last(table: str) -> None:
    store, new = OfferStore(table), after_approval(None, approval(), NOON)
    assert new is not None
    store.save(new, None, NOON)
    told, held = raw(table)["event"], store.get("acc_1", "prd_1")
    assert held is not None
    product = held.product.model_copy(update={"stock": held.product.stock + 7})
    counted = after_approval(held, approval(2).model_copy(update={"product": product}), NOON)
    assert counted is not None
    assert store.save(counted, held, NOON)
    assert raw(table)["event"] == told
    again = store.get("acc_1", "prd_1")
    assert again is not None
    assert (again.product.stock, again.version) == (product.stock, 2)


def test_a_sale_is_told_by_the_schedule_that_looks_for_it_by_its_moment(table: str, catalog: Services) -> None:
    clock = FakeClock()
    catalog.clock = clock
    sold = PRODUCT_SOLD.model_copy(update={"sale": Sale(price=Amount(amount=700, currency="GBP"), starts_at=NOON + timedelta(minutes=1))})
    publish(catalog, approval().model_copy(update={"product": sold}))
    sweep = replace(handler.sweep, services=lambda: catalog)
    assert sweep({}, None) == {"looked_at": 0}
    clock.tick(minutes=1)
    assert sweep({}, None) == {"looked_at": 1}
    assert sweep({}, None) == {"looked_at": 0}
    event = opened(unpacked(raw(table)["event"]))
    assert isinstance(event, OfferPublished)
    assert (event.version, event.offers()[0].product.price.amount, event.lowest) == (2, 700, [900])
