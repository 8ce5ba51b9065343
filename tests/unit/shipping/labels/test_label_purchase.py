"""A label is bought once and given back once, whatever the courier says, loses, or leaves open."""

from datetime import timedelta

import pytest

from functions.shipping.labels.label_changes import MAX_TRIES
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.errors import ErrorKind
from shared.errors import Unavailable
from tests.unit.shipping.conftest import the_shipment
from tests.unit.shipping.events import ORDER, TENANT, accepted, cancelled, facts, line, recalled
from tests.unit.shipping.fake_courier import CONFIG, failing

LABELED = [State.DRAFT, State.PURCHASING, State.LABELED]


def states(shipment: Shipment) -> list[State]:
    return [event.state for event in shipment.log]


def test_a_label_is_bought_once_however_often_the_order_is_heard(order, remote):
    for _ in range(3):
        found = order()
    assert (states(found), remote.bought, len(remote.requests)) == (LABELED, 1, 1)
    assert found.label.tracking_number == "T1"


def test_the_courier_is_told_of_boxes_with_sizes_values_and_the_quoted_price(order, remote):
    order()
    (request,) = remote.requests
    (box,) = request.parcel.packages
    assert (box.weight, box.length, box.width, box.height) == (800, 200, 100, 100)
    assert [(c.quantity, c.value, c.currency) for c in box.contents] == [(2, 2500, "GBP")]
    assert (request.price, request.currency, request.order_id) == (400, "GBP", "ord_1")


def test_purchasing_is_written_before_the_courier_is_called(order, remote, store):
    seen = []
    remote.before = lambda call: seen.append(the_shipment(store).state)
    order()
    assert seen == [State.PURCHASING]


@pytest.mark.parametrize("kind", [ErrorKind.INVALID, ErrorKind.DECLINED, ErrorKind.CONFIG, ErrorKind.UNSUPPORTED, ErrorKind.CONFLICT])
def test_a_refusal_leads_back_to_draft_with_the_couriers_words_and_nothing_is_tried_again(order, remote, sweep, kind):
    remote.before = failing(kind, "buy")
    found = order()
    assert (found.state, found.setback.kind, found.setback.message, found.due) == (State.DRAFT, kind, f"the courier says: {kind}", "")
    assert sweep(days=2).state is State.DRAFT
    assert remote.bought == 0


@pytest.mark.parametrize("kind", [ErrorKind.RATE_LIMITED, ErrorKind.UNAVAILABLE])
def test_what_the_courier_did_not_take_is_tried_again_with_the_same_key(order, remote, sweep, kind):
    remote.before = failing(kind, "buy", times=3)
    found = order()
    assert (found.state, found.setback.kind) == (State.PURCHASING, kind)
    for minutes in (2, 3, 5):
        found = sweep(minutes=minutes)
    assert (states(found), remote.bought, list(remote.sold)) == (LABELED, 1, [found.id])
    assert (found.setback, found.tries) == (None, 0)


def test_a_courier_that_stays_away_is_asked_for_hours_and_then_left_to_the_merchant(order, remote, sweep):
    remote.before = failing(ErrorKind.UNAVAILABLE, "buy", times=100)
    order()
    asked = 1
    for _ in range(30):
        before = remote.before
        calls: list[str] = []
        remote.before = lambda call, before=before, calls=calls: (calls.append(call), before(call))  # type: ignore[misc]
        found = sweep(hours=2)
        asked += len(calls)
    assert (found.state, found.setback.kind, asked) == (State.DRAFT, ErrorKind.UNAVAILABLE, MAX_TRIES)


@pytest.mark.parametrize("kind", [ErrorKind.OUTCOME_UNKNOWN, ErrorKind.PROTOCOL])
def test_a_lost_answer_is_looked_up_and_never_bought_again(order, remote, sweep, kind):
    remote.after = failing(kind, "buy")
    assert order().state is State.PURCHASING
    assert (states(sweep(minutes=2)), remote.bought, len(remote.requests)) == (LABELED, 1, 1)


