"""Messages grow with shards, never with subscriptions, and no change is forgotten."""

from datetime import timedelta

import pytest

from functions.fanout.webhook_delivery.change_planner import REMEMBERED, ChangePlanner, changed_products
from functions.fanout.webhook_delivery.delivery_jobs import ShardJob, job_of
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
    planner(queue, [3], FakeClock()).plan({f"prd_{n}": "" for n in range(MOST_CHANGES + 1)})
    assert [(job.shard, len(job.product_ids)) for job in queue.jobs] == [(0, 100), (1, 100), (2, 100), (0, 1), (1, 1), (2, 1)]


def test_a_new_shard_is_known_within_seconds():
    queue, shards, clock = Kept(), [1], FakeClock()
    plan = planner(queue, shards, clock).plan
    plan({"prd_1": ""})
    shards.append(2)
    plan({"prd_1": ""})
    assert len(queue.jobs) == 2
    clock.tick(seconds=REMEMBERED.total_seconds())
    plan({"prd_1": ""})
    assert len(queue.jobs) == 4


def test_what_the_queue_refuses_is_raised_so_that_the_stream_gives_it_again():
    with pytest.raises(RuntimeError):
        planner(Refusing(), [1], FakeClock()).plan({"prd_1": ""})


def test_records_that_are_no_change_of_a_product_are_passed_over_and_each_product_named_once():
    def record(pk: object, sk: str, name: str = "MODIFY") -> dict[str, object]:
        return {"eventName": name, "dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}}}

    records = [
        record("product#prd_1", "change"), record("product#prd_1", "change"), record("shard#0", "head"),
        record("product#prd_2", "change", "REMOVE"), {}, {"dynamodb": {"Keys": {"sk": {"S": "change"}}}},
    ]  # fmt: skip
    assert changed_products(records) == {"prd_1": ""}


def test_a_shards_message_fits_the_queue():
    """Ten of the largest go in one call, of 256 KB."""
    products = [f"prd_{n:026}" for n in range(MOST_CHANGES)]
    since = dict.fromkeys(products, "2026-11-30T12:00:00.000Z")
    assert 10 * len(ShardJob(id="dlv_" + "0" * 26, shard=999, product_ids=products, since=since).model_dump_json()) < 128 * 1024


def test_of_a_product_of_which_only_costs_have_changed_the_state_before_all_its_records_is_told_too():
    def record(at: str, before: str, **image: object) -> dict[str, object]:
        images = {"OldImage": {"at": {"S": f"{before}#prd_1"}}, "NewImage": {"at": {"S": f"{at}#prd_1"}, **image}}
        return {"eventName": "MODIFY", "dynamodb": {"Keys": {"pk": {"S": "product#prd_1"}, "sk": {"S": "change"}}, **images}}

    first, second = record("09:01", "09:00", earlier={"S": "{}"}), record("09:02", "09:01", earlier={"S": "{}"})
    assert changed_products([first, second]) == {"prd_1": "09:00"}
    assert changed_products([record("09:01", "09:00"), second]) == {"prd_1": ""}, "all is new"


def test_a_message_without_such_is_as_a_release_before_it_reads_it():
    assert "since" not in ShardJob(id="dlv_1", shard=0, product_ids=["prd_1"]).model_dump_json()
    assert job_of(ShardJob(id="dlv_1", shard=0, product_ids=["prd_1"], since={"prd_1": "09:00"}).model_dump_json()).since  # type: ignore[union-attr]
