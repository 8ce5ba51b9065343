"""Units asked back before they leave: one write decides, on the item that "dispatched" writes too; each parcel answers once."""

import json
from typing import Any

import pytest

from functions.shipping.fulfilment.release_events import of_plan
from functions.shipping.fulfilment.shipment_plan import NotYet, unmade
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipments.shipment_views import ShipmentView
from functions.shipping.shipping_items import PlanItem, ShipmentItem
from monsoon_plugin.courier import TrackEvent
from monsoon_plugin.errors import ErrorKind
from shared.errors import Conflict
from shared.trade.product import Size
from tests.unit.shipping.conftest import a_day, news, parcels, report, the_shipment
from tests.unit.shipping.events import (
    ORDER,
    OTHER,
    PICKUP,
    SUPPLIER,
    TARIFF,
    TENANT,
    accepted,
    cancelled,
    facts,
    line,
    paid,
    question,
    recalled,
)  # fmt: skip
from tests.unit.shipping.fake_courier import failing


def plan_news() -> dict[str, Any]:
    event = PlanItem.get(f"{TENANT}#{ORDER}", "plan").event
    return json.loads(event) if event else {}


def test_released_units_leave_the_parcel_with_their_weight_value_and_volume(store, ship, ask):
    ship(line(quantity=3))
    before = the_shipment(store)
    ask({"off_1": 1})
    after = the_shipment(store)
    (was,), (content,) = before.parcel.contents, after.parcel.contents
    assert (content.quantity, content.weight * 3, content.value * 3) == (2, was.weight * 2, was.value * 2)
    assert (after.parcel.weight * 3, after.parcel.volume * 3) == (before.parcel.weight * 2, before.parcel.volume * 2)
    told = news(after)
    assert (told["type"], told["data"]["units"], told["data"]["withdrawal_id"]) == (
        "monsoon.shipment.units_released.v1", {"off_1": 1}, "wdr_1",
    )  # fmt: skip
    assert "parcels" not in told["data"], "it holds something still"
    assert [taken.units for taken in ShipmentView.of(after).taken_back] == [{"off_1": 1}]


def test_the_volume_of_what_stays_is_its_own_whatever_was_said_since_or_was_not_said_of_what_leaves(store, ship, ask):
    store.keep_facts(facts(offer_id="off_3", size=None), 3)
    ship(line(quantity=2), line("off_3", quantity=1))
    assert the_shipment(store).parcel.volume == 0, "a size is not said"
    ask({"off_3": 1})
    assert the_shipment(store).parcel.volume == 2 * 1_000_000
    store.keep_facts(facts(size=Size(length=100, width=100, height=300), version=5), 5)
    ask({"off_1": 1}, withdrawal="wdr_2")
    assert the_shipment(store).parcel.volume == 3_000_000, "not what is left of 2 litres by taking off 3"


def test_what_is_known_of_the_rest_is_taken_off_where_the_size_of_what_stays_is_not_said_any_more(store, ship, ask):
    store.keep_facts(facts(offer_id="off_3"), 3)
    ship(line(quantity=2), line("off_3", quantity=2))
    store.keep_facts(facts(offer_id="off_3", size=None, version=4), 4)
    ask({"off_1": 1})
    assert the_shipment(store).parcel.volume == 3 * 1_000_000


def test_a_question_is_answered_once_and_again_only_when_it_is_asked_anew(store, ship, ask):
    ship(line(quantity=3))
    ask({"off_1": 1})
    once = the_shipment(store)
    ask({"off_1": 1})
    assert the_shipment(store) == once
    ask({"off_1": 1}, attempt=2)
    again = the_shipment(store)
    assert (again.parcel, again.version, news(again)["data"]["units"]) == (once.parcel, once.version + 1, {"off_1": 1})


