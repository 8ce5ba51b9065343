"""What pictures hears: files that have arrived in its bucket."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from functions.pictures.bootstrap import Services
from functions.pictures.places.picture import sender_of
from shared.bus import batch


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
        sender = sender_of(unquote_plus(notice["s3"]["object"]["key"]))
        if sender:
            services.arrivals.take(*sender, attempt)


def _attempt(record: dict[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
