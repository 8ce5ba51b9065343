"""What waits in the hub's queues, as anybody may ask SQS."""

import time
from dataclasses import dataclass
from typing import Any

DEAD = "DeadLetters"
CALM = 3
"""Looks in a row that find nothing: between two queues, a message is in neither."""
PAUSE = 0.15


@dataclass(frozen=True)
class Queues:
    """By a client of SQS."""

    sqs: Any

    def waiting(self) -> int:
        """How many messages are due, or are being worked on, in all queues but those for dead letters. What was put off (a
        webhook's next try, five minutes hence) is not due."""
        return sum(self._held(url) for url in self._urls() if DEAD not in url)

    def quiet(self, seconds: float) -> bool:
        """Wait until no message is waiting or being worked on; False if that took longer than `seconds`."""
        until, calm = time.monotonic() + seconds, 0
        while calm < CALM:
            if time.monotonic() > until:
                return False
            calm = 0 if self.waiting() else calm + 1
            time.sleep(PAUSE)
        return True

    def dead_letters(self) -> dict[str, int]:
        """How many messages lie in each dead-letter queue that is not empty, by the queue's short name."""
        return {url.rsplit("-", 2)[-2]: n for url in self._urls() if DEAD in url and (n := self._held(url))}

    def _urls(self) -> list[str]:
        found: list[str] = self.sqs.list_queues().get("QueueUrls", [])
        return found

    def _held(self, url: str) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        return sum(int(n) for n in self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values())
