"""What it costs, by the price file. Pure.

A queue's message is three requests (sent, received, deleted), as if no two ever shared a call; a function's time is its CPU time and the
waiting that is stated here. So the truth is cheaper.
"""

from dataclasses import dataclass
from typing import Any

from bench.fanout.pushing import Work
from bench.fanout.timing import Load, Setting

MEMORY_GB = 0.5
WORKER_S = 0.05
"""Of a worker or of publish for one message, billed."""
REQUESTS_A_MESSAGE = 3
LISTED_BYTES = 12
"""Of one success in a shard's record (functions.fanout.webhook_delivery.delivery_log)."""


@dataclass(frozen=True)
class Prices:
    """Dollars of one unit each."""

    file: dict[str, Any]

    def million(self, name: str, count: float) -> float:
        return float(self.file[name]) * count / 1e6

    def functions(self, invocations: float, seconds: float) -> float:
        time = seconds * MEMORY_GB * float(self.file["lambda_gb_second_arm64"])
        return self.million("lambda_million_requests", invocations) + time

    def publication(self, cost: dict[str, Any]) -> dict[str, float]:
        """One product's change, however many storefronts there are. Each message is a worker's invocation, each event one of publish."""
        invocations = cost["sqs"] + cost["sns"]
        return _summed(
            {
                "DynamoDB": self.million("dynamodb_million_wru", cost["wcu"]) + self.million("dynamodb_million_rru", cost["rcu"]),
                "SNS": self.million("sns_million_publishes", cost["sns"]),
                "SQS": self.million("sqs_million_requests", cost["sqs"] * REQUESTS_A_MESSAGE),
                "Lambda": self.functions(invocations, invocations * WORKER_S),
            }
        )

    def pushes(self, load: Load, work: Work, setting: Setting) -> dict[str, float]:
        """One product's change, told to all endpoints that are to hear of it: `work` is that of one change."""
        waiting = load.shards * (-(-load.deliveries // setting.at_once)) * setting.endpoint[0] / 1000
        busy = work.cpu + work.deliveries * setting.post_cpu_ms / 1000
        records = load.shards * max(1, -(-load.deliveries * LISTED_BYTES // 1024)) if work.deliveries else 0
        reads = load.shards * 2 + load.shards * setting.cold_share * load.size
        return _summed(
            {
                "DynamoDB": self.million("dynamodb_million_wru", records) + self.million("dynamodb_million_rru", reads),
                "SQS": self.million("sqs_million_requests", load.shards * REQUESTS_A_MESSAGE),
                "Lambda": self.functions(load.shards + 1, waiting + busy + WORKER_S),
                "transfer": work.bytes / 1e9 * float(self.file["transfer_out_gb"]),
            }
        )

    def naive(self, storefronts: int) -> dict[str, float]:
        """A message and a write for each storefront, as queues are often used: no rule is looked at before."""
        return _summed(
            {
                "DynamoDB": self.million("dynamodb_million_wru", storefronts),
                "SQS": self.million("sqs_million_requests", storefronts * REQUESTS_A_MESSAGE),
                "Lambda": self.functions(storefronts / 10, storefronts / 10 * WORKER_S),
            }
        )


def _summed(parts: dict[str, float]) -> dict[str, float]:
    return parts | {"sum": sum(parts.values())}
