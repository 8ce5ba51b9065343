"""What a thousand of something costs, by the counts that `make bench` keeps."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.costs.prices import REQUESTS, Prices

COUNTS = Path(__file__).parents[2] / "bench" / "results" / "latest.json"
PUBLISHED = "sns.PublishBatch"
"""How often SNS is asked; a message in a batch is billed as a request of its own, up to 64 KB."""


@dataclass(frozen=True)
class Work:
    """One scenario of the bench, and how many requests to the API it takes."""

    title: str
    scenario: str
    requests: int


WORKS = (
    Work("1,000 orders quoted, placed, paid by Stripe, split, labelled", "order placed → paid → split, Stripe", 3),
    Work("1,000 orders by cash on delivery, delivered", "order placed → paid → split, cash on delivery", 5),
    Work("1,000 products published, whatever the number of storefronts", "publish a product", 1),
    Work("1,000 list pages, nothing read before", "list page of 24, nothing read before", 1),
)


CHECKOUT = "checkout: quoted → placed → paid → split, Stripe"
ONE_EACH = (
    Work("a checkout: quoted, placed, paid by Stripe, split, labelled", CHECKOUT, 3),
    Work("the same without the quote", WORKS[0].scenario, 2),
    Work("an order by cash on delivery, delivered", WORKS[1].scenario, 4),
    Work("a product published", WORKS[2].scenario, 1),
    Work("a list page, nothing read before", WORKS[3].scenario, 1),
    Work("a product page, nothing read before", "product page, nothing read before", 1),
)
"""What the table of calls tells of, one of each."""


def counted() -> dict[str, Any]:
    """The bench's counts by scenario, and when they were made under `measured`."""
    found: dict[str, Any] = json.loads(COUNTS.read_text(encoding="utf-8"))["counts"]
    return found


@dataclass(frozen=True)
class Cost:
    """What a thousand of `work` takes (units of one) and costs (dollars of a thousand)."""

    work: Work
    writes: float
    reads: float
    dynamodb: float
    api: float
    functions: float
    messages: float

    @property
    def sum(self) -> float:
        return self.dynamodb + self.api + self.functions + self.messages


def cost(work: Work, prices: Prices, counts: dict[str, Any]) -> Cost:
    """The door's own reads and time are the caller's, kept for its credential: the counts leave them out."""
    found, wanted = counts[work.scenario], asked(work, counts)
    return Cost(
        work, found["wcu"], found["rcu"],
        dynamodb=1000 * prices.dynamodb(found["wcu"], found["rcu"]),
        api=1000 * prices.million("api_million_requests", work.requests),
        functions=1000 * prices.lambda_time(wanted.runs, found["cpu_ms"]),
        messages=1000 * (
            prices.million("sns_million_publishes", wanted.events) + prices.million("sqs_million_requests", REQUESTS * wanted.messages)
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What one of `work` asks of AWS. `runs`: of functions, one a request, a message and a batch of a stream."""

    work: Work
    dynamodb: int
    events: int
    messages: int
    runs: int


def asked(work: Work, counts: dict[str, Any]) -> Asked:
    """As the bench counted it."""
    found = counts[work.scenario]
    messages, published = found["messages"], found["calls"].get(PUBLISHED, 0)
    return Asked(work, found["dynamodb_calls"], published, messages, work.requests + messages + published)


def by_entry(counts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each function of a checkout did, in the order in which they begin."""
    entries: dict[str, dict[str, Any]] = counts[CHECKOUT]["entries"]
    return {name: tally for name, tally in entries.items() if name != "authorizer"}
