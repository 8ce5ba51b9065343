"""A parcel whose courier's plug-in is not offered when its order is paid waits for it, and for nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from functions.shipping.consumers import confirm
from functions.shipping.labels.label_views import BuyLabel, NamedCourier
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView
from monsoon_plugin.courier import Capability
from monsoon_plugin.errors import ErrorKind, PluginError
from shared.providers.registry import NotOffered
from tests.unit.shipping.conftest import a_day, news, the_shipment
from tests.unit.shipping.events import TARIFF, accepted, cancelled, facts, key, paid, question
from tests.unit.shipping.fake_courier import CONFIG, FakeCourier


@pytest.fixture
def order(store: Any, services: Any, install: Any, couriers: Any, remote: Any) -> Any:
    """Confirm an order by the remote courier, as the queue does, while its plug-in is not offered; answers its shipment."""
    store.keep_facts(facts(), 1)
    installation = install("remote", CONFIG)
    couriers.registry.remove("remote")

    def confirmed() -> Any:
        event = accepted(installation, plugin="remote")
        for heard in (event, paid(event), event):
            confirm(services, a_day, heard)
        return the_shipment(store)

    return confirmed


@pytest.fixture
def label(services: Any, store: Any) -> Any:
    return lambda body, request="1": services.manual_labels(a_day).provide(the_shipment(store), body.wish(), key(request))


def back(couriers: Any, remote: FakeCourier) -> None:
    couriers.registry.add("remote", remote)


def test_it_is_a_draft_that_says_what_to_do_and_nothing_is_dead(order):
    found = order()
    assert (found.state, found.label, found.unsent) == (State.DRAFT, None, True)
    problem = ShipmentView.of(found).problem
    assert problem is not None
    assert (problem.kind, "remote is not offered" in problem.message, "another courier" in problem.remedy) == ("unavailable", True, True)


def test_it_is_labelled_once_when_the_plug_in_is_back(order, remote, couriers, sweep):
    order()
    waiting = sweep(minutes=5)
    assert (waiting.state, bool(waiting.due), remote.bought) == (State.DRAFT, True, 0)
    back(couriers, remote)
    found = sweep(days=1)
    assert (found.state, found.setback, found.awaits_courier, len(found.parcel.packages)) == (State.LABELED, None, False, 1)
    assert (sweep(days=1).state, remote.bought) == (State.LABELED, 1)


def test_a_purchase_that_fails_when_the_plug_in_is_back_is_tried_again_as_any(order, remote, couriers, sweep):
    order()
    back(couriers, remote)
    remote.after = lambda call: (_ for _ in ()).throw(PluginError(ErrorKind.OUTCOME_UNKNOWN, "lost")) if call == "buy" else None
    assert sweep(minutes=2).state is State.PURCHASING
    assert (sweep(minutes=5).state, remote.bought) == (State.LABELED, 1)


def test_what_the_courier_cannot_take_is_told_when_it_is_back(order, remote, couriers, sweep):
    order()
    back(couriers, remote)
    remote.able = remote.able.model_copy(update={"max_weight": 300, "max_packages": 1})
    found = sweep(minutes=2)
    assert (found.state, found.setback.kind, found.due, remote.bought) == (State.DRAFT, ErrorKind.INVALID, "", 0)


def test_a_courier_that_computes_and_hands_out_at_its_place_gives_the_shopper_a_code(order, remote, couriers, sweep):
    order()
    remote.manifest = replace(remote.manifest, allowed_hosts=())
    remote.able = Capability(pickup=True)
    back(couriers, remote)
    found = sweep(minutes=2)
    assert (found.state, found.setback, found.due, len(found.pickup_code)) == (State.LABELED, None, "", 8)


def test_the_merchant_chooses_another_courier_at_once(order, label, couriers, *, remote, install, sweep):
    order()
    other = FakeCourier()
    couriers.registry.add("other", other)
    found = label(BuyLabel(courier=NamedCourier(installation_id=install("other", CONFIG), rate_id="r")))
    assert (found.state, found.choice.plugin, other.bought) == (State.LABELED, "other", 1)
    back(couriers, remote)
    assert (sweep(days=1).choice.plugin, remote.bought, other.bought) == ("other", 0, 1)


def test_the_merchant_may_send_it_with_a_label_of_its_own(order, label, couriers, remote, sweep):
    order()
    assert label(BuyLabel(tracking_number="X123")).state is State.LABELED
    back(couriers, remote)
    assert (sweep(days=1).label.tracking_number, remote.bought) == ("X123", 0)


def test_to_buy_again_of_the_courier_that_is_absent_says_so_and_changes_nothing(order, label, store):
    found = order()
    with pytest.raises(NotOffered, match="remote"):
        label(BuyLabel())
    assert the_shipment(store) == found


def test_its_units_can_be_taken_back_meanwhile(order, services, store, *, couriers, remote, sweep):
    order()
    services.unit_withdrawals(a_day).answer(question({"off_1": 1}))
    assert news(the_shipment(store))["data"]["units"] == {"off_1": 1}
    back(couriers, remote)
    found = sweep(days=1)
    assert (found.state, [content.quantity for content in remote.requests[0].parcel.contents]) == (State.LABELED, [1])


@pytest.mark.parametrize("how", ["cancelled", "emptied"])
def test_what_is_given_up_meanwhile_is_void_and_no_label_is_bought(order, services, couriers, remote, *, sweep, how):
    order()
    if how == "cancelled":
        services.order_shipments(a_day).order_cancelled(cancelled())
    else:
        services.unit_withdrawals(a_day).answer(question({"off_1": 2}))
    assert sweep().state is State.VOIDED
    back(couriers, remote)
    assert (sweep(days=1).state, remote.bought) == (State.VOIDED, 0)


def test_a_plug_in_elsewhere_that_does_not_answer_is_awaited_too(order, remote, couriers, sweep):
    back(couriers, remote)
    answers = remote.capability

    def silent(config: Any) -> Capability:
        raise PluginError(ErrorKind.UNAVAILABLE, "not now")

    remote.capability = silent
    assert (order().state, remote.bought) == (State.DRAFT, 0)
    remote.capability = answers
    assert sweep(minutes=2).state is State.LABELED


def test_goods_that_are_recalled_hold_it(order, store):
    store.recall("off_1", 2, "lead in the glaze")
    assert [hold.reason for hold in order().held] == ["lead in the glaze"]


def test_other_couriers_orders_are_made_as_ever(services, store, install):
    store.keep_facts(facts(), 1)
    confirm(services, a_day, accepted(install("table_rate", TARIFF)))
    assert the_shipment(store).state is State.LABELED
