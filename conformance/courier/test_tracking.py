"""What the courier says of a parcel."""

from typing import get_args

import pytest

from conformance.courier.courier_under_trial import CourierUnderTrial
from monsoon_plugin.clock import from_rfc3339, rfc3339
from monsoon_plugin.courier import Progress, TrackEvent


@pytest.fixture
def delivered(labels: CourierUnderTrial) -> list[TrackEvent]:
    """What is told of a parcel that the stand-in has delivered, asked twice."""
    if labels.trial.scan is None:
        pytest.skip("the stand-in delivers nothing")
    label = labels.buy_one().label
    labels.trial.scan(labels.address, label.tracking_number)
    events = labels.track(label)
    assert events == labels.track(label)
    return events


def test_a_parcel_that_nobody_has_scanned_is_not_on_its_way(labels: CourierUnderTrial) -> None:
    assert {event.state for event in labels.track(labels.buy_one().label)} <= {"manifested"}


def test_a_delivered_parcel_is_told_of(delivered: list[TrackEvent]) -> None:
    assert delivered[-1].state == "delivered"


def test_events_are_states_of_ours_in_order(delivered: list[TrackEvent]) -> None:
    assert {event.state for event in delivered} <= set(get_args(Progress))
    assert [event.occurred_at for event in delivered] == sorted(event.occurred_at for event in delivered)


def test_events_have_a_time_in_utc(delivered: list[TrackEvent]) -> None:
    assert all(rfc3339(from_rfc3339(event.occurred_at)) == event.occurred_at for event in delivered)


def test_events_have_names_of_their_own(delivered: list[TrackEvent]) -> None:
    assert len({event.id for event in delivered}) == len(delivered)
    assert all(0 < len(event.id) <= 64 for event in delivered)