def test_what_has_left_is_kept_and_the_question_is_told_since_when(store, ship, ask, services):
    ship(line(quantity=3))
    sent = report(services, the_shipment(store), "dispatched")
    ask({"off_1": 1})
    told = news(the_shipment(store))
    assert (told["type"], told["data"]["units"], told["data"]["since"]) == (
        "monsoon.shipment.units_kept.v1", {"off_1": 1}, sent.current.occurred_at,
    )  # fmt: skip
    assert the_shipment(store).parcel == sent.parcel


def test_of_a_dispatch_and_a_question_at_the_same_moment_one_wins_and_the_other_is_told(store, ship, ask, services, monkeypatch):
    """The question read the parcel before it left: its write is refused, and it looks again."""
    ship(line(quantity=3))
    read, raced = type(store).shipment, []

    def racing(self, supplier_id, shipment_id):
        found = read(self, supplier_id, shipment_id)
        if not raced:
            raced.append(True)
            report(services, found, "dispatched")
        return found

    monkeypatch.setattr(type(store), "shipment", racing)
    ask({"off_1": 3}, why="cancel")
    after = the_shipment(store)
    assert (after.state, news(after)["type"]) == (State.IN_TRANSIT, "monsoon.shipment.units_kept.v1")


def test_a_dispatch_that_read_the_parcel_before_it_was_emptied_is_refused(store, ship, ask, services, monkeypatch):
    ship(line(quantity=3))
    read, raced = type(store).shipment, []

    def racing(self, supplier_id, shipment_id):
        found = read(self, supplier_id, shipment_id)
        if not raced:
            raced.append(True)
            ask({"off_1": 3}, why="cancel")
        return found

    monkeypatch.setattr(type(store), "shipment", racing)
    with pytest.raises(Conflict):
        report(services, the_shipment(store), "dispatched")
    assert the_shipment(store).state is State.VOIDED


def test_a_held_and_a_manifested_parcel_have_not_left(store, ship, ask, services):
    ship(line(quantity=3))
    services.recall_walks.offer_recalled(recalled())
    report(services, the_shipment(store), "manifested")
    ask({"off_1": 3}, why="recall")
    after = the_shipment(store)
    assert (after.state, after.held, news(after)) == (State.VOIDED, (), {})
    assert not list(ShipmentItem.by_supplier.query(SUPPLIER)), "no recall looks at it any more"


def test_an_empty_parcel_is_voided_and_the_orders_others_alone_count(store, ship, ask, services):
    ship(line(), line("off_2", OTHER))
    mine, others = parcels(store)[SUPPLIER], parcels(store)[OTHER]
    ask({"off_2": 2}, why="cancel")
    plan = store.plan(TENANT, ORDER)
    assert (parcels(store)[OTHER].state, plan.voided) == (State.VOIDED, {others.id})
    report(services, mine, "dispatched")
    assert news(parcels(store)[SUPPLIER])["data"]["remaining"] == 0


def test_the_answer_of_a_parcel_that_is_empty_says_how_far_the_others_are(store, ship, services, monkeypatch):
    ship(line(), line("off_2", OTHER))
    report(services, parcels(store)[SUPPLIER], "dispatched")
    answers = services.unit_withdrawals(a_day)
    monkeypatch.setattr(answers._labels, "follow", lambda shipment: shipment)
    answers.answer(question({"off_2": 2}))
    told = news(parcels(store)[OTHER])["data"]
    assert (told["parcels"], told.get("remaining", 0), told["undelivered"]) == (1, 0, 1)


@pytest.mark.parametrize("attempts", [1, 2])
def test_what_is_asked_before_the_plan_is_left_out_of_it_and_never_taken_twice(store, ship, ask, attempts):
    ask({"off_1": 1})
    told = plan_news()
    assert (told["type"], told["data"]["units"], told["data"]["supplier_id"], told["data"]["shipment_id"]) == (
        "monsoon.shipment.units_released.v1", {"off_1": 1}, "", ORDER,
    )  # fmt: skip
    ship(line(quantity=3))
    ask({"off_1": 1}, attempt=attempts)
    assert [content.quantity for content in the_shipment(store).parcel.contents] == [2]
    assert bool(plan_news()) is (attempts == 2)


