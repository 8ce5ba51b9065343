"""What the queue, the clock and the stream bring."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.orders.bootstrap import Services
from functions.orders.inventory.availability import Announced
from tests.conftest import aws
from tests.unit.orders.deployed import ALL_HEARD, Deployed, wanted
from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, capture


def record(offer_id: str, before: int, after: int) -> dict[str, Any]:
    item = aws("dynamodb").get_item(TableName="orders-test", Key={"pk": {"S": offer_id}, "sk": {"S": "offer"}})["Item"]
    images = [item | {"quantity": {"N": str(units)}} for units in (before, after)]
    return {"dynamodb": {"Keys": {"pk": {"S": offer_id}, "sk": {"S": "offer"}}, "OldImage": images[0], "NewImage": images[1]}}


def test_the_sweep_expires_what_is_past_its_deadline(hub: Deployed) -> None:
    order_id = hub.place(wanted()).body["id"]
    assert hub.sweep({}, None) == {"swept": 0, "later": 0}
    late = Services(clock=lambda: datetime(2100, 1, 1, tzinfo=UTC), stores=hub.stores)
    assert replace(hub.sweep, services=lambda: late)({}, None) == {"swept": 1, "later": 0}
    assert hub.at(order_id).body["state"] == "cancelled"
    assert "payment_ticket" not in hub.at(order_id).body


def test_news_of_an_order_that_is_not_here_comes_again_alone(hub: Deployed) -> None:
    order = hub.services.orders.order(ACCOUNT, STOREFRONT, hub.place(wanted()).body["id"])
    lost = order.model_copy(update={"id": "ord_lost"})
    answer = hub.hear(capture(lost), capture(order))
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}
    assert hub.at(order.id).body["state"] == "paid"


def test_a_record_that_cannot_be_read_does_not_keep_the_others_from_being_told(hub: Deployed) -> None:
    hub.place(wanted(10))
    broken = {"dynamodb": {"Keys": {"pk": {"S": "off_x"}}, "OldImage": {"version": {"S": "x"}}, "NewImage": {}}}
    removed = {"dynamodb": {"Keys": {"pk": {"S": "off_y"}}, "OldImage": record(MUG, 1, 0)["dynamodb"]["OldImage"]}}
    answer = hub.stock({"Records": [broken, removed, record(MUG, 10, 0)]}, None)
    assert (answer, hub.stores.announcements.last_announced(MUG)) == (ALL_HEARD, Announced(1, False))


def test_what_fails_otherwise_is_raised_so_that_the_stream_gives_it_again(hub: Deployed) -> None:
    class Throttled:
        def stock_item(self, offer_id: str) -> None:
            raise RuntimeError("throttled")

    broken = Services(stores=replace(hub.stores, stock=Throttled()))
    with pytest.raises(RuntimeError):
        replace(hub.stock, services=lambda: broken)({"Records": [record(MUG, 10, 0)]}, None)
