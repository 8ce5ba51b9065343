"""SNS and SQS: at least once, in any order, doubled, late, again after a failure, and dead-lettered in the end."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from infra.templates import template
from shared.subscribers import SUBSCRIBERS
from simulation.aws.door import Answer, NotSimulated, Raw, found, refusal
from simulation.faults import Faults
from simulation.turns.virtual_clock import VirtualClock

MOST_BYTES = 256 * 1024
"""Of a message, and of a batch that SNS takes (its quotas). SQS takes longer ones by now; the hub keeps to the old limit."""
MOST_BYTES_SENT = 1024 * 1024
"""Of a batch that SQS takes (API_SendMessageBatch)."""
MOST_IN_BATCH, LONGEST_DELAY = 10, 900
UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no message of SQS holds (API_SendMessage)."""


@dataclass(frozen=True, slots=True)
class Patience:
    visible_after: float
    """Seconds until a message that was taken and not done is seen again (VisibilityTimeout)."""
    most_received: int
    """Times that a message is taken before it is dead (maxReceiveCount)."""


@cache
def patience(queue: str) -> Patience:
    """`queue`: a service's name, for its queue of the bus, or the output that says a queue's URL (`FeedsQueueUrl`). Raises KeyError."""
    resource = queue.removesuffix("Url") if queue.endswith("QueueUrl") else f"{queue.capitalize()}Queue"
    told = template("infra/bus.yaml")["Resources"][resource]["Properties"]
    return Patience(float(told["VisibilityTimeout"]), int(told["RedrivePolicy"]["maxReceiveCount"]))


@dataclass(eq=False)
class Message:
    body: str
    seen_from: datetime
    received: int = 0


@dataclass
class Queue:
    """One queue and its dead letters."""

    name: str
    messages: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)


class TooLong(AssertionError):
    """A message exceeds what SNS and SQS carry."""


class Messages:
    """All queues. `arrived(queue, seconds)` is told that a message can be taken from then on."""

    def __init__(self, clock: VirtualClock, faults: Callable[[], Faults]) -> None:
        self._clock, self._faults = clock, faults
        self.queues: dict[str, Queue] = {}
        self.ghosts: list[tuple[str, str]] = []
        """Queue and body of messages that were done and are among the dead nevertheless."""
        self._told: list[tuple[str, str]] = []
        """Queue and body of all messages of the bus."""
        self.undone: list[tuple[str, str]] = []
        """Queue and body of each message that was taken and not done, each time."""
        self.arrived: Callable[[Queue, float], None] = lambda queue, seconds: None

    def queue(self, name: str) -> Queue:
        return self.queues.setdefault(name, Queue(name))

    def publish(self, body: str) -> None:
        """Give an event to each queue that hears its type."""
        _hold_to_limit(body)
        told = json.loads(body)["type"]
        for service in _hearing(told):
            self._told.append((service, body))
            for _ in range(self._faults().copies()):
                self.put(service, body, self._faults().delay())
            if self._faults().leaves_ghost():
                self.ghosts.append((service, body))

    def put(self, name: str, body: str, delay: float) -> None:
        _hold_to_limit(body)
        queue = self.queue(name)
        queue.messages.append(Message(body, self._clock.now + timedelta(seconds=delay)))
        self.arrived(queue, delay)

    def failed(self, queue: Queue, message: Message) -> None:
        """A message was taken and not done: it is seen again later, or it is dead."""
        self.undone.append((queue.name, message.body))
        has = patience(queue.name)
        if message.received >= has.most_received:
            queue.dead.append(message)
            return
        message.seen_from = self._clock.now + timedelta(seconds=has.visible_after)
        queue.messages.append(message)
        self.arrived(queue, has.visible_after)

    def redrive(self) -> None:
        """Put every dead letter back on its queue, as an operator does."""
        for queue in self.queues.values():
            dead, queue.dead = queue.dead, []
            for message in dead:
                self.put(queue.name, message.body, 0)

    def told(self, name: str) -> list[dict[str, Any]]:
        """Every event of the bus that a queue was given, each once for each time that it was published."""
        return [json.loads(body) for queue, body in self._told if queue == name]

    def tell_again(self, about: str) -> None:
        """Deliver once more what was told of something, an order's or offer's id, long after it was heard."""
        for name, body in [(name, body) for name, body in self._told if about in body]:
            self.put(name, body, 0)

    def redrive_ghosts(self) -> bool:
        """Put back what had been done long ago. Answers whether there was anything."""
        gone, self.ghosts = self.ghosts, []
        for name, body in gone:
            self.put(name, body, 0)
        return bool(gone)


