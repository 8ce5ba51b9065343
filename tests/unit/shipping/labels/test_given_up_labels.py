"""A parcel that is given up while nobody can tell, or take back, what its courier sold: a person is asked, and settles it."""

from typing import Any

import pytest

from functions.shipping.labels.label_views import BuyLabel
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView
from monsoon_plugin.errors import ErrorKind
from shared.api.idempotency import Idempotency, KeyReused
from shared.errors import Conflict, Invalid
from tests.unit.shipping.conftest import a_day, the_shipment
from tests.unit.shipping.events import cancelled, key, question
from tests.unit.shipping.fake_courier import failing


@pytest.fixture
def label(services: Any, store: Any) -> Any:
    """The merchant's word on the order's parcel."""
    return lambda request="1", **word: services.manual_labels(a_day).provide(the_shipment(store), BuyLabel(**word).wish(), key(request))


@pytest.fixture
def give_up(services: Any) -> Any:
    """Cancel the order, or take all units back."""

    def gone(how: str) -> None:
        if how == "cancelled":
            services.order_shipments(a_day).order_cancelled(cancelled())
        else:
            services.unit_withdrawals(a_day).answer(question({"off_1": 2}))

    return gone


@pytest.fixture(params=["cancelled", "emptied"])
def untold(order: Any, remote: Any, sweep: Any, give_up: Any, request: Any) -> Shipment:
    """Given up while its label was being bought, of a courier that cannot be asked, whose answer was lost."""
    remote.able = remote.able.model_copy(update={"lookup": False, "void": True})
    remote.after = failing(ErrorKind.OUTCOME_UNKNOWN, "buy")
    order()
    give_up(request.param)
    found: Shipment = sweep(minutes=5)
    return found


@pytest.fixture
def unreturned(order: Any, remote: Any, give_up: Any, store: Any) -> Shipment:
    """Given up with a label that its courier does not take back."""
    remote.able = remote.able.model_copy(update={"void": True})
    remote.before = failing(ErrorKind.DECLINED, "void")
    order()
    give_up("emptied")
    return the_shipment(store)


def test_a_person_is_asked_and_nothing_is_done_meanwhile(untold, sweep, remote):
    assert (untold.state, untold.doomed, untold.due) == (State.PURCHASING, True, "")
    problem = ShipmentView.of(untold).problem
    assert problem is not None
    assert (problem.code, problem.kind, "none_was_bought" in problem.remedy) == ("untold", "outcome_unknown", True)
    assert (sweep(days=3), remote.bought, remote.voided) == (untold, 1, [])


def test_what_was_bought_goes_back_to_the_courier_once(untold, label, store, remote):
    found = label(tracking_number="X123")
    assert (found.state, found.label.tracking_number, remote.voided) == (State.VOIDED, "X123", [untold.id])
    assert label(tracking_number="X123") == the_shipment(store)
    assert (the_shipment(store), remote.bought) == (found, 1)


def test_what_was_not_bought_is_void_at_once(untold, label, store, remote):
    found = label(none_was_bought=True)
    assert (found.state, found.setback, remote.voided, remote.bought) == (State.VOIDED, None, [], 1)
    assert found.log[-2].description == "none was bought, by the merchant's word"
    assert label(none_was_bought=True) == the_shipment(store) == found


def test_without_a_word_nothing_is_settled_and_the_field_is_named(untold, label, store):
    with pytest.raises(Invalid) as refusal:
        label()
    assert refusal.value.errors[0].pointer == "/none_was_bought"
    assert the_shipment(store) == untold


def test_another_word_under_the_same_key_is_refused(untold, label, services, store):
    label(none_was_bought=True)
    with pytest.raises(KeyReused):
        services.manual_labels(a_day).provide(
            the_shipment(store), BuyLabel(tracking_number="X").wish(), Idempotency("1", "test", "another")
        )
    with pytest.raises(Conflict):
        label("2", tracking_number="X123")


def test_a_label_that_its_courier_refuses_to_take_back_then_is_settled_by_another_word(untold, label, remote, store):
    remote.before = failing(ErrorKind.DECLINED, "void")
    kept = label(tracking_number="X123")
    assert (kept.state, ShipmentView.of(kept).problem.code) == (State.LABELED, "unreturned")
    assert label("2", settled=True).state is State.VOIDED
    assert label("2", settled=True) == the_shipment(store)


def test_what_a_courier_does_not_take_back_is_settled_by_a_person(unreturned, label, sweep, store):
    problem = ShipmentView.of(unreturned).problem
    assert problem is not None
    assert (unreturned.state, unreturned.unsent, problem.code) == (State.LABELED, False, "unreturned")
    with pytest.raises(Invalid) as refusal:
        label(none_was_bought=True)
    assert refusal.value.errors[0].pointer == "/settled"
    found = label(settled=True)
    assert (found.state, found.setback, found.due) == (State.VOIDED, None, "")
    assert sweep(days=3) == label(settled=True) == the_shipment(store)


def test_a_label_that_cannot_be_given_back_for_long_is_settled_by_a_person(order, remote, give_up, sweep, label):
    remote.able = remote.able.model_copy(update={"void": True})
    remote.before = failing(ErrorKind.UNAVAILABLE, "void", times=100)
    order()
    give_up("cancelled")
    with pytest.raises(Conflict):
        label(settled=True)
    for _ in range(15):
        found = sweep(hours=2)
    assert (found.state, found.unreturned) == (State.LABELED, True)
    assert label(settled=True).state is State.VOIDED


def test_a_purchase_whose_courier_is_no_longer_offered_may_be_settled_meanwhile(order, remote, couriers, *, sweep, give_up, label):
    remote.after = failing(ErrorKind.OUTCOME_UNKNOWN, "buy")
    order()
    couriers.registry.remove("remote")
    give_up("cancelled")
    waiting = sweep(minutes=5)
    assert (waiting.state, waiting.untold, bool(waiting.due)) == (State.PURCHASING, True, True)
    assert label(none_was_bought=True).state is State.VOIDED


@pytest.mark.parametrize("given_up", [False, True])
def test_a_purchase_whose_courier_is_back_is_asked_for_as_ever(order, remote, couriers, *, sweep, give_up, given_up):
    remote.able = remote.able.model_copy(update={"void": True})
    remote.after = failing(ErrorKind.OUTCOME_UNKNOWN, "buy")
    order()
    couriers.registry.remove("remote")
    assert sweep(minutes=5).untold
    if given_up:
        give_up("cancelled")
    couriers.registry.add("remote", remote)
    found = sweep(hours=2)
    assert (found.state, found.awaits_courier, remote.bought) == (State.VOIDED if given_up else State.LABELED, False, 1)
