"""publish: the one function between tables and the bus. A stream record whose item holds a new event becomes an SNS message."""

import shared.bootstrap.garbage_collection  # noqa: F401

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools import Logger

from functions.publish.bootstrap import Services, services
from functions.publish.stream_events import new_events


@dataclass(frozen=True)
class StreamPublisher:
    """The entry point of the tables' streams."""

    services: Callable[[], Services]
    logger: Logger

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
        """Send the batch's events. Raises if SNS refuses one: the stream then gives the batch again, and consumers drop doubles."""
        found = list(new_events(event["Records"]))
        self.services().topic.send(found)
        self.services().count(found)
        self.logger.info("published", events=len(found))
        return {"batchItemFailures": []}


handler = StreamPublisher(services, Logger(service="publish"))
