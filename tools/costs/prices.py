"""List prices from the dated file in bench/, and what things cost by them. Dollars."""

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parents[2] / "bench" / "prices-2026-11.json"
HOURS = 730
"""Of a month, as AWS counts."""
PATIENCE = 3
"""Lambda's billed time is taken as so many times the measured CPU time, at 1 GB: an estimate, for most of it is waiting."""
REQUESTS = 3
"""Of SQS for a message: SNS's send is free; it is received, deleted, and once in a while received in vain."""


@dataclass(frozen=True)
class Prices:
    """What one unit of each costs, as the file says."""

    read: str
    region: str
    of: dict[str, float]

    @classmethod
    def load(cls, path: Path = FILE) -> "Prices":
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(told["read"], told["region"], {name: price for name, price in told.items() if isinstance(price, int | float)})

    def million(self, what: str, count: float) -> float:
        return self.of[what] * count / 1_000_000

    def lambda_time(self, invocations: float, cpu_ms: float) -> float:
        """So many invocations, with `cpu_ms` of CPU time in all."""
        return self.million("lambda_million_requests", invocations) + cpu_ms / 1000 * PATIENCE * self.of["lambda_gb_second_arm64"]

    def dynamodb(self, writes: float, reads: float) -> float:
        return self.million("dynamodb_million_wru", writes) + self.million("dynamodb_million_rru", reads)
