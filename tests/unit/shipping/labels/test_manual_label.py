"""What a merchant does about a label that was refused, or of which nobody knows."""

from typing import Any

import pytest

from functions.shipping.labels.label_views import BuyLabel, NamedCourier
from functions.shipping.shipments.shipment import MAX_PURCHASES, Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView
from monsoon_plugin.errors import ErrorKind
from shared.api.idempotency import KeyReused
from shared.errors import Conflict, Invalid, NotFound
from tests.unit.shipping.conftest import a_day, the_shipment
from tests.unit.shipping.events import TARIFF, cancelled, key, question
from tests.unit.shipping.fake_courier import CONFIG, failing


@pytest.fixture
def refused(order: Any, remote: Any) -> Shipment:
    remote.before = failing(ErrorKind.DECLINED, "buy")
    found: Shipment = order()
    return found


@pytest.fixture
def undecided(order: Any, remote: Any, store: Any, services: Any, clock: Any) -> Shipment:
    remote.able = remote.able.model_copy(update={"lookup": False})
    remote.after = failing(ErrorKind.OUTCOME_UNKNOWN, "buy")
    order()
    clock.tick(minutes=5)
    return services.label_recovery(a_day).resume(the_shipment(store))


@pytest.fixture
def label(services: Any) -> Any:
    """Provide a shipment's label, as the merchant wishes."""
    return lambda shipment, body, idempotency: services.manual_labels(a_day).provide(shipment, body.wish(), idempotency)


def test_a_refused_label_is_bought_again_under_a_new_key_once_for_one_request(label, refused, remote, store):
    found = label(refused, BuyLabel(), key("1"))
    assert (found.state, found.setback, list(remote.sold)) == (State.LABELED, None, [f"{refused.id}-2"])
    assert label(the_shipment(store), BuyLabel(), key("1")) == found
    assert remote.bought == 1
    with pytest.raises(Conflict):
        label(found, BuyLabel(), key("2"))


def test_another_courier_is_taken_only_where_the_merchant_names_it(label, refused, remote, install):
    other = install("remote", CONFIG, rank=7)
    found = label(refused, BuyLabel(courier=NamedCourier(installation_id=other, rate_id="express", service="Express")), key("1"))
    assert (found.choice.installation_id, found.choice.rate_id, found.choice.service) == (other, "express", "Express")
    assert remote.requests[-1].rate_id == "express"
    assert found.choice.price == refused.choice.price


def test_a_courier_that_is_not_the_storefronts_or_sells_no_labels_is_refused(label, refused, install):
    with pytest.raises(NotFound):
        label(refused, BuyLabel(courier=NamedCourier(installation_id="ins_other", rate_id="r")), key("1"))
    with pytest.raises(Invalid) as refusal:
        label(refused, BuyLabel(courier=NamedCourier(installation_id=install("table_rate", TARIFF), rate_id="r")), key("1"))
    assert refusal.value.errors[0].pointer == "/courier/installation_id"


def test_an_undecided_label_is_bought_again_only_on_the_merchants_word(label, undecided, remote):
    with pytest.raises(Invalid) as refusal:
        label(undecided, BuyLabel(), key("1"))
    assert refusal.value.errors[0].pointer == "/none_was_bought"
    assert remote.bought == 1
    assert label(undecided, BuyLabel(none_was_bought=True), key("1")).state is State.LABELED


def test_a_number_that_the_merchant_enters_makes_it_labelled_and_leads_notices_to_it(label, undecided, remote, store):
    found = label(undecided, BuyLabel(tracking_number="X123"), key("1"))
    assert (found.state, found.label.tracking_number, len(remote.requests)) == (State.LABELED, "X123", 1)
    assert store.find_by_tracking_number(found.choice.installation_id, "X123") == found


def test_a_label_of_the_merchants_own_is_given_back_to_no_courier(label, refused, remote, fulfilment, store):
    label(refused, BuyLabel(tracking_number="X123"), key("1"))
    fulfilment.order_cancelled(cancelled())
    found = the_shipment(store)
    assert (found.state, found.setback, remote.voided) == (State.VOIDED, None, [])


def test_a_label_of_the_merchants_own_stays_when_the_parcel_becomes_less(label, refused, remote, services, store):
    label(refused, BuyLabel(tracking_number="X123"), key("1"))
    services.unit_withdrawals(a_day).answer(question({"off_1": 1}))
    found = the_shipment(store)
    assert (found.state, found.label.tracking_number, remote.bought) == (State.LABELED, "X123", 0)


def test_a_label_that_the_courier_may_have_sold_is_given_back_to_it(label, undecided, remote, fulfilment, store):
    label(undecided, BuyLabel(tracking_number="X123"), key("1"))
    fulfilment.order_cancelled(cancelled())
    assert (the_shipment(store).state, remote.voided) == (State.VOIDED, [undecided.id])


def test_a_postal_number_with_a_wrong_check_digit_is_refused(label, refused):
    with pytest.raises(Invalid) as refusal:
        label(refused, BuyLabel(tracking_number="RR123456784GB"), key("1"))
    assert refusal.value.errors[0].pointer == "/tracking_number"


def test_while_a_label_is_being_bought_nobody_begins_another(label, order, remote):
    remote.after = failing(ErrorKind.OUTCOME_UNKNOWN, "buy")
    with pytest.raises(Conflict):
        label(order(), BuyLabel(none_was_bought=True), key("1"))
    assert remote.bought == 1


def test_another_request_with_the_same_key_is_refused(label, refused, store):
    from shared.api.idempotency import Idempotency

    label(refused, BuyLabel(), key("1"))
    with pytest.raises(KeyReused):
        label(the_shipment(store), BuyLabel(), Idempotency("1", "test", "another"))


def test_purchases_are_bounded(label, refused, remote, store):
    remote.before = failing(ErrorKind.DECLINED, "buy", times=100)
    for i in range(MAX_PURCHASES - 1):
        label(the_shipment(store), BuyLabel(), key(str(i)))
    with pytest.raises(Conflict):
        label(the_shipment(store), BuyLabel(), key("last"))


def test_the_merchant_reads_what_is_wrong_and_what_to_do(refused):
    problem = ShipmentView.of(refused).problem
    assert problem is not None
    assert (problem.kind, problem.message) == ("declined", "the courier says: declined")
    assert "bought again" in problem.remedy