def test_a_purchase_that_certainly_did_not_happen_is_made_with_the_same_key(order, remote, sweep):
    remote.before = failing(ErrorKind.OUTCOME_UNKNOWN, "buy")
    order()
    found = sweep(minutes=2)
    assert (states(found), remote.bought, list(remote.sold)) == (LABELED, 1, [found.id])


def test_a_look_up_that_fails_leaves_it_open_and_buys_nothing(order, remote, sweep):
    remote.after = failing(ErrorKind.OUTCOME_UNKNOWN, "buy")
    remote.before = failing(ErrorKind.UNAVAILABLE, "fetch", times=2)
    order()
    assert sweep(minutes=2).state is State.PURCHASING
    assert sweep(minutes=3).setback.kind is ErrorKind.OUTCOME_UNKNOWN
    assert (states(sweep(minutes=5)), remote.bought) == (LABELED, 1)


@pytest.mark.parametrize("says_so", [True, False])
def test_where_nothing_can_be_looked_up_a_person_decides(order, remote, sweep, says_so):
    remote.after = failing(ErrorKind.OUTCOME_UNKNOWN, "buy")
    if says_so:
        remote.able = remote.able.model_copy(update={"lookup": False})
    else:
        remote.before = failing(ErrorKind.UNSUPPORTED, "fetch")
    order()
    found = sweep(minutes=2)
    assert (found.untold, "nobody can tell" in found.setback.message) == (True, True)
    assert sweep(days=3) == found
    assert remote.bought == 1


def test_a_parcel_that_the_courier_cannot_take_in_as_many_boxes_as_it_allows_is_not_bought(order, remote):
    remote.able = remote.able.model_copy(update={"max_weight": 300, "max_packages": 1})
    found = order()
    assert (found.state, found.setback.kind, remote.requests) == (State.DRAFT, ErrorKind.INVALID, [])


def test_a_country_that_the_courier_does_not_reach_is_not_asked_for(order, remote):
    remote.able = remote.able.model_copy(update={"countries": ("FR",)})
    found = order()
    assert (found.state, found.setback.kind, remote.requests) == (State.DRAFT, ErrorKind.UNSUPPORTED, [])


def test_a_courier_that_keeps_failing_is_left_alone_and_asked_later(order, remote, sweep, couriers):
    remote.before = failing(ErrorKind.UNAVAILABLE, "buy")
    found = order()
    couriers.broken.add(found.choice.installation_id)
    assert sweep(minutes=2).state is State.PURCHASING
    assert remote.bought == 0
    couriers.broken.clear()
    assert sweep(minutes=2).state is State.LABELED
    assert [kind for _, kind in couriers.heard] == [ErrorKind.UNAVAILABLE, "ok"]


def test_a_courier_that_is_left_alone_is_not_asked_for_a_new_order_either(order, remote, sweep, couriers):
    (installation,) = couriers.store.of(TENANT)
    couriers.broken.add(installation.id)
    found = order()
    assert (found.state, found.setback.kind, remote.requests) == (State.PURCHASING, ErrorKind.UNAVAILABLE, [])
    couriers.broken.clear()
    assert sweep(minutes=2).state is State.LABELED


def test_no_call_is_begun_when_the_function_is_about_to_end(order, remote):
    with pytest.raises(Unavailable):
        order(lambda: timedelta(seconds=3))
    assert remote.requests == []
    assert order().state is State.LABELED


def test_a_cancelled_label_is_given_back_once(order, remote, fulfilment):
    order()
    for _ in range(2):
        fulfilment.order_cancelled(cancelled())
    assert remote.voided == [order().id]
    assert order().state is State.VOIDED


