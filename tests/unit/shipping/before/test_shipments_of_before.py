"""Parcels as the release before packed texts stored them, one in each state: read as they were; what has not left is given back.

`2026-11-30.json` holds the table's items, and of each order what that release showed its suppliers, and by which keys labels were bought.
"""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest

from functions.shipping.bootstrap import Services
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_views import ShipmentView
from tests.before import with_fields_of
from tests.unit.shipping.conftest import a_day
from tests.unit.shipping.events import TARIFF, TENANT, question
from tests.unit.shipping.fake_courier import CONFIG, FakeCourier

KEPT = json.loads(Path(__file__).with_name("2026-11-30.json").read_text(encoding="utf-8"))
LEFT = ("dispatched", "delivered", "coming back")
UNKNOWN = "of which nobody knows whether its label was bought"


@pytest.fixture
def before(store: Any, services: Services, install: Any) -> Services:
    """The table as that release left it, with its couriers."""
    client, items = boto3.client("dynamodb"), json.dumps(KEPT["items"])
    for then, now in zip(KEPT["installations"], (install("remote", CONFIG), install("table_rate", TARIFF)), strict=True):
        items = items.replace(then, now)
    for item in json.loads(items):
        client.put_item(TableName="shipping-test", Item=item)
    return services


def parcels(store: Any, name: str) -> list[Shipment]:
    return list(store.shipments(store.plan(TENANT, KEPT["orders"][name]["order_id"])))


@pytest.mark.parametrize("name", KEPT["orders"])
def test_each_is_shown_as_it_was_whatever_came_beside(before: Services, store: Any, name: str) -> None:
    shown = [json.loads(ShipmentView.of(shipment).model_dump_json()) for shipment in parcels(store, name)]
    assert with_fields_of(KEPT["orders"][name]["shipments"], shown) == KEPT["orders"][name]["shipments"]


@pytest.mark.parametrize("name", [name for name in KEPT["orders"] if name != UNKNOWN])
def test_all_that_has_not_left_is_given_back_with_its_label_and_nothing_that_has(
    before: Services, store: Any, remote: FakeCourier, name: str
) -> None:
    order = KEPT["orders"][name]
    units = {content["offer_id"]: content["quantity"] for parcel in order["shipments"] for content in parcel["parcel"]["contents"]}
    before.unit_withdrawals(a_day).answer(question(units, "wdr_all").model_copy(update={"order_id": order["order_id"]}))
    before.sweep(a_day).run(store.due(before.clock(), 100))
    states = {shipment.state for shipment in parcels(store, name)}
    assert (states == {"voided"}) is (name not in LEFT)
    bought = [key for key, parcel in zip(order["keys"], order["shipments"], strict=True) if parcel["documents"]]
    assert set(remote.voided) == (set() if name in (*LEFT, "given up") else set(bought))
