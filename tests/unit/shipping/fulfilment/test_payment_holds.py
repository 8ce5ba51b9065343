"""An order whose payment is gone: its parcels stay until it is paid anew, in whatever order the news come."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from functions.shipping.consumers import confirm
from functions.shipping.fulfilment.shipment_plan import NotYet
from functions.shipping.installed_couriers import NoTimeLeft
from functions.shipping.shipments.shipment import PaymentLost, Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView
from functions.shipping.tracking.shipment_reports import ShipmentReport
from shared.order_messages import OrderPaymentLost
from tests.unit.shipping.conftest import a_day, parcels, the_shipment
from tests.unit.shipping.events import HEAD, OTHER, SUPPLIER, TARIFF, accepted, facts, key, line, paid, question
from tests.unit.shipping.fake_courier import CONFIG


def lost(version: int = 5) -> OrderPaymentLost:
    return OrderPaymentLost(**{**HEAD, "version": version}, why="capture_reversed", payment_id="pay_1", payment_plugin="stripe", amount=10)


@pytest.fixture
def services(services: Any, store: Any) -> Any:
    store.keep_facts(facts(), 1)
    return services


def dispatch(services: Any, shipment: Shipment) -> Shipment:
    return services.reports.record(SUPPLIER, shipment.id, ShipmentReport("dispatched", "T1"), key("k"))


def test_what_is_not_sent_is_held_and_free_again_when_the_order_is_paid_anew(services: Any, store: Any, install: Any) -> None:
    event = accepted(install("table_rate", TARIFF))
    confirm(services, a_day, event)
    for _ in range(2):
        services.payment_holds.payment_lost(lost())
    held = the_shipment(store)
    assert (ShipmentView.of(held).payment_lost, "dispatched" in ShipmentView.of(held).next) == (True, False)
    with pytest.raises(PaymentLost):
        dispatch(services, held)
    confirm(services, a_day, paid(event).model_copy(update={"version": 6, "again": True}))
    assert dispatch(services, the_shipment(store)).scanned


@pytest.mark.parametrize("order", [*permutations([0, 1])])
def test_the_newest_news_of_the_payment_count(services: Any, store: Any, install: Any, order: tuple[int, ...]) -> None:
    event = accepted(install("table_rate", TARIFF))
    confirm(services, a_day, event)
    anew = paid(event).model_copy(update={"version": 6, "again": True})
    steps = [lambda: services.payment_holds.payment_lost(lost(5)), lambda: confirm(services, a_day, anew)]
    for n in (*order, *order):
        steps[n]()
    assert not the_shipment(store).payment_lost


def test_what_has_left_is_not_held(services: Any, store: Any, install: Any) -> None:
    confirm(services, a_day, accepted(install("table_rate", TARIFF)))
    sent = dispatch(services, the_shipment(store))
    services.payment_holds.payment_lost(lost())
    assert the_shipment(store) == sent


def test_news_of_an_order_that_is_not_planned_yet_wait_in_the_queue(services: Any) -> None:
    with pytest.raises(NotYet):
        services.payment_holds.payment_lost(lost())


def test_an_order_promised_anew_without_a_supplier_that_was_taken_off_frees_the_others(services: Any, store: Any, install: Any) -> None:
    store.keep_facts(facts(offer_id="off_2", supplier=OTHER), 1)
    installation = install("table_rate", TARIFF)
    confirm(services, a_day, accepted(installation, line(), line("off_2", OTHER)))
    services.unit_withdrawals(a_day).answer(question({"off_2": 2}, why="cancel"))
    services.payment_holds.payment_lost(lost())
    assert parcels(store)[SUPPLIER].payment_lost
    confirm(services, a_day, accepted(installation, line(), version=8, again=True, taken_off=["wdr_1"]))
    assert dispatch(services, parcels(store)[SUPPLIER]).scanned
    assert parcels(store)[OTHER].state is State.VOIDED


def test_what_is_paid_anew_is_free_though_its_courier_cannot_be_asked_in_time(services: Any, store: Any, order: Any, install: Any) -> None:
    order()
    services.payment_holds.payment_lost(lost())
    with pytest.raises(NoTimeLeft):
        confirm(services, timedelta, accepted(install("remote", CONFIG), plugin="remote", version=8, again=True))
    assert not the_shipment(store).payment_lost
