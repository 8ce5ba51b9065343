"""Reports on shipments: idempotent, counted with the order's others, told to the bus in the same write."""

import json
from secrets import token_bytes
from typing import Any

import pytest

from functions.shipping.fulfilment.order_shipments import Fulfilment
from functions.shipping.shipment import State
from functions.shipping.shipping_store import ShipmentItem
from functions.shipping.tracking.shipment_reports import Tracking
from functions.shipping.tracking.shipment_views import Reported, ShipmentsQuery
from shared.api.idempotency import Idempotency, KeyReused
from shared.errors import Conflict, Forbidden, Invalid, Malformed, NotFound
from tests.fakes import TICKETS, caller
from tests.unit.shipping.events import ORDER, OWNER, PICKUP, STOREFRONT, SUPPLIER, TARIFF, TENANT, accepted, facts, key, line

OWNER_CALLER = caller(OWNER, "storefront")


@pytest.fixture
def tracking(store: Any, clock: Any) -> Tracking:
    return Tracking(store, TICKETS, clock)


@pytest.fixture
def ship(store: Any, couriers: Any, clock: Any, install: Any, buying_of: Any) -> Any:
    """Ship an order's lines; answers the shipments' ids by supplier."""

    def ship(*lines: Any, plugin: str = "table_rate", order: str = ORDER) -> dict[str, str]:
        for found in lines or [line()]:
            store.keep_facts(facts(offer_id=found.offer_id, supplier=found.supplier_id), 1)
        config, rate = (TARIFF, "standard") if plugin == "table_rate" else (PICKUP, "pickup")
        event = accepted(install(plugin, config), *lines, plugin=plugin, rate=rate, order_id=order)
        Fulfilment(store, couriers, buying_of(), clock, token_bytes).order_confirmed(event)
        return {planned.supplier_id: planned.shipment_id for planned in store.plan(TENANT, order).shipments}

    return ship


def say(state: str, **more: Any) -> Reported:
    return Reported.model_validate_json(json.dumps({"state": state, **more}))


def news(supplier: str, shipment_id: str) -> dict[str, Any] | None:
    event = ShipmentItem.get(f"{supplier}#shipments", shipment_id).event
    return json.loads(event) if event else None


def test_a_dispatch_is_told_with_its_tracking_number_and_a_later_step_without_news_clears_it(tracking, ship):
    mine = ship()[SUPPLIER]
    found = tracking.report(SUPPLIER, mine, say("dispatched", tracking_number="RR1"), key("1"))
    assert (found.state, found.version) == (State.IN_TRANSIT, 4)
    told = news(SUPPLIER, mine)
    assert told is not None
    assert told["type"] == "monsoon.shipment.dispatched.v1"
    assert (told["data"]["tracking_number"], told["data"]["remaining"], told["data"]["version"]) == ("RR1", 0, 4)
    tracking.report(SUPPLIER, mine, say("out_for_delivery"), key("2"))
    assert news(SUPPLIER, mine) is None


def test_remaining_counts_down_over_the_orders_shipments(tracking, ship):
    ids = ship(line(), line("off_2", "acc_s2"), line("off_3", "acc_s3"))
    seen = []
    for state in ("dispatched", "delivered"):
        for supplier, mine in ids.items():
            tracking.report(supplier, mine, say(state), key(state, supplier))
            told = news(supplier, mine)
            seen.append((told["type"].split(".")[2], told["data"]["remaining"]))
    assert seen == [("dispatched", 2), ("dispatched", 1), ("dispatched", 0), ("delivered", 2), ("delivered", 1), ("delivered", 0)]


def test_two_reports_that_race_each_count_once(tracking, store, ship, clock):
    ids = ship(line(), line("off_2", "acc_s2"))

    class Raced(type(store)):
        raced = False

        def plan(self, tenant: str, order_id: str) -> Any:
            found = super().plan(tenant, order_id)
            if not self.raced:
                self.raced = True
                tracking.report("acc_s2", ids["acc_s2"], say("dispatched"), key("other"))
            return found

    Tracking(Raced("shipping-test", clock), TICKETS, clock).report(SUPPLIER, ids[SUPPLIER], say("dispatched"), key("mine"))
    assert {news(supplier, mine)["data"]["remaining"] for supplier, mine in ids.items()} == {0, 1}


