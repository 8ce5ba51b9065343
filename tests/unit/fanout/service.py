"""fanout as its tests serve it: the real table definition, and everything else in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from functions.fanout import handler
from functions.fanout.bootstrap import AddressSettings, Services, Settings, StageSettings, WebhookSettings
from functions.fanout.day_rates import DayRates
from functions.fanout.webhook_delivery.delivery_jobs import Job
from functions.fanout.webhook_delivery.signed_delivery import PostAll
from monsoon_plugin.outbound.call import Outcome, Request
from shared.api.service import Service
from shared.bus import envelope
from shared.messages import Message, StorefrontConfigured
from shared.trade.selection import PriceRule, Selection
from tests.fakes import MEDIA, NOON, TICKETS, FakeObjects, sqs


@dataclass
class Kept:
    """A queue that keeps its jobs, whenever they are to show (delivery_jobs.JobQueue)."""

    jobs: list[Job] = field(default_factory=list)

    def send(self, jobs: Iterable[Job], delay: timedelta = timedelta(0)) -> None:
        self.jobs += jobs

    def take(self) -> list[Job]:
        taken, self.jobs = self.jobs, []
        return taken


def nobody(requests: Sequence[Request]) -> Sequence[Outcome]:
    raise AssertionError("nobody subscribes here")


class Fanout:
    """The service's parts and entry points."""

    def __init__(self, table: str, post_all: PostAll = nobody) -> None:
        self.reference, self.deliveries, self.catchups = FakeObjects(), Kept(), Kept()
        self.services = Services(
            Settings(table), *(AddressSettings(MEDIA), WebhookSettings(""), StageSettings("test")), tickets=TICKETS,
            rates=DayRates(self.reference), deliveries=self.deliveries, catchups=self.catchups, post_all=post_all,
            webhook_secret=lambda: "a secret of 32 bytes or more, for tests",
        )  # fmt: skip
        self.app = Service("fanout", lambda: self.services, handler.ROUTES)
        self.planner = replace(handler.planner, services=lambda: self.services)
        self.sweep = replace(handler.sweep, services=lambda: self.services)

    def tell(self, *messages: Message) -> None:
        self.hear(*(envelope(message, NOON) for message in messages))

    def hear(self, *envelopes: str) -> None:
        assert replace(handler.worker, services=lambda: self.services)(sqs(*envelopes), None) == {"batchItemFailures": []}

    def drain(self, queue: Kept) -> list[Any]:
        """Deliver what waits; answers the jobs."""
        jobs = queue.take()
        entry = handler.deliver if queue is self.deliveries else handler.catchup
        deliver = replace(entry, services=lambda: self.services)
        for job in jobs:
            assert deliver(sqs(job.model_dump_json()), None) == {"batchItemFailures": []}
        return jobs


def configured(version: int = 1, selection: Selection | None = None, **more: Any) -> StorefrontConfigured:
    told = {name: more.pop(name) for name in ("open", "suspended", "storefront_id") if name in more}
    return StorefrontConfigured(
        version=version, account_id="acc_1", name="Lantern", selection=selection or Selection(), price_rule=PriceRule(**more),
        **({"storefront_id": "sf_1", "open": True} | told),
    )  # fmt: skip
