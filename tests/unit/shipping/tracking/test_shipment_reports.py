"""Reports on shipments: idempotent, counted with the order's others, told to the bus in the same write."""

import json
from typing import Any

import pytest

from functions.shipping.bootstrap import Services
from functions.shipping.handler import ROUTES
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import Reported
from functions.shipping.shipping_store import ShipmentItem
from functions.shipping.tracking.shipment_reports import ShipmentReport, ShipmentReports
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency, KeyReused
from shared.api.service import Service
from shared.errors import Conflict, Forbidden, Invalid, Malformed, NotFound
from shared.optimistic_retry import AT_ONCE
from tests.fakes import call, caller
from tests.unit.shipping.conftest import a_day
from tests.unit.shipping.events import ORDER, OWNER, PICKUP, STOREFRONT, SUPPLIER, TARIFF, TENANT, accepted, facts, key, line


@pytest.fixture
def tracking(services: Services) -> ShipmentReports:
    return services.reports


@pytest.fixture
def ship(store: Any, services: Services, install: Any) -> Any:
    """Ship an order's lines; answers the shipments' ids by supplier."""

    def ship(*lines: Any, plugin: str = "table_rate", order: str = ORDER) -> dict[str, str]:
        for found in lines or [line()]:
            store.keep_facts(facts(offer_id=found.offer_id, supplier=found.supplier_id), 1)
        config, rate = (TARIFF, "standard") if plugin == "table_rate" else (PICKUP, "pickup")
        event = accepted(install(plugin, config), *lines, plugin=plugin, rate=rate, order_id=order)
        services.order_shipments(a_day).order_confirmed(event)
        return {planned.supplier_id: planned.shipment_id for planned in store.plan(TENANT, order).shipments}

    return ship


def say(state: str, **more: Any) -> ShipmentReport:
    return Reported.model_validate_json(json.dumps({"state": state, **more})).report()


def news(supplier: str, shipment_id: str) -> dict[str, Any] | None:
    event = ShipmentItem.get(f"{supplier}#shipments", shipment_id).event
    return json.loads(event) if event else None


def test_a_dispatch_is_told_with_its_tracking_number_and_a_later_step_without_news_clears_it(tracking, ship):
    mine = ship()[SUPPLIER]
    found = tracking.record(SUPPLIER, mine, say("dispatched", tracking_number="RR1"), key("1"))
    assert (found.state, found.version) == (State.IN_TRANSIT, 4)
    told = news(SUPPLIER, mine)
    assert told is not None
    assert told["type"] == "monsoon.shipment.dispatched.v1"
    assert (told["data"]["tracking_number"], told["data"]["remaining"], told["data"]["version"]) == ("RR1", 0, 4)
    tracking.record(SUPPLIER, mine, say("out_for_delivery"), key("2"))
    assert news(SUPPLIER, mine) is None


def test_remaining_counts_down_over_the_orders_shipments(tracking, ship):
    ids = ship(line(), line("off_2", "acc_s2"), line("off_3", "acc_s3"))
    seen = []
    for state in ("dispatched", "delivered"):
        for supplier, mine in ids.items():
            tracking.record(supplier, mine, say(state), key(state, supplier))
            told = news(supplier, mine)
            seen.append((told["type"].split(".")[2], told["data"]["remaining"]))
    assert seen == [("dispatched", 2), ("dispatched", 1), ("dispatched", 0), ("delivered", 2), ("delivered", 1), ("delivered", 0)]


def test_two_reports_that_race_each_count_once(tracking, store, ship, *, clock, services_of):
    ids = ship(line(), line("off_2", "acc_s2"))

    class Raced(type(store)):
        raced = False

        def plan(self, tenant: str, order_id: str) -> Any:
            found = super().plan(tenant, order_id)
            if not self.raced:
                self.raced = True
                tracking.record("acc_s2", ids["acc_s2"], say("dispatched"), key("other"))
            return found

    services_of(store=Raced("shipping-test", clock, AT_ONCE)).reports.record(SUPPLIER, ids[SUPPLIER], say("dispatched"), key("mine"))
    assert {news(supplier, mine)["data"]["remaining"] for supplier, mine in ids.items()} == {0, 1}