def test_a_replayed_report_changes_nothing_even_after_later_ones_and_another_request_with_its_key_is_refused(tracking, ship):
    mine = ship()[SUPPLIER]
    tracking.report(SUPPLIER, mine, say("dispatched"), key("1"))
    delivered = tracking.report(SUPPLIER, mine, say("delivered"), key("2"))
    assert tracking.report(SUPPLIER, mine, say("dispatched"), key("1")) == delivered
    with pytest.raises(KeyReused):
        tracking.report(SUPPLIER, mine, say("delivered"), Idempotency("1", "test", "another"))


def test_the_same_state_again_is_no_news_but_may_bring_the_tracking_number(tracking, ship):
    mine = ship()[SUPPLIER]
    first = tracking.report(SUPPLIER, mine, say("dispatched"), key("1"))
    assert tracking.report(SUPPLIER, mine, say("dispatched"), key("2")) == first
    late = tracking.report(SUPPLIER, mine, say("dispatched", tracking_number="RR1"), key("3"))
    assert late.label.tracking_number == "RR1"
    assert news(SUPPLIER, mine) is None


def test_what_may_not_follow_or_lies_in_the_future_is_refused(tracking, ship):
    mine = ship()[SUPPLIER]
    with pytest.raises(Conflict, match="dispatched"):
        tracking.report(SUPPLIER, mine, say("delivered"), key("1"))
    with pytest.raises(Invalid):
        tracking.report(SUPPLIER, mine, say("dispatched", occurred_at="2027-01-01T00:00:00Z"), key("1"))


def test_a_shipment_of_another_supplier_is_not_found(tracking, ship):
    mine = ship()[SUPPLIER]
    with pytest.raises(NotFound):
        tracking.report("acc_other", mine, say("dispatched"), key("1"))


def test_the_storefront_hands_over_at_its_place_for_the_code_alone(tracking, ship, store):
    mine = ship(plugin="local_pickup")[SUPPLIER]
    code = store.shipment(SUPPLIER, mine).pickup_code

    def hand_over(body: Reported, idempotency: Idempotency) -> Any:
        return tracking.hand_over(OWNER_CALLER, STOREFRONT, ORDER, mine, body=body, idempotency=idempotency)

    hand_over(say("ready_for_pickup"), key("1"))
    with pytest.raises(Invalid):
        hand_over(say("delivered", pickup_code="00000000"), key("2"))
    assert hand_over(say("delivered", pickup_code=code), key("3")).state is State.DELIVERED
    assert news(SUPPLIER, mine)["type"] == "monsoon.shipment.delivered.v1"


def test_a_storefront_does_not_report_on_parcels_that_its_suppliers_send(tracking, ship):
    mine = ship()[SUPPLIER]
    with pytest.raises(Forbidden):
        tracking.hand_over(OWNER_CALLER, STOREFRONT, ORDER, mine, body=say("dispatched"), idempotency=key("1"))
    with pytest.raises(NotFound):
        tracking.hand_over(OWNER_CALLER, STOREFRONT, ORDER, "shp_none", body=say("dispatched"), idempotency=key("1"))


def test_the_code_is_shown_to_the_client_site_alone(tracking, ship, store):
    mine = ship(plugin="local_pickup")[SUPPLIER]
    site = caller(OWNER, "client_site", storefront_id=STOREFRONT)
    assert tracking.of_order(site, STOREFRONT, ORDER).items[0].pickup_code == store.shipment(SUPPLIER, mine).pickup_code
    assert tracking.of_order(OWNER_CALLER, STOREFRONT, ORDER).items[0].pickup_code is None
    with pytest.raises(NotFound):
        tracking.of_order(caller("acc_other", "storefront"), STOREFRONT, ORDER)


def test_a_suppliers_list_is_newest_first_paged_and_its_own(tracking, ship, clock):
    for order in ("ord_1", "ord_2", "ord_3"):
        ship(order=order)
        clock.tick(seconds=1)
    first = tracking.page(SUPPLIER, ShipmentsQuery(limit=2))
    assert [item.order_id for item in first.items] == ["ord_3", "ord_2"]
    assert [item.order_id for item in tracking.page(SUPPLIER, ShipmentsQuery(limit=2, cursor=first.next)).items] == ["ord_1"]
    assert tracking.page(SUPPLIER, ShipmentsQuery(state=State.DELIVERED)).items == []
    assert tracking.page("acc_other", ShipmentsQuery()).items == []
    with pytest.raises(Malformed):
        tracking.page("acc_other", ShipmentsQuery(cursor=first.next))