def test_an_order_all_of_which_is_asked_back_before_the_plan_is_never_shipped(store, ship, ask):
    ask({"off_1": 2}, why="cancel")
    ship(line())
    assert store.plan(TENANT, ORDER).shipments == ()


def test_units_that_an_event_leaves_out_already_are_not_left_out_twice(store, ask, fulfilment, install):
    """Paid after one unit was taken off: OrderPaid says so, and is heard before OrderAccepted."""
    ask({"off_1": 1})
    event = accepted(install("table_rate", TARIFF), line(quantity=2))
    fulfilment.order_confirmed(paid(event).model_copy(update={"taken_off": ["wdr_1"]}))
    assert [content.quantity for content in the_shipment(store).parcel.contents] == [2]


def test_a_question_to_an_order_cancelled_before_it_was_planned_is_answered(store, ask, fulfilment):
    fulfilment.order_cancelled(cancelled())
    ask({"off_1": 2})
    assert plan_news()["data"]["units"] == {"off_1": 2}
    fulfilment.order_cancelled(cancelled())


def test_an_old_cancellation_marks_what_was_only_asked(store, ship, ask, fulfilment):
    ask({"off_1": 1})
    fulfilment.order_cancelled(cancelled())
    ship(line())
    assert store.plan(TENANT, ORDER).shipments == ()


def test_of_two_writers_of_a_plan_one_is_refused(store):
    first = unmade(TENANT, ORDER).with_units_back("wdr_1", "", {"off_1": 1}, 1)
    made = unmade(TENANT, ORDER).made("monsoon.order.paid.v1", ())
    assert store.add_plan(first, None) == first
    assert store.add_plan(made, None) == first, "it was noted meanwhile: the plan is made without it"
    over = first.made("monsoon.order.paid.v1", ())
    assert store.add_plan(over, ("ins_1", "2026-11")) == over
    late = first.with_units_back("wdr_2", "", {"off_1": 1}, 1)
    assert not store.save_plan(late, of_plan(late, question({"off_1": 1}, "wdr_2"), "", {"off_1": 1}))
    assert store.standing_plan(TENANT, ORDER) == over


def test_a_question_waits_for_a_parcel_that_is_planned_and_not_written_yet(store, ask, ship, monkeypatch):
    with monkeypatch.context() as cut:
        cut.setattr(type(store), "create", lambda self, shipment: (_ for _ in ()).throw(ConnectionError()))
        with pytest.raises(ConnectionError):
            ship(line())
    with pytest.raises(NotYet):
        ask({"off_1": 1})
    ship(line())
    ask({"off_1": 1})
    assert [content.quantity for content in the_shipment(store).parcel.contents] == [1]


def test_a_label_is_given_back_and_bought_anew_for_what_is_left(order, store, remote, ask):
    first = order()
    ask({"off_1": 1})
    after = the_shipment(store)
    assert (remote.voided, remote.bought, after.state, after.purchase) == ([first.op_key], 2, State.LABELED, 2)
    assert (remote.requests[-1].parcel.weight, after.label.tracking_number, after.relabel, after.old_label) == (400, "T2", False, None)
    assert sum(content.quantity for box in after.parcel.packages for content in box.contents) == 1


def test_an_empty_parcel_whose_label_is_not_given_back_yet_is_not_sent_and_no_scan_moves_it(order, store, remote, ask, services):
    order()
    remote.before = failing(ErrorKind.UNAVAILABLE, "void")
    ask({"off_1": 2}, why="cancel")
    mine = the_shipment(store)
    assert (mine.state, mine.next_reports, ShipmentView.of(mine).given_up) == (State.LABELED, [], True)
    with pytest.raises(Conflict):
        report(services, mine, "dispatched")
    seen = TrackEvent(id="1", state="dispatched", occurred_at=mine.current.occurred_at)
    assert services.courier_polling(a_day).scans.merge(mine, [seen]).state is State.LABELED


