"""What pictures hears: files that have arrived in its bucket, products and their pictures, orders that are paid, and its own jobs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote_plus

from functions.pictures.bootstrap import Services
from functions.pictures.fetching.fetch_job import FetchJob
from monsoon_plugin.clock import TimeLeft
from shared.bus import Consumer, batch
from shared.messages import Message, PaymentDisputed, ProductSubmitted
from shared.order_messages import OrderPaid, OrderPaymentLost, OrderRefunded, OrderRefundFailed
from shared.pictures.picture_messages import ContentModerated, ContentWalkContinued


@dataclass(frozen=True)
class ArrivalWorker:
    """The entry point of the queue of arrivals. A message says how often it has come: what ended this process before is not tried for
    ever."""

    services: Callable[[], Services]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        services = self.services()
        return batch(lambda record: read_arrived(services, record.body, _attempt(record.raw_event)))(event, context)


def read_arrived(services: Services, body: str, attempt: int) -> None:
    """Read the pictures that an S3 notification names. Its test message, sent when the bucket is made, names none."""
    for notice in json.loads(body).get("Records", []):
        services.arrivals.take(unquote_plus(notice["s3"]["object"]["key"]), attempt)


def consumers(services: Services, time_left: TimeLeft) -> Mapping[type[Message], Consumer]:
    """For one call of the function: whether a supplier took pictures from the commons is asked once for all of its messages, which were all
    sent before."""
    has_chosen = cache(services.thanks.has_chosen)

    return {
        ContentModerated: lambda message: services.moderation.follow(message, time_left),
        ContentWalkContinued: lambda message: services.moderation.go_on(message, time_left),
        ProductSubmitted: lambda message: hear_submitted(services, message, has_chosen),
        **dict.fromkeys((OrderPaid, OrderPaymentLost, OrderRefunded, OrderRefundFailed, PaymentDisputed), services.thanks.hear_order),
    }


def hear_submitted(services: Services, message: ProductSubmitted, has_chosen: Callable[[str], bool]) -> None:
    services.fetch_requests.hear(message)
    services.thanks.hear_product(message, has_chosen)


def fetch(services: Services, body: str) -> None:
    services.fetch_worker.work(FetchJob.model_validate_json(body))


def _attempt(record: dict[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
