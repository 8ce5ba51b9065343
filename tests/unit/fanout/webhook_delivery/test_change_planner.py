"""Messages grow with shards, never with subscriptions, and no change is forgotten."""

from datetime import timedelta

import pytest

from functions.fanout.webhook_delivery.change_planner import REMEMBERED, ChangePlanner, changed_products
from functions.fanout.webhook_delivery.delivery_jobs import Job, ShardJob
from functions.fanout.webhook_delivery.signed_delivery import MOST_CHANGES
from tests.fakes import FakeClock


class Kept:
    def __init__(self) -> None:
        self.jobs: list[ShardJob] = []

    def send(self, jobs: object, delay: timedelta = timedelta(0)) -> None:
        self.jobs += jobs  # type: ignore[operator]


class Refusing(Kept):
    def send(self, jobs: object, delay: timedelta = timedelta(0)) -> None:
        raise RuntimeError("throttled")


def planner(queue: Kept, shards: list[int], clock: FakeClock) -> ChangePlanner:
    return ChangePlanner(lambda: shards[-1], queue, lambda now: f"dlv_{now:%S}", clock)


def test_each_shard_gets_one_message_for_a_hundred_products():
    queue = Kept()
    planner(queue, [3], FakeClock()).plan([f"prd_{n}" for n in range(MOST_CHANGES + 1)])
    assert [(job.shard, len(job.product_ids)) for job in queue.jobs] == [(0, 100), (1, 100), (2, 100), (0, 1), (1, 1), (2, 1)]


def test_a_new_shard_is_known_within_seconds():
    queue, shards, clock = Kept(), [1], FakeClock()
    plan = planner(queue, shards, clock).plan
    plan(["prd_1"])
    shards.append(2)
    plan(["prd_1"])
    assert len(queue.jobs) == 2
    clock.tick(seconds=REMEMBERED.total_seconds())
    plan(["prd_1"])
    assert len(queue.jobs) == 4


def test_what_the_queue_refuses_is_raised_so_that_the_stream_gives_it_again():
    with pytest.raises(RuntimeError):
        planner(Refusing(), [1], FakeClock()).plan(["prd_1"])


def test_records_that_are_no_change_of_a_product_are_passed_over_and_each_product_named_once():
    def record(pk: object, sk: str, name: str = "MODIFY") -> dict[str, object]:
        return {"eventName": name, "dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}}}

    records = [
        record("product#prd_1", "change"), record("product#prd_1", "change"), record("shard#0", "head"),
        record("product#prd_2", "change", "REMOVE"), {}, {"dynamodb": {"Keys": {"sk": {"S": "change"}}}},
    ]  # fmt: skip
    assert changed_products(records) == ["prd_1"]


def test_a_shards_message_fits_the_queue():
    job: Job = ShardJob(id="dlv_" + "0" * 26, shard=999, product_ids=["prd_" + "0" * 26] * MOST_CHANGES)
    assert 10 * len(job.model_dump_json()) < 64 * 1024