def test_a_void_whose_answer_was_lost_is_done_again(order, remote, fulfilment, sweep):
    order()
    remote.after = failing(ErrorKind.OUTCOME_UNKNOWN, "void")
    fulfilment.order_cancelled(cancelled())
    assert order().state is State.LABELED
    found = sweep(minutes=2)
    assert (found.state, found.setback, remote.voided) == (State.VOIDED, None, [found.id])


def test_a_courier_that_takes_the_label_not_back_is_told_to_the_merchant(order, remote, fulfilment, sweep):
    order()
    remote.before = failing(ErrorKind.DECLINED, "void")
    fulfilment.order_cancelled(cancelled())
    found = sweep(days=1)
    assert (found.state, found.setback.kind, found.due) == (State.LABELED, ErrorKind.DECLINED, "")


def test_where_labels_cannot_be_given_back_the_courier_is_not_asked(order, remote, fulfilment):
    order()
    remote.able = remote.able.model_copy(update={"void": False})
    fulfilment.order_cancelled(cancelled())
    assert (order().state, remote.voided) == (State.VOIDED, [])


@pytest.mark.parametrize("sold", [True, False])
def test_an_order_cancelled_while_its_purchase_is_open_ends_without_a_label(order, remote, fulfilment, sweep, sold):
    setattr(remote, "after" if sold else "before", failing(ErrorKind.OUTCOME_UNKNOWN, "buy"))
    order()
    fulfilment.order_cancelled(cancelled())
    found = sweep(minutes=2)
    assert (found.state, remote.bought, remote.voided) == (State.VOIDED, int(sold), [found.id] if sold else [])


def test_an_order_cancelled_while_its_label_is_being_bought_gives_it_back(order, remote, fulfilment):
    remote.after = lambda call: fulfilment.order_cancelled(cancelled()) if call == "buy" else None
    found = order()
    assert (found.state, remote.bought, remote.voided) == (State.VOIDED, 1, [found.id])


def test_an_order_cancelled_while_the_courier_was_away_is_voided_without_a_call(order, remote, fulfilment, sweep):
    remote.before = failing(ErrorKind.UNAVAILABLE, "buy")
    order()
    fulfilment.order_cancelled(cancelled())
    assert sweep(hours=1).state is State.VOIDED
    assert (remote.bought, remote.voided) == (0, [])


def test_a_recall_that_comes_while_the_label_is_bought_does_not_lose_the_label(order, remote, services):
    remote.after = lambda call: services.recall_walks.offer_recalled(recalled())
    found = order()
    assert (found.state, found.label.tracking_number, len(found.held)) == (State.LABELED, "T1", 1)


def test_several_suppliers_parcels_are_each_bought_once(store, remote, install, fulfilment, order):
    store.keep_facts(facts(offer_id="off_2", supplier="acc_s2"), 1)
    event = accepted(install("remote", CONFIG), line(), line("off_2", "acc_s2"), plugin="remote")
    for _ in range(2):
        fulfilment.order_confirmed(event)
    assert [s.label.tracking_number for s in store.shipments(store.plan(TENANT, ORDER))] == ["T1", "T2"]


def test_a_purchase_of_a_courier_that_is_not_offered_waits_and_is_put_off(order, remote, sweep, couriers):
    remote.before = failing(ErrorKind.UNAVAILABLE, "buy", times=1)
    begun = order()
    couriers.registry.remove("remote")
    waiting = sweep(minutes=3)
    assert (waiting.state, waiting.setback, waiting.due > begun.due, remote.bought) == (State.PURCHASING, begun.setback, True, 0)
    couriers.registry.add("remote", remote)
    assert (sweep(hours=1).state, remote.bought) == (State.LABELED, 1)


def test_a_parcel_whose_courier_is_not_offered_is_asked_for_when_it_is_again(order, remote, sweep, couriers):
    found = order()
    couriers.registry.remove("remote")
    later = sweep(minutes=31)
    assert (later.state, later.due > found.due) == (State.LABELED, True)
