"""The handshake, where a supplier sends a parcel and delivers a licence beside it: each part answers for itself."""

from collections import Counter

import pytest
from hypothesis import given, settings, strategies

from tests.unit.orders.given import ACCOUNT, MUG, STOREFRONT, SUPPLIER, TEA
from tests.unit.orders.withdrawals.exchange import POT, Exchange
from tests.unit.orders.withdrawals.test_handshake import STEPS, ends, holds, run

LICENCE = frozenset({TEA})
REACHED = {"licence delivered, its parcel not": 6, "licence taken back, its parcel sent": 12, "ShipmentUnitsKept": 16}


@pytest.mark.thorough
def test_no_unit_is_both_refunded_and_delivered_and_everything_ends() -> None:
    reached = Counter[str]()

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(STEPS, strategies.sampled_from(["promise", "capture"]), strategies.sampled_from([True, True, False]))
    def whatever_comes(steps: list[tuple[str, int]], pay: str, planned: bool) -> None:
        hub = run(steps, pay, planned, LICENCE)
        holds(hub)
        mine = {s.virtual: s for s in hub.shipments if s.supplier_id == SUPPLIER}
        if len(mine) == 2:
            reached["licence delivered, its parcel not"] += mine[True].scanned and not mine[False].scanned
            reached["licence taken back, its parcel sent"] += bool(mine[True].taken_back) and mine[False].scanned
        hub.settle()
        holds(hub)
        ends(hub)
        reached.update(hub.counts.keys())

    whatever_comes()
    assert {what: reached[what] for what, least in REACHED.items() if reached[what] < least} == {}, reached


def drained(hub: Exchange) -> Exchange:
    while hub.bag:
        hub.deliver(0, again=False)
    return hub


def planned() -> Exchange:
    hub = Exchange(virtual=LICENCE)
    hub.capture()
    return drained(hub)


def virtual_of(hub: Exchange) -> int:
    return next(i for i, shipment in enumerate(hub.shipments) if shipment.virtual)


def test_a_licence_that_was_delivered_is_refunded_as_gone_and_its_suppliers_parcel_is_still_asked_back() -> None:
    hub = planned()
    hub.report(virtual_of(hub), "delivered", "d")
    drained(hub).refund({MUG: 3, TEA: 2}, "r")
    drained(hub)
    (refund,) = hub.order.refunds
    assert (refund.lines, refund.left) == ({MUG: 3, TEA: 2}, {TEA: 2})


def test_a_licence_that_was_delivered_unheard_is_not_paid_back_with_its_suppliers_parcel() -> None:
    hub = planned()
    hub.report(virtual_of(hub), "delivered", "d")
    hub.refund({MUG: 3, TEA: 2}, "r")
    drained(hub)
    (refund,) = hub.order.refunds
    assert refund.lines == {MUG: 3}, "the licence has left, which its supplier told before it was asked"


def test_a_supplier_that_declines_its_parcel_delivers_its_licence_still() -> None:
    hub = planned()
    parcel = next(i for i, s in enumerate(hub.shipments) if not s.virtual and s.supplier_id == SUPPLIER)
    hub.decline(parcel, {}, "x")
    drained(hub)
    assert hub.order.remaining == {TEA: 2, POT: 2}
    hub.settle()
    ends(hub)


def test_a_suppliers_part_is_cancelled_with_both() -> None:
    hub = planned()
    hub.cancel(SUPPLIER)
    drained(hub)
    assert hub.orders.order(ACCOUNT, STOREFRONT, hub.order_id).remaining == {POT: 2}