class Sns:
    """The bus's topic."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def answer(self, operation: str, raw: Raw, request: Mapping[str, Any]) -> Answer:
        if operation != "PublishBatch":
            raise NotSimulated(f"sns {operation}")
        entries = raw["PublishBatchRequestEntries"]
        refused = _refusal([entry["Id"] for entry in entries], [entry["Message"] for entry in entries], MOST_BYTES)
        if refused:
            return refusal(400, refused, "the batch cannot be taken")
        for entry in entries:
            self._messages.publish(entry["Message"])
        return found(Successful=[{"Id": entry["Id"], "MessageId": "-"} for entry in entries], Failed=[])


class Sqs:
    """The queues that services send to themselves, by the last word of their URL."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages

    def answer(self, operation: str, raw: Raw, request: Mapping[str, Any]) -> Answer:
        if operation == "SendMessage":
            wrong = _wrong(raw)
            if wrong:
                return refusal(400, wrong, "the message cannot be taken")
            self._put(raw["QueueUrl"], raw)
            return found(MessageId="-")
        if operation != "SendMessageBatch":
            raise NotSimulated(f"sqs {operation}")
        entries = raw["Entries"]
        refused = _refusal([entry["Id"] for entry in entries], [entry["MessageBody"] for entry in entries], MOST_BYTES_SENT)
        if refused:
            return refusal(400, refused, "the batch cannot be taken")
        failed = {entry["Id"]: wrong for entry in entries if (wrong := _wrong(entry))}
        taken = [entry for entry in entries if entry["Id"] not in failed]
        for entry in taken:
            self._put(raw["QueueUrl"], entry)
        return found(
            Successful=[{"Id": entry["Id"], "MessageId": "-", "MD5OfMessageBody": "-"} for entry in taken],
            Failed=[{"Id": name, "Code": wrong, "SenderFault": True} for name, wrong in failed.items()],
        )

    def _put(self, url: str, entry: Raw) -> None:
        self._messages.put(url, entry["MessageBody"], float(entry.get("DelaySeconds", 0)))


def _refusal(ids: list[str], bodies: list[str], most: int) -> str | None:
    """Why SNS and SQS take nothing of a batch, in the order in which they look."""
    if not ids:
        return "EmptyBatchRequest"
    if len(ids) > MOST_IN_BATCH:
        return "TooManyEntriesInBatchRequest"
    if len(set(ids)) < len(ids):
        return "BatchEntryIdsNotDistinct"
    return "BatchRequestTooLong" if sum(len(body.encode()) for body in bodies) > most else None


def _wrong(entry: Raw) -> str | None:
    """Why SQS does not take a message."""
    body = entry["MessageBody"]
    if not body:
        return "MissingParameter"
    if UNSPEAKABLE.search(body):
        return "InvalidMessageContents"
    too_long = len(body.encode()) > MOST_BYTES or not 0 <= int(entry.get("DelaySeconds", 0)) <= LONGEST_DELAY
    return "InvalidParameterValue" if too_long else None


@cache
def _hearing(kind: str) -> tuple[str, ...]:
    """Whose queues hear events of a type."""
    return tuple(service for service, heard in SUBSCRIBERS.items() if any(message.type == kind for message in heard))


def _hold_to_limit(body: str) -> None:
    if len(body.encode()) > MOST_BYTES:
        raise TooLong(f"a message of {len(body.encode())} bytes")
