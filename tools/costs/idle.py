"""What a month costs in which nothing happens, line by line, from the templates themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.templates import functions, template
from tools.costs.prices import HOURS, Prices

LONG_POLL = 20
"""Seconds that Lambda's poller waits at an empty queue."""
FEW, MANY = 2, 5
"""Pollers at an idle queue. "When traffic is low, Lambda scales back the processing to five concurrent batches, and can optimize to as few
as 2 concurrent batches to reduce the SQS calls and corresponding costs. However, this optimization is not available when you enable the
maximum concurrency setting": Lambda developer guide, "Configuring scaling behavior for SQS event source mappings",
docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html. No page says when it does."""
SWEEP_CPU_MS, SWEEP_READS = 6.0, 4.0
"""Of one run of a schedule that finds nothing: its CPU time, and read units (a query of each of four shards takes half a unit at least)."""
LOG_BYTES = 300
"""Lambda's own lines of a run: START, END, REPORT."""
STACKS = ("alarms", "function_alarms", "tables", "bus", "logs", "dashboard")


@dataclass(frozen=True)
class Line:
    """One line of the idle month. `watching`: alarms, dashboard and logs, which are on lines of their own and not in the sum."""

    what: str
    dollars: float
    worst: float
    watching: bool = False


def lines(prices: Prices) -> Iterator[Line]:
    """Every line that is not nothing. `worst` differs where AWS promises a range."""
    few, many = (prices.million("sqs_million_requests", pollers * HOURS * 3600 / LONG_POLL) for pollers in _pollers())
    yield Line(f"{len(_events('SQS'))} queues polled", few, many)
    runs = _runs()
    swept = prices.lambda_time(runs, runs * SWEEP_CPU_MS) + prices.dynamodb(0, runs * SWEEP_READS)
    yield _fixed(f"{len(_events('Schedule'))} schedules, {runs:,.0f} runs", swept)
    yield _fixed("the key of merchants' credentials", prices.of["kms_key_month"])
    secrets = len(_resources("AWS::SecretsManager::Secret"))
    yield _fixed(f"{secrets} secrets", secrets * prices.of["secret_month"])
    keyed = [name for name, table in _resources("AWS::DynamoDB::Table").items() if "SSESpecification" in table["Properties"]]
    if keyed:  # a key of the account's own is asked once in five minutes and table: DynamoDB developer guide, "Encryption at rest"
        yield _fixed(f"{len(keyed)} tables' keys", prices.million("kms_million_requests", len(keyed) * HOURS * 12))
    yield from _watching(prices)


def _watching(prices: Prices) -> Iterator[Line]:
    alarms = _resources("AWS::CloudWatch::Alarm").values()
    metrics = sum(sum("MetricStat" in one for one in alarm["Properties"].get("Metrics", [])) or 1 for alarm in alarms)
    yield _watched(f"alarms over {metrics} metrics", metrics * prices.of["alarm_month"])
    boards = len(_resources("AWS::CloudWatch::Dashboard"))
    yield _watched(f"{boards} dashboard", boards * prices.of["dashboard_month"])
    yield _watched("logs of the schedules' runs", _runs() * LOG_BYTES / 1e9 * prices.of["log_gb"])


def a_later_queue(prices: Prices) -> float:
    """What one more queue adds while it is idle."""
    return prices.million("sqs_million_requests", FEW * HOURS * 3600 / LONG_POLL)


def _runs() -> float:
    return sum(HOURS * 60 / _minutes(event) for event in _events("Schedule"))


def _fixed(what: str, dollars: float) -> Line:
    return Line(what, dollars, dollars)


def _watched(what: str, dollars: float) -> Line:
    return Line(what, dollars, dollars, watching=True)


def _pollers() -> tuple[int, int]:
    queues = _events("SQS")
    return sum(MANY if "ScalingConfig" in queue else FEW for queue in queues), MANY * len(queues)


def _events(kind: str) -> list[dict[str, Any]]:
    made = [event for one in functions().values() for event in one.get("Events", {}).values()]
    return [event["Properties"] for event in made if event["Type"] == kind]


def _minutes(schedule: dict[str, Any]) -> int:
    found = re.fullmatch(r"rate\((\d+) minutes?\)", schedule["Schedule"])
    if found is None:
        raise ValueError(f"{schedule['Schedule']} is no rate of minutes")
    return int(found[1])


def _resources(kind: str) -> dict[str, dict[str, Any]]:
    found = [template(f"infra/{name}.yaml")["Resources"].items() for name in STACKS]
    return {name: body for resources in found for name, body in resources if body["Type"] == kind}