def test_no_label_is_bought_anew_before_the_old_one_is_given_back(order, store, remote, ask, sweep):
    first = order()
    remote.before = failing(ErrorKind.UNAVAILABLE, "void")
    ask({"off_1": 1})
    assert (the_shipment(store).state, remote.voided, remote.bought) == (State.PURCHASING, [], 1)
    assert (sweep().state, remote.voided, remote.bought) == (State.LABELED, [first.op_key], 2)


def test_a_label_that_was_to_be_replaced_goes_back_too_when_nothing_is_left_after_a_crash(order, store, remote, ask, sweep):
    def die(call: str) -> None:
        if call == "void":
            raise RuntimeError

    first = order()
    remote.before = die
    with pytest.raises(RuntimeError):
        ask({"off_1": 1})
    remote.before = lambda call: None
    ask({"off_1": 1}, "wdr_2")
    assert (sweep(hours=1).state, remote.voided, remote.bought) == (State.VOIDED, [first.op_key], 1)


def test_a_label_that_its_courier_will_not_take_back_stands_in_no_new_ones_way(order, store, remote, ask):
    order()
    remote.before = failing(ErrorKind.DECLINED, "void")
    ask({"off_1": 1})
    assert (the_shipment(store).state, remote.voided, remote.bought) == (State.LABELED, [], 2)


def test_a_label_stays_where_the_courier_says_that_it_covers_less(order, store, remote, ask):
    remote.able = remote.able.model_copy(update={"label_covers_less": True})
    first = order()
    ask({"off_1": 1})
    after = the_shipment(store)
    assert (remote.voided, remote.bought, after.label, after.relabel) == ([], 1, first.label, False)
    assert sum(box.weight for box in after.parcel.packages) == 400


def test_a_label_that_its_courier_takes_not_back_is_kept_and_the_merchant_reads_why(order, store, remote, ask):
    remote.able = remote.able.model_copy(update={"void": False})
    order()
    ask({"off_1": 1})
    after = the_shipment(store)
    assert (remote.bought, after.state, "takes none back" in after.setback.message) == (1, State.LABELED, True)


def test_units_taken_back_while_the_label_is_being_bought_get_another_label(order, store, remote, ask, sweep):
    remote.after = lambda call: ask({"off_1": 1}) if call == "buy" and remote.bought == 1 else None
    order()
    assert (the_shipment(store).relabel, remote.bought) == (True, 1)
    after = sweep()
    assert (remote.bought, remote.requests[-1].parcel.weight, after.relabel, after.state) == (2, 400, False, State.LABELED)


def test_a_parcel_being_labelled_anew_cannot_leave_with_the_old_label(order, store, remote, ask, services):
    seen: list[Any] = []

    def tries(call: str) -> None:
        if call == "void":
            with pytest.raises(Conflict) as refused:
                report(services, the_shipment(store), "dispatched")
            seen.append(refused.value)

    order()
    remote.before = tries
    ask({"off_1": 1})
    assert len(seen) == 1


def test_a_parcel_to_be_collected_can_be_taken_back_until_it_is_at_the_counter(store, fulfilment, install, ask, services):
    fulfilment.order_confirmed(accepted(install("local_pickup", PICKUP), plugin="local_pickup", rate="pickup"))
    report(services, the_shipment(store), "ready_for_pickup")
    ask({"off_1": 1})
    assert news(the_shipment(store))["type"] == "monsoon.shipment.units_kept.v1"


def test_shipments_and_plans_of_before_this_are_read(store, ship):
    ship()
    mine, plan = the_shipment(store), store.plan(TENANT, ORDER)
    new = {"taken_back", "relabel", "old_label", "old_key"}
    assert Shipment.model_validate_json(mine.model_dump_json(exclude=new, by_alias=True)) == mine
    assert type(plan).model_validate_json(plan.model_dump_json(exclude={"voided", "taken_back", "told"})) == plan


def test_facts_of_before_sizes_and_destinations_are_read():
    known = facts()
    kept = ParcelFacts.model_validate_json(known.model_dump_json(exclude={"size", "ships_to"}))
    assert kept == known.model_copy(update={"size": None})
