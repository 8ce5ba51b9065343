"""A label that another replaces goes back to the courier that sold it, whichever the shipment has by then."""

from typing import Any

import pytest

from functions.shipping.labels.label_changes import MAX_TRIES
from functions.shipping.labels.label_views import BuyLabel, NamedCourier
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView
from monsoon_plugin.errors import ErrorKind
from tests.unit.shipping.conftest import a_day, report, the_shipment
from tests.unit.shipping.events import accepted, cancelled, key, line, question
from tests.unit.shipping.fake_courier import CONFIG, FakeCourier, failing


@pytest.fixture
def other(couriers: Any) -> FakeCourier:
    """Another courier of the storefront, known as `other`."""
    couriers.registry.add("other", FakeCourier())
    return couriers.registry.given["other"]


@pytest.fixture
def out(services: Any, fulfilment: Any, install: Any, remote: Any, sweep: Any) -> Shipment:
    """A draft whose old label is out still: its courier was away until the purchase of the new one was given up."""
    fulfilment.order_confirmed(accepted(install("remote", CONFIG), line(quantity=3), plugin="remote"))
    remote.before = failing(ErrorKind.UNAVAILABLE, "void", times=MAX_TRIES)
    services.unit_withdrawals(a_day).answer(question({"off_1": 1}))
    for _ in range(MAX_TRIES):
        found: Shipment = sweep(hours=2)
    assert (found.state, found.old_label is None, remote.voided) == (State.DRAFT, False, [])
    return found


@pytest.fixture
def buy_of_other(services: Any, install: Any, other: Any) -> Any:
    def buy(shipment: Shipment) -> Shipment:
        named = NamedCourier(installation_id=install("other", CONFIG), rate_id="r")
        found: Shipment = services.manual_labels(a_day).provide(shipment, BuyLabel(courier=named).wish(), key("again"))
        return found

    return buy


def test_an_old_label_goes_back_to_its_own_courier_before_another_sells_one(out, buy_of_other, remote, other):
    found = buy_of_other(out)
    assert (found.state, found.old_label, remote.voided, other.voided, other.bought) == (State.LABELED, None, [out.old_key], [], 1)


def test_a_draft_of_before_couriers_were_kept_beside_old_labels_is_read(out, store, buy_of_other, remote, other):
    before = out.noted(old_installation="")
    assert store.save(before)
    buy_of_other(before)
    assert (remote.voided, other.voided) == ([out.old_key], [])


def test_another_courier_is_not_kept_waiting_by_one_that_is_away(out, buy_of_other, remote, other, sweep):
    remote.before = failing(ErrorKind.UNAVAILABLE, "void", times=2)
    found = buy_of_other(out)
    assert (found.state, other.bought, remote.voided) == (State.LABELED, 1, [])
    assert sweep(minutes=1).old_label is not None
    after = sweep(hours=2)
    assert (after.old_label, after.setback, remote.voided, other.voided) == (None, None, [out.old_key], [])


def test_one_that_is_left_alone_for_a_while_is_not_asked(out, buy_of_other, couriers, remote, sweep):
    couriers.broken.add(out.choice.installation_id)
    assert buy_of_other(out).old_label is not None
    couriers.broken.clear()
    assert (sweep().old_label, remote.voided) == (None, [out.old_key])


def test_what_never_comes_back_is_told_and_the_parcel_goes_its_way(out, buy_of_other, remote, other, *, services, store, sweep):
    remote.before = failing(ErrorKind.UNAVAILABLE, "void", times=99)
    labelled = buy_of_other(out)
    for state in ("dispatched", "delivered"):
        report(services, labelled, state, state)
    for _ in range(MAX_TRIES):
        after = sweep(hours=2)
    assert (after.state, after.old_label, other.voided) == (State.DELIVERED, None, [])
    assert ShipmentView.of(after).problem is not None
    sweep(hours=2)
    assert (sweep(hours=2).due, the_shipment(store).tries) == ("", 0)


def test_a_number_that_the_merchant_enters_leaves_the_old_label_to_the_sweep(out, services, remote, sweep):
    entered = services.manual_labels(a_day).provide(out, BuyLabel(tracking_number="X1").wish(), key("own"))
    assert (entered.state, remote.voided) == (State.LABELED, [])
    after = sweep()
    assert (after.old_label, after.label.tracking_number, remote.voided) == (None, "X1", [out.old_key])


def test_a_cancelled_parcel_gives_each_label_to_the_courier_that_sold_it(out, buy_of_other, remote, other, *, services, sweep):
    remote.before = failing(ErrorKind.UNAVAILABLE, "void", times=2)
    labelled = buy_of_other(out)
    services.order_shipments(a_day).order_cancelled(cancelled())
    after = sweep(hours=2)
    assert (after.state, remote.voided, other.voided) == (State.VOIDED, [out.old_key], [labelled.op_key])


def test_an_old_label_that_is_certainly_not_taken_back_keeps_no_parcel_whose_own_label_is(
    out, buy_of_other, remote, other, *, services, store
):  # fmt: skip
    remote.before = failing(ErrorKind.UNAVAILABLE, "void")
    labelled = buy_of_other(out)
    remote.before = failing(ErrorKind.DECLINED, "void")
    services.order_shipments(a_day).order_cancelled(cancelled())
    after = the_shipment(store)
    assert (other.voided, after.state) == ([labelled.op_key], State.VOIDED)
    assert ShipmentView.of(after).problem.kind == ErrorKind.DECLINED


def test_a_parcel_that_becomes_less_is_labelled_anew_once_the_older_label_is_settled(out, buy_of_other, remote, other, *, services, sweep):
    remote.before = failing(ErrorKind.UNAVAILABLE, "void")
    labelled = buy_of_other(out)
    services.unit_withdrawals(a_day).answer(question({"off_1": 1}, "wdr_2"))
    assert (remote.voided, other.voided, other.bought) == ([], [], 1)
    sweep()
    after = sweep()
    assert (after.state, after.old_label, remote.voided, other.voided, other.bought) == (
        State.LABELED, None, [out.old_key], [labelled.op_key], 2,
    )  # fmt: skip


def test_a_draft_whose_old_label_is_certainly_not_taken_back_is_voided_and_the_merchant_reads_why(out, remote, services, store):
    remote.before = failing(ErrorKind.DECLINED, "void")
    services.order_shipments(a_day).order_cancelled(cancelled())
    after = the_shipment(store)
    assert (after.state, ShipmentView.of(after).problem.kind) == (State.VOIDED, ErrorKind.DECLINED)


def test_a_cancelled_parcel_whose_courier_is_not_offered_is_not_sent_and_its_label_goes_back_later(
    order, remote, couriers, services, sweep
):  # fmt: skip
    remote.able = remote.able.model_copy(update={"void": True})
    order()
    couriers.registry.remove("remote")
    services.order_shipments(a_day).order_cancelled(cancelled())
    waiting = sweep()
    assert (waiting.state, waiting.doomed, remote.voided) == (State.LABELED, True, [])
    couriers.registry.add("remote", remote)
    assert (sweep(days=1).state, len(remote.voided)) == (State.VOIDED, 1)


def test_a_seller_that_is_not_offered_keeps_no_other_courier_waiting(out, buy_of_other, remote, couriers, sweep):
    couriers.registry.remove("remote")
    bought = buy_of_other(out)
    assert (bought.state, bought.choice.plugin, bought.old_label is not None) == (State.LABELED, "other", True)
    couriers.registry.add("remote", remote)
    assert (sweep(days=1).old_label, len(remote.voided)) == (None, 1)
