"""What the dashboard shows of orders and money: counted where every event passes, and written as log lines that CloudWatch reads.

A stream that brings a batch again counts it again: these are figures to look at, the books are settlement's.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

NAMESPACE = "Monsoon"
COUNTED = {
    "monsoon.order.placed.v1": "OrdersPlaced", "monsoon.order.paid.v1": "OrdersPaid",
    "monsoon.order.cancelled.v1": "OrdersCancelled", "monsoon.order.refunded.v1": "OrdersRefunded",
}  # fmt: skip
MONEY = {
    "monsoon.order.paid.v1": ("Paid", ("regained", "total")), "monsoon.order.refunded.v1": ("Refunded", ("amount",)),
    "monsoon.order.payment_lost.v1": ("Lost", ("amount",)),
}  # fmt: skip
"""An event's type → its figure, and the fields that may hold the amount, in minor units, the first that does. Who pays anew pays
what it regains."""
Figures = Counter[tuple[str, str]]
"""(the figure's name, its currency or nothing) → its sum."""


def figures(envelopes: Iterable[str]) -> Figures:
    """Of these events; those in test mode count nothing."""
    found: Figures = Counter()
    for text in envelopes:
        found.update(_of(json.loads(text)))
    return found


def _of(event: dict[str, Any]) -> Figures:
    found, type_, data = Counter[tuple[str, str]](), event["type"], event.get("data", {})
    if data.get("test"):
        return found
    if type_ in COUNTED:
        found[COUNTED[type_], ""] += 1
    if type_ in MONEY and "currency" in data:  # a figure that is wrong is better than a bus that stands
        name, fields = MONEY[type_]
        found[name, data["currency"]] += next((data[field] for field in fields if data.get(field)), 0)
    return found


def lines(found: Figures, stage: str, now: datetime) -> Iterator[str]:
    """Log lines in CloudWatch's embedded metric format, one for the counts and one a currency.

    docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    for currency in sorted({currency for _, currency in found}):
        sums = {name: number for (name, known), number in found.items() if known == currency and number}
        dimensions = {"Stage": stage} | ({"Currency": currency} if currency else {})
        directive = {"Namespace": NAMESPACE, "Dimensions": [list(dimensions)], "Metrics": [{"Name": name} for name in sums]}
        if sums:
            stamp = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [directive]}
            yield json.dumps({"_aws": stamp, **dimensions, **sums})
