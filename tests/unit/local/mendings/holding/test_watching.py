"""What functions printed is found again, the newest of it, and a minute's values are one that says as much."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from ministack.services import cloudwatch, cloudwatch_logs

from local.mendings.holding.watching import LINES, MINUTES, emitting, recording

GROUP = "/monsoon/watching"
FUNCTION = {"config": {"FunctionName": "OrdersApi", "Version": "3", "LoggingConfig": {"LogGroup": GROUP}}}
MOMENTS = count(1_800_000_000)


@pytest.fixture
def group() -> Iterator[str]:
    cloudwatch_logs._log_groups[GROUP] = {"subscriptionFilters": {}, "streams": {}}
    yield GROUP
    del cloudwatch_logs._log_groups[GROUP]


def found() -> list[str]:
    """As DescribeLogStreams and FilterLogEvents tell it."""
    _, _, body = cloudwatch_logs._filter_log_events({"logGroupName": GROUP})
    return [event["message"] for event in json.loads(body)["events"]]


def first(*_: Any, **__: Any) -> None:
    raise AssertionError("the group is there")


def test_what_a_function_printed_is_in_one_stream_and_a_call_that_printed_nothing_leaves_nothing(group: str):
    emit = emitting(first, now=lambda: next(MOMENTS))
    for printed in ("one\ntwo\n", "", "three"):
        emit(FUNCTION, "r-1", printed, False, 4)
    assert found() == ["one", "two", "three"]
    assert list(cloudwatch_logs._log_groups[group]["streams"]) == ["[3]OrdersApi"]


@pytest.mark.usefixtures("group")
def test_of_what_a_function_prints_without_end_the_newest_stays():
    emit = emitting(first, now=lambda: next(MOMENTS))
    for number in range(3 * LINES):
        emit(FUNCTION, "r-1", f"line {number}", False, 4)
    (stream,) = cloudwatch_logs._log_groups[GROUP]["streams"].values()
    kept = [event["message"] for event in stream["events"]]
    assert kept[-1] == f"line {3 * LINES - 1}"
    assert LINES <= len(kept) <= LINES * 1.2
    assert stream["firstEventTimestamp"] == stream["events"][0]["timestamp"]


def test_where_there_is_no_group_yet_the_emulator_makes_it():
    asked: list[Any] = []
    emitting(lambda *given, **_: asked.append(given))(FUNCTION, "r-1", "one", True, 4)
    assert asked == [(FUNCTION, "r-1", "one", True, 4)]


def statistics(namespace: str) -> dict[str, Any]:
    """Of all points together, as GetMetricStatistics counts them."""
    (points,) = [points for (space, _, _), points in cloudwatch._metrics.items() if space == namespace]
    told: dict[str, Any] = cloudwatch._calc_stats(points)
    return told | {"points": len(points)}


def test_a_minutes_values_are_one_point_with_their_number_sum_least_and_most():
    record = recording(now=lambda: 1_800_000_000 + next(seconds))
    seconds = iter((0, 30, 59, 60))
    for took in (10.0, 40.0, 25.0, 5.0):
        record("Test/Minute", "Duration", took, "Milliseconds", {"FunctionName": "OrdersApi"})
    assert statistics("Test/Minute") == {"SampleCount": 4, "Sum": 80, "Average": 20, "Minimum": 5, "Maximum": 40, "points": 2}


def test_the_oldest_points_go():
    minutes = count(30_000_000)
    record = recording(now=lambda: 60 * next(minutes))
    for _ in range(MINUTES + 20):
        record("Test/Old", "Invocations", 1)
    assert statistics("Test/Old")["points"] == MINUTES
