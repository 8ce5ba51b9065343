"""What couriers say of parcels: in any order, doubled, forged, late; the log only grows and the state never goes back."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.shipping.shipments.shipment import MAX_EVENTS, Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.shipping_store import ShipmentItem
from functions.shipping.tracking.courier_notices import CourierNotices
from functions.shipping.tracking.courier_polling import FORGOTTEN
from functions.shipping.tracking.courier_scans import MAX_NOTED, after_scan
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import Label, TrackEvent
from monsoon_plugin.errors import ErrorKind
from monsoon_plugin.plugin import RawWebhook
from shared.errors import NotFound, Unavailable
from shared.providers.notices import NoticeRefused
from tests.fakes import NOON
from tests.unit.shipping.conftest import a_day, the_shipment
from tests.unit.shipping.events import SUPPLIER
from tests.unit.shipping.fake_courier import failing
from tests.unit.shipping.shipments.test_shipment import shipment

PROGRESS = ["manifested", "dispatched", "out_for_delivery", "ready_for_pickup", "delivered", "on_hold", "delivery_failed", "returning",
            "returned", "lost"]  # fmt: skip


def told(number: int, state: str, hours: float, **more: str) -> TrackEvent:
    return TrackEvent(f"e{number}", state, rfc3339(NOON + timedelta(hours=hours)), **more)  # type: ignore[arg-type]


WAY = [told(1, "dispatched", 1, location="Shenzhen"), told(2, "out_for_delivery", 30), told(3, "delivered", 31)]


@pytest.fixture
def notices(services: Any) -> CourierNotices:
    return services.courier_notices(a_day)


def notice(notices: CourierNotices, couriers: Any, found: Shipment, body: str, signature: str = "good") -> None:
    installation = couriers.store.find_by_id(found.choice.installation_id)
    notices.take(installation, RawWebhook(body.encode(), {"signature": signature}))


def news(found: Shipment) -> str | None:
    event = ShipmentItem.get(f"{SUPPLIER}#shipments", found.id).event
    return str(json.loads(event)["type"]) if event else None


def states(found: Shipment) -> list[tuple[str, bool]]:
    return [(event.state.value, event.late) for event in found.log[3:]]


def test_a_poll_brings_what_happened_and_tells_of_it_once(order, remote, sweep):
    order()
    remote.way = WAY[:1]
    found = sweep(hours=2)
    assert (found.state, news(found), found.log[-1].location) == (State.IN_TRANSIT, None, "Shenzhen")
    remote.way = WAY
    found = sweep(hours=40)
    assert (found.state, news(found)) == (State.DELIVERED, "monsoon.shipment.delivered.v1")
    assert states(found) == [("in_transit", False), ("out_for_delivery", False), ("delivered", False)]
    assert found.due == ""


def test_what_is_silent_is_asked_ever_more_rarely_and_at_last_no_more(order, remote, sweep, clock):
    asked = []
    remote.before = lambda call: asked.append(clock()) if call == "track" else None
    order()
    for _ in range(145):
        sweep(hours=11)
    gaps = [(later - earlier) / timedelta(hours=1) for earlier, later in pairwise(asked)]
    assert gaps == sorted(gaps)
    assert max(gaps) <= 22
    assert asked[-1] - NOON < FORGOTTEN + timedelta(hours=13)
    assert len(asked) < 150


def test_a_courier_that_cannot_be_asked_is_asked_later(order, remote, sweep, couriers):
    order()
    remote.before = failing(ErrorKind.UNAVAILABLE, "track")
    remote.way = WAY[:1]
    assert sweep(hours=1).state is State.LABELED
    assert couriers.heard[-1][1] == ErrorKind.UNAVAILABLE
    assert sweep(hours=2).state is State.IN_TRANSIT


def test_a_courier_whose_parcels_cannot_be_polled_is_not(order, remote, sweep):
    remote.able = remote.able.model_copy(update={"tracking": "webhook"})
    assert order().due == ""
    assert sweep(days=1).state is State.LABELED


def test_one_parcel_that_fails_keeps_no_other_waiting_and_is_told(order, services):
    found = order()

    class Odd:
        def poll(self, shipment: Shipment) -> Shipment:
            seen.append(shipment.id)
            if len(seen) == 1:
                raise ValueError("odd")
            return shipment

    seen: list[str] = []
    with pytest.raises(ExceptionGroup, match="1 of 2"):
        replace(services.sweep(a_day), polling=Odd()).run([found, found])
    assert len(seen) == 2


def test_a_notice_moves_the_parcel_that_its_number_leads_to_once(order, remote, notices, *, couriers, store, clock):
    found = order()
    clock.tick(hours=2)
    remote.way = WAY[:1]
    for _ in range(2):
        notice(notices, couriers, found, "T1 n1")
    assert states(the_shipment(store)) == [("in_transit", False)]
    assert news(the_shipment(store)) == "monsoon.shipment.dispatched.v1"


def test_a_notice_without_events_asks_the_courier(order, remote, notices, *, couriers, store, clock):
    found = order()
    clock.tick(hours=2)
    remote.track = lambda ctx, label: WAY[:1]
    notice(notices, couriers, found, "T1 n1")
    assert the_shipment(store).state is State.IN_TRANSIT


def test_a_notice_that_could_not_be_worked_off_counts_when_it_comes_again(order, remote, notices, *, couriers, store, clock):
    found = order()
    clock.tick(hours=2)
    remote.able = remote.able.model_copy(update={"tracking": "webhook"})
    asked = []

    def once(ctx: Any, label: Any) -> Any:
        asked.append(label)
        if len(asked) == 1:
            failing(ErrorKind.UNAVAILABLE, "track")("track")
        return WAY[:1]

    remote.track = once
    with pytest.raises(Unavailable):
        notice(notices, couriers, found, "T1 n1")
    notice(notices, couriers, found, "T1 n1")
    assert the_shipment(store).state is State.IN_TRANSIT


def test_a_notice_whose_handling_was_cut_off_is_handled_when_it_comes_again(order, remote, notices, *, couriers, store, clock):
    class Killed(BaseException):
        """The process is gone; nothing catches this."""

    def killed(ctx: Any, label: Any) -> Any:
        raise Killed

    found = order()
    clock.tick(hours=2)
    remote.track = killed
    with pytest.raises(Killed):
        notice(notices, couriers, found, "T1 n1")
    remote.track = lambda ctx, label: WAY[:1]
    notice(notices, couriers, found, "T1 n1")
    assert the_shipment(store).state is State.IN_TRANSIT


def test_a_forged_notice_and_one_for_nobody_are_refused_and_an_unknown_parcel_is_dropped(order, remote, notices, couriers, store):
    found = order()
    remote.way = WAY
    with pytest.raises(NoticeRefused):
        notice(notices, couriers, found, "T1 n1", signature="bad")
    with pytest.raises(NotFound):
        notices.take(None, RawWebhook(b"", {}))
    notice(notices, couriers, found, "T999 n2")
    notice(notices, couriers, found, "")
    assert the_shipment(store) == found


def test_steps_that_a_courier_leaves_out_are_allowed(order, remote, sweep):
    order()
    remote.way = [WAY[2]]
    assert states(sweep(hours=40)) == [("in_transit", False), ("delivered", False)], "a parcel that is delivered was on its way"


def test_late_events_of_notices_are_recorded_as_late(order, remote, notices, *, couriers, store, clock):
    found = order()
    clock.tick(hours=40)
    for i, event in enumerate((WAY[1], WAY[0], WAY[2])):
        remote.way = [event]
        notice(notices, couriers, found, f"T1 n{i}")
    assert states(the_shipment(store)) == [("in_transit", False), ("out_for_delivery", False), ("in_transit", True), ("delivered", False)]


@given(st.lists(st.tuples(st.integers(1, 12), st.sampled_from(PROGRESS), st.integers(0, 100)), max_size=120))
def test_whatever_a_courier_tells_in_whatever_order_the_log_grows_and_ends_stay_ends(events):
    found = shipment(State.PURCHASING, State.LABELED).amended(label=Label(tracking_number="T1"))
    for number, state, hours in events:
        before = found
        found = after(before, told(number * 1000 + hours, state, hours))
        assert found.log[: len(before.log)] == before.log
        assert len(found.log) <= MAX_EVENTS + 1
        if before.state in (State.DELIVERED, State.RETURNED):
            assert found.state is before.state


def after(found: Shipment, event: TrackEvent) -> Shipment:
    steps = after_scan(found, event, NOON + timedelta(hours=200))
    return steps[-1] if steps else found


def test_a_courier_that_talks_without_end_fills_a_part_of_the_log_only():
    found = shipment(State.PURCHASING, State.LABELED).amended(label=Label(tracking_number="T1"))
    for i in range(200):
        found = after(found, told(i, "dispatched", i / 10))
    assert len(found.log) == MAX_NOTED
    assert after(found, told(999, "delivered", 50)).state is State.DELIVERED


def test_an_event_of_the_future_is_not_believed():
    found = shipment(State.PURCHASING, State.LABELED).amended(label=Label(tracking_number="T1"))
    assert after_scan(found, told(1, "delivered", 1), NOON) == []
