"""Lambda stops a function that sends itself messages after some 16 of them, unless the template says that it is meant.

docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html: the count travels with a message, in its trace header.
"""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest

from functions.catalog.sanctions.sanction_rollout import PAGE, SanctionJob, SanctionRollout
from functions.catalog.sanctions.supplier_standing import SupplierStanding
from infra.granted_rights import granted
from infra.templates import functions

FUNCTIONS = functions()
CUT_AT = 16
OFFERS = 100_000


def queues(value: Any) -> set[str]:
    return {re.sub("(Url|Arn)$", "", name) for name in re.findall(r"Outputs\.(\w+)", json.dumps(value))}


def sends_to(name: str) -> set[str]:
    """The queues that a function may send to."""
    return {resource for action, resource in granted(name) if action == "sqs:SendMessage"}


def is_woken_by(name: str) -> set[str]:
    return {
        queue for one in FUNCTIONS[name].get("Events", {}).values() if one["Type"] == "SQS" for queue in queues(one["Properties"]["Queue"])
    }


def woken_by(name: str) -> set[str]:
    """The functions that a message of `name` wakes, at once or by another's message."""
    found, waiting = set[str](), [name]
    while waiting:
        sent = sends_to(waiting.pop())
        next_ones = {other for other in FUNCTIONS if is_woken_by(other) & sent} - found
        found |= next_ones
        waiting += next_ones
    return found


LOOPS = sorted(name for name in FUNCTIONS if name in woken_by(name))


def test_the_functions_that_wake_themselves_are_known():
    assert LOOPS == ["CatalogSanctions", "FanoutCatchup", "PicturesFetcher", "UploadsFeeds"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_may_wake_itself_if_it_does_and_only_then(name: str):
    assert FUNCTIONS[name].get("RecursiveLoop") == ("Allow" if name in LOOPS else None)


class Guarded:
    """A queue whose messages carry the count that Lambda keeps of one function's own."""

    def __init__(self, function: str) -> None:
        self.allowed = FUNCTIONS[function].get("RecursiveLoop") == "Allow"
        self.waiting: list[tuple[SanctionJob, int]] = []
        self.count, self.most = 0, 0

    def send(self, job: SanctionJob, delay: int) -> None:
        if self.allowed or self.count < CUT_AT:
            self.waiting.append((job, self.count + 1))

    def work(self, carry_out: Any) -> None:
        while self.waiting:
            job, self.count = self.waiting.pop(0)
            self.most = max(self.most, self.count)
            carry_out(job)


def walked(queue: Guarded) -> list[str]:
    """The offers of a supplier of 100,000 that a suspension goes through."""
    seen: list[str] = []

    def page(supplier_id: str, after: str, limit: int) -> list[Any]:
        start = int(after[4:]) + 1 if after else 0
        return [SimpleNamespace(product_id=f"prd_{n:06d}") for n in range(start, min(start + limit, OFFERS))]

    standing = SupplierStanding("acc_1", "suspended", "sold copies", version=1)
    standings: Any = SimpleNamespace(standing=lambda supplier_id: standing)
    applied: Any = SimpleNamespace(apply_sanction=lambda offer, _: seen.append(offer.product_id))
    rollout = SanctionRollout(standings, SimpleNamespace(page=page), applied, queue.send)
    queue.send(SanctionJob(supplier_id="acc_1", version=1), 0)
    queue.work(rollout.carry_out)
    return seen


def test_a_suspension_goes_through_a_hundred_thousand_offers_twice_though_its_messages_are_counted():
    queue = Guarded("CatalogSanctions")
    seen = walked(queue)
    assert len(seen) == 2 * OFFERS
    assert len(set(seen)) == OFFERS
    assert queue.most > 2 * OFFERS / PAGE


def test_unallowed_it_would_end_after_some_thousands():
    queue = Guarded("CatalogSanctions")
    queue.allowed = False
    assert len(walked(queue)) <= (CUT_AT + 1) * PAGE
