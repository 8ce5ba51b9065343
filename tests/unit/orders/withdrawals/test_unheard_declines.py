"""A parcel left without units that its supplier had declined, and orders hear of the decline last: no unit is paid back twice."""

from datetime import timedelta

import pytest

from functions.shipping.fulfilment.supplier_declines import Decline
from tests.unit.orders.given import MUG, SUPPLIER, key
from tests.unit.orders.withdrawals.exchange import POT, Exchange


@pytest.fixture
def hub() -> Exchange:
    """An order of three mugs and more is paid; one mug is declined, the others are sent, and only this is heard of."""
    made = Exchange()
    made.capture()
    while made.bag:
        made.deliver(0, again=False)
    which = next(n for n, s in enumerate(made.shipments) if s.supplier_id == SUPPLIER)
    declines = made.shipping.supplier_declines(lambda: timedelta(days=1))
    made.act(lambda: declines.decline(SUPPLIER, made.shipments[which].id, Decline({MUG: 1}, "scratched", restock=True), key("d")))
    made.report(which, "dispatched", "s")
    left = next(n for n, (_, message) in enumerate(made.bag) if type(message).__name__ == "ShipmentDispatched")
    made.deliver(left, again=False)
    return made


def test_what_was_in_the_parcel_is_paid_back_at_once_and_the_rest_when_it_is_heard_of(hub: Exchange) -> None:
    hub.refund({MUG: 3}, "r1")
    assert [r.lines for r in hub.order.refunds] == [], "what is not in the parcel is asked for first"
    while hub.bag:
        hub.deliver(0, again=False)
    order = hub.order
    assert order.refunded_units(MUG) <= 3
    assert hub.captured - sum(r.amount for r in order.valid_refunds) == order.worth(order.remaining) + order.shipping_left
    hub.refund({MUG: order.remaining.get(MUG, 0)}, "r2")
    while hub.bag:
        hub.deliver(0, again=False)
    assert hub.order.refunded_units(MUG) == 3


def test_a_refund_of_what_was_in_the_parcel_waits_for_nobody(hub: Exchange) -> None:
    hub.refund({MUG: 2}, "r1")
    assert [(r.lines, r.left) for r in hub.order.refunds] == [({MUG: 2}, {MUG: 2})]
    while hub.bag:
        hub.deliver(0, again=False)
    assert hub.order.refunded_units(MUG) == 3


def test_what_has_left_and_is_paid_back_with_what_is_asked_for_is_not_paid_back_at_once_too() -> None:
    hub = Exchange()
    hub.capture()
    while hub.bag:
        hub.deliver(0, again=False)
    hub.report(next(n for n, s in enumerate(hub.shipments) if s.supplier_id == SUPPLIER), "dispatched", "s")
    while hub.bag:
        hub.deliver(0, again=False)
    hub.refund({MUG: 3, POT: 1}, "r1")
    hub.refund({MUG: 3}, "r2")
    while hub.bag:
        hub.deliver(0, again=False)
    order = hub.order
    assert order.refunded_units(MUG) == 3
    assert hub.captured - sum(r.amount for r in order.valid_refunds) == order.worth(order.remaining) + order.shipping_left
