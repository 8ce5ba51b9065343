"""What functions print, and how often they were called: kept, but not without end.

The emulator makes a log's stream for each call, with three lines that say no more than that there was one, and holds four values of metrics
for each call: 4 KB, as much as what the call was about. Here what a function printed is one stream, of which the newest lines stay,
and a minute's values of a metric are one, a statistic set: CloudWatch shows no finer ones either.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import cloudwatch, cloudwatch_logs, lambda_svc

LINES = 1_000
"""Of a function, at least; a fifth more before the oldest go."""
MINUTE, MINUTES = 60, 180
"""Seconds that one point of a metric holds, and how many points."""
Emit = Callable[..., None]
Point = dict[str, Any]


def emitting(first: Emit, now: Callable[[], float] = time.time) -> Emit:
    """What notes a call's lines; `first`: the emulator's own, which makes a function's group of logs."""

    def emit(
        func: Mapping[str, Any], request_id: str, log_text: str, error: bool, duration_ms: int, *, log_source: str | None = None
    ) -> None:
        config = func.get("config") or func
        name = config.get("FunctionName", "unknown")
        place = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{name}"
        group = cloudwatch_logs._log_groups.get(place)
        if group is None or log_source:
            first(func, request_id, log_text, error, duration_ms, log_source=log_source)
        elif log_text:
            moment = int(now() * 1000)
            events = [{"timestamp": moment, "message": line, "ingestionTime": moment} for line in log_text.splitlines()]
            stream = group["streams"].setdefault(f"[{config.get('Version', '$LATEST')}]{name}", _stream(moment))
            cloudwatch_logs._append_log_events(stream, events)
            _forget_oldest(stream)
            cloudwatch_logs._fanout_to_subscription_filters(place, name, events)

    return emit


def _stream(moment: int) -> dict[str, Any]:
    times = dict.fromkeys(("firstEventTimestamp", "lastEventTimestamp", "lastIngestionTime"))
    return {"events": [], "uploadSequenceToken": "1", "creationTime": moment, **times}


def _forget_oldest(stream: dict[str, Any]) -> None:
    if len(stream["events"]) > LINES * 6 // 5:
        with cloudwatch_logs._log_events_lock:
            del stream["events"][:-LINES]
            stream["firstEventTimestamp"] = stream["events"][0]["timestamp"]


def recording(now: Callable[[], float] = time.time) -> Callable[..., None]:
    """What notes a value of one of the emulator's own metrics."""

    def record(namespace: str, name: str, value: float, unit: str = "None", dimensions: Mapping[str, str] | None = None) -> None:
        dims = dict(dimensions or {})
        points: list[Point] = cloudwatch._metric_bucket((namespace, name, cloudwatch._dims_key(dims)))
        minute = int(now()) // MINUTE * MINUTE
        if points and points[-1]["Timestamp"] == minute and "_stat" in points[-1]:
            _add(points[-1], value)
        else:
            stat = {"SampleCount": 1.0, "Sum": value, "Minimum": value, "Maximum": value}
            points.append({"Timestamp": minute, "Value": value, "Unit": unit, "Dimensions": dims, "_stat": stat})
            del points[:-MINUTES]

    return record


def _add(point: Point, value: float) -> None:
    stat = point["_stat"]
    stat["SampleCount"] += 1
    stat["Sum"] += value
    stat["Minimum"], stat["Maximum"] = min(stat["Minimum"], value), max(stat["Maximum"], value)
    point["Value"] = stat["Sum"] / stat["SampleCount"]


def mend() -> None:
    lambda_svc._emit_lambda_logs = emitting(lambda_svc._emit_lambda_logs)
    cloudwatch.record_metric = recording()
