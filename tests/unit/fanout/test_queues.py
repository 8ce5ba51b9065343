"""Each queue of webhooks has a function of its own, which may do what that queue's jobs ask for and no more."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from functions.fanout import handler
from functions.fanout.webhook_delivery.delivery_jobs import EventJob, Job, PingJob, RatesJob, ReadJob, ShardJob
from tests.fakes import sqs

PING = PingJob(tenant="acc_1#sf_1", subscription_id="whk_1", id="dlv_1")
EVENT = EventJob(tenant="acc_1#sf_1", id="evt_1", type="order.placed", place="2026-11-22T12:00:00.000Z#1", told="{}")
DELIVERIES = (ShardJob(id="dlv_1", shard=0, product_ids=["prd_1"]), EVENT, PING, RatesJob(shard=0, day="2026-11-20"))
READ = ReadJob(purpose="replay", tenant="acc_1#sf_1", subscription_id="whk_1")


@dataclass
class Parts:
    """Remembers which of the service's parts were asked for."""

    asked: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        raise AttributeError(name)


@pytest.mark.parametrize(
    ("entry", "job"), [("catchup", job) for job in DELIVERIES] + [("deliver", READ)], ids=lambda value: getattr(value, "kind", value)
)
def test_a_job_of_the_other_queue_is_reported_and_nothing_of_it_is_done(entry: str, job: Job):
    parts = Parts()
    work = replace(getattr(handler, entry), services=lambda: parts)
    assert work(sqs(job.model_dump_json()), None)["batchItemFailures"] == [{"itemIdentifier": "0"}]
    assert parts.asked == []