def test_a_replayed_report_changes_nothing_even_after_later_ones_and_another_request_with_its_key_is_refused(tracking, ship):
    mine = ship()[SUPPLIER]
    tracking.record(SUPPLIER, mine, say("dispatched"), key("1"))
    delivered = tracking.record(SUPPLIER, mine, say("delivered"), key("2"))
    assert tracking.record(SUPPLIER, mine, say("dispatched"), key("1")) == delivered
    with pytest.raises(KeyReused):
        tracking.record(SUPPLIER, mine, say("delivered"), Idempotency("1", "test", "another"))


def test_the_same_state_again_is_no_news_but_may_bring_the_tracking_number(tracking, ship):
    mine = ship()[SUPPLIER]
    first = tracking.record(SUPPLIER, mine, say("dispatched"), key("1"))
    assert tracking.record(SUPPLIER, mine, say("dispatched"), key("2")) == first
    late = tracking.record(SUPPLIER, mine, say("dispatched", tracking_number="RR1"), key("3"))
    assert late.label.tracking_number == "RR1"
    assert news(SUPPLIER, mine) is None


def test_what_may_not_follow_or_lies_in_the_future_is_refused(tracking, ship):
    mine = ship()[SUPPLIER]
    with pytest.raises(Conflict, match="dispatched"):
        tracking.record(SUPPLIER, mine, say("delivered"), key("1"))
    with pytest.raises(Invalid):
        tracking.record(SUPPLIER, mine, say("dispatched", occurred_at="2027-01-01T00:00:00Z"), key("1"))


def test_a_shipment_of_another_supplier_is_not_found(tracking, ship):
    mine = ship()[SUPPLIER]
    with pytest.raises(NotFound):
        tracking.record("acc_other", mine, say("dispatched"), key("1"))


def test_the_storefront_hands_over_at_its_place_for_the_code_alone(tracking, ship, store, services):
    mine = ship(plugin="local_pickup")[SUPPLIER]
    code = store.shipment(SUPPLIER, mine).pickup_code

    def hand_over(report: ShipmentReport, idempotency: Idempotency) -> Any:
        return tracking.record_pickup(services.shipments.of_storefront(TENANT, ORDER, mine), report, idempotency)

    hand_over(say("ready_for_pickup"), key("1"))
    with pytest.raises(Invalid):
        hand_over(say("delivered", pickup_code="00000000"), key("2"))
    assert hand_over(say("delivered", pickup_code=code), key("3")).state is State.DELIVERED
    assert news(SUPPLIER, mine)["type"] == "monsoon.shipment.delivered.v1"


def test_a_storefront_does_not_report_on_parcels_that_its_suppliers_send(tracking, ship, services):
    mine = ship()[SUPPLIER]
    with pytest.raises(Forbidden):
        tracking.record_pickup(services.shipments.of_storefront(TENANT, ORDER, mine), say("dispatched"), key("1"))
    with pytest.raises(NotFound):
        services.shipments.of_storefront(TENANT, ORDER, "shp_none")


def test_the_code_is_shown_to_the_client_site_alone(services, ship, store):
    mine = ship(plugin="local_pickup")[SUPPLIER]
    app = Service("shipping", lambda: services, ROUTES)

    def track(by: Caller) -> Any:
        path = {"storefront_id": STOREFRONT, "order_id": ORDER}
        return call(app, "GET", "/v1/storefronts/{storefront_id}/orders/{order_id}/shipments", path=path, by=by)

    site = caller(OWNER, "client_site", storefront_id=STOREFRONT)
    assert track(site).body["items"][0]["pickup_code"] == store.shipment(SUPPLIER, mine).pickup_code
    assert "pickup_code" not in track(caller(OWNER, "storefront")).body["items"][0]
    assert track(caller("acc_other", "storefront")).status == 404


def test_a_suppliers_list_is_newest_first_paged_and_its_own(services, ship, clock):
    for order in ("ord_1", "ord_2", "ord_3"):
        ship(order=order)
        clock.tick(seconds=1)
    found, after = services.shipments.page(SUPPLIER, None, 2)
    assert [shipment.order_id for shipment in found] == ["ord_3", "ord_2"]
    assert [shipment.order_id for shipment in services.shipments.page(SUPPLIER, after, 2)[0]] == ["ord_1"]
    assert services.shipments.page("acc_other", None, 24) == ([], None)
    with pytest.raises(Malformed):
        services.shipments.page("acc_other", after, 24)
    listed = call(
        Service("shipping", lambda: services, ROUTES), "GET", "/v1/shipments", query={"state": "delivered"}, by=caller(SUPPLIER, "supplier")
    )
    assert listed.body["items"] == []
