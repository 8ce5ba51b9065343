"""From orders to labels: once, in any order of events, with any failure between."""

import pytest
from pynamodb.connection.base import Connection

from functions.shipping.fulfilment.shipment_plan import NotYet
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipping_store import ShippingStore
from shared.optimistic_retry import AT_ONCE
from tests.unit.shipping.conftest import a_day
from tests.unit.shipping.events import ORDER, PICKUP, SUPPLIER, TARIFF, TENANT, accepted, cancelled, facts, line, paid

LABELED = [State.DRAFT, State.PURCHASING, State.LABELED]


def shipments(store: ShippingStore) -> list[Shipment]:
    plan = store.plan(TENANT, ORDER)
    assert plan is not None
    return store.shipments(plan)


def states(shipment: Shipment) -> list[State]:
    return [event.state for event in shipment.log]


@pytest.mark.parametrize("paid_first", [True, False])
def test_an_order_is_shipped_once_whichever_of_accepted_and_paid_is_heard_first_and_how_often(fulfilment, store, install, paid_first):
    event = accepted(install("table_rate", TARIFF), line(), line("off_2", "acc_s2"))
    for heard in [paid(event), event] * 2 if paid_first else [event, paid(event)] * 2:
        fulfilment.order_confirmed(heard)
    assert [(s.supplier_id, states(s), s.siblings) for s in shipments(store)] == [(SUPPLIER, LABELED, 2), ("acc_s2", LABELED, 2)]
    assert len(store.page(SUPPLIER, None, 10)[0]) == 1


def test_a_parcel_knows_what_a_customs_form_asks(fulfilment, store, install):
    fulfilment.order_confirmed(accepted(install("table_rate", TARIFF)))
    (content,) = shipments(store)[0].parcel.contents
    assert (content.quantity, content.weight, content.hs_code, content.origin) == (2, 800, "691110", "CN")


def test_a_delivery_that_failed_after_the_plan_is_completed_by_the_next(store, clock, fulfilment, install, services_of):
    class Failing(ShippingStore):
        def create(self, shipment: Shipment) -> Shipment:
            raise ConnectionError

    event = accepted(install("table_rate", TARIFF))
    failing = services_of(store=Failing("shipping-test", clock, AT_ONCE)).order_shipments(a_day)
    with pytest.raises(ConnectionError):
        failing.order_confirmed(event)
    assert shipments(store) == []
    fulfilment.order_confirmed(paid(event))
    assert shipments(store) == [], "another event's delivery leaves it to the one that made the plan"
    fulfilment.order_confirmed(event)
    assert [states(s) for s in shipments(store)] == [LABELED]


def test_an_order_whose_offers_are_not_known_yet_waits(fulfilment, install):
    with pytest.raises(NotYet, match="off_9"):
        fulfilment.order_confirmed(accepted(install("table_rate", TARIFF), line("off_9")))


def test_an_order_by_a_tariff_without_tiers_is_two_writes_and_no_sweep_looks_at_it(fulfilment, store, install, clock, monkeypatch):
    event = accepted(install("local_pickup", PICKUP), plugin="local_pickup", rate="pickup")
    seen: list[str] = []
    dispatch = Connection.dispatch
    monkeypatch.setattr(Connection, "dispatch", lambda self, operation, *more: seen.append(operation) or dispatch(self, operation, *more))
    fulfilment.order_confirmed(event)
    assert [operation for operation in seen if operation.startswith(("Put", "Update", "Transact"))] == ["PutItem", "PutItem"]
    clock.tick(days=100)
    assert list(store.due(clock(), 100)) == []


def test_a_parcel_of_goods_that_were_recalled_before_is_made_held(fulfilment, store, install):
    store.recall("off_1", 2, "lead in the glaze")
    fulfilment.order_confirmed(accepted(install("table_rate", TARIFF)))
    (found,) = shipments(store)
    assert (found.state, [hold.reason for hold in found.held]) == (State.LABELED, ["lead in the glaze"])


def test_only_a_parcel_that_is_collected_has_a_code(fulfilment, store, install):
    fulfilment.order_confirmed(accepted(install("local_pickup", PICKUP), plugin="local_pickup", rate="pickup"))
    (found,) = shipments(store)
    assert len(found.pickup_code) == 8
    assert found.pickup_code.isdigit()
    assert found.label is not None
    assert found.label.pickup_location is not None


def test_a_cancelled_order_is_voided_once(fulfilment, store, install):
    fulfilment.order_confirmed(accepted(install("table_rate", TARIFF)))
    fulfilment.order_cancelled(cancelled())
    fulfilment.order_cancelled(cancelled())
    assert [states(s) for s in shipments(store)] == [[*LABELED, State.VOIDED]]


def test_an_order_that_was_cancelled_before_it_was_heard_of_is_never_shipped(fulfilment, store, install):
    fulfilment.order_cancelled(cancelled())
    fulfilment.order_confirmed(accepted(install("table_rate", TARIFF)))
    plan = store.plan(TENANT, ORDER)
    assert plan is not None
    assert plan.shipments == ()


def test_facts_are_replaced_by_newer_ones_only_and_a_recall_that_overtook_its_offer_stays(store):
    store.keep_facts(facts(weight=700), 3)
    store.keep_facts(facts(weight=100), 2)
    store.recall("off_1", 2, "r")
    assert store.on_sale(["off_1"], TENANT, []).facts["off_1"].weight == 700
    store.recall("off_5", 2, "r")
    store.keep_facts(facts(offer_id="off_5"), 1)
    assert store.on_sale(["off_5"], TENANT, []).facts == {}
