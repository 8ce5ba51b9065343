"""What Lambda calls beside the HTTP app: a queue's worker, a schedule's task. Each is given what makes its service's parts, so that a
test replaces it: `replace(handler.worker, services=lambda: fakes)(event, context)`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from aws_lambda_powertools import Logger

from monsoon_plugin.clock import TimeLeft, remaining
from shared.bus import Consumer, batch, consumer
from shared.messages import Message

S = TypeVar("S")


@dataclass(frozen=True)
class Worker(Generic[S]):
    """The entry point of a service's queue: each message goes to the consumer of its type; one that raises is reported alone."""

    services: Callable[[], S]
    consumers: Callable[[S, TimeLeft], Mapping[type[Message], Consumer]]
    together: Callable[[S, Sequence[Message]], None] | None = None
    """What is done first for all messages of a call that can be read."""

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        services = self.services()
        first = partial(self.together, services) if self.together else None
        return consumer(self.consumers(services, partial(remaining, context)), first)(event, context)


@dataclass(frozen=True)
class Scheduled(Generic[S]):
    """The entry point of a schedule. What the task counts is logged and answered."""

    services: Callable[[], S]
    task: Callable[[S, TimeLeft], Mapping[str, int]]
    logger: Logger

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, int]:
        counts = dict(self.task(self.services(), partial(remaining, context)))
        self.logger.info("swept", counts=counts)
        return counts


@dataclass(frozen=True)
class JobWorker(Generic[S]):
    """The entry point of a queue that a service keeps for itself: the body of each record goes to `work`; one that raises is reported
    alone."""

    services: Callable[[], S]
    work: Callable[[S, str], None]

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        services = self.services()
        return batch(lambda record: self.work(services, record.body))(event, context)
