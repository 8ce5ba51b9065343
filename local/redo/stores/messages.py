"""SQS's messages: noted when one comes to a queue, from wherever, and when it leaves it.

That somebody has taken one is not noted: what was in hand at a kill is due again at the next start.
"""

import copy
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region
from ministack.services import sqs

from local.mendings import deliveries
from local.redo.kept import Kept, Message
from local.redo.log import RedoLog

Place = tuple[str, str, str]
"""A queue's account, region and address."""
YOUNG_SECONDS = 60.0
"""The least time that a queue can hold messages is a minute (SQS, MessageRetentionPeriod)."""


class Messages(list[Message]):
    """What lies in one queue."""

    def __init__(self, found: Any, queue: "Queue") -> None:
        super().__init__(found)
        self._queue = queue

    def append(self, message: Message) -> None:
        self._queue.add(message)

    def remove(self, message: Message) -> None:
        super().remove(message)
        self._queue.note_gone([message])

    def __setitem__(self, place: Any, value: Any) -> None:
        """Others in place of some: those that are not among them are gone."""
        before, now = (self[place], list(value)) if isinstance(place, slice) else ([self[place]], [value])
        super().__setitem__(place, value)
        left = {message["id"] for message in now}
        self._queue.note_gone([message for message in before if message["id"] not in left])

    def clear(self) -> None:
        gone = list(self)
        super().clear()
        self._queue.note_gone(gone)


class Queue(dict[str, Any]):
    """One queue, as the emulator keeps it: to take messages away, it puts a list of the others in place of the list.

    What came to the queue while that list was made would be lost without a word: it is not in it.
    """

    def __init__(self, queue: dict[str, Any], log: RedoLog, place: Place) -> None:
        super().__init__(queue)
        self._log, self._place, self._turn = log, place, threading.Lock()
        super().__setitem__("messages", Messages(queue["messages"], self))

    def add(self, message: Message) -> None:
        """Raises NotWritten."""
        self._log.ready()
        with self._turn:
            list.append(self["messages"], message)
        self._log.note("sent", *self._place, message)

    def __setitem__(self, name: str, value: Any) -> None:
        if name != "messages":
            super().__setitem__(name, value)
            return
        left = {message["id"] for message in value}
        with self._turn:
            missing = [message for message in self["messages"] if message["id"] not in left]
            come = [message for message in missing if _cannot_go(message)]
            super().__setitem__(name, Messages([*value, *come], self))
        stay = {message["id"] for message in come}
        self.note_gone([message for message in missing if message["id"] not in stay])

    def note_gone(self, messages: list[Message]) -> None:
        """That cannot be written is no refusal: those messages are worked on again."""
        if messages:
            self._log.note("gone", *self._place, [message["id"] for message in messages], refuse=False)

    def __deepcopy__(self, memo: Any) -> dict[str, Any]:
        """A copy is nobody's queue."""
        return {name: copy.deepcopy(list(value) if name == "messages" else value, memo) for name, value in self.items()}


def _cannot_go(message: Message) -> bool:
    """Messages are deleted by whoever received them, or when they are old."""
    return not message.get("receipt_handle") and time.time() - message["sent_at"] < YOUNG_SECONDS


class Queues(AccountRegionScopedDict):  # type: ignore[misc]
    """All of them, watched."""

    __slots__ = ("_log",)

    def __init__(self, log: RedoLog) -> None:
        super().__init__()
        self._log = log

    def __setitem__(self, address: str, queue: dict[str, Any]) -> None:
        self.set_scoped(get_account_id(), get_region(), address, queue)

    def set_scoped(self, account: str, region: str, address: str, queue: dict[str, Any]) -> None:
        AccountRegionScopedDict.set_scoped(self, account, region, address, Queue(queue, self._log, (account, region, address)))

    def update(self, other: Any) -> None:
        for (account, region, address), queue in _scoped(other).all_items():
            self.set_scoped(account, region, address, queue)


def _scoped(found: Any) -> AccountRegionScopedDict:
    scoped = AccountRegionScopedDict()
    scoped.update(found)
    return scoped


def watch(log: RedoLog) -> None:
    sqs._queues = Queues(log)


def description() -> dict[str, Any]:
    """SQS's state but for messages."""
    queues = AccountRegionScopedDict()
    for place, queue in sqs._queues.all_items():
        queues.set_scoped(*place, {name: value for name, value in queue.items() if name != "messages"} | {"messages": []})
    return {"queues": queues, "queue_name_to_url": sqs._queue_name_to_url}


def restore(kept: Kept) -> None:
    """Messages of queues that are there still."""
    for place, queue in sqs._queues.all_items():
        found = kept.messages.get(place, {})
        list.extend(queue["messages"], found.values())


def everything() -> Iterator[str]:
    """Every message; what functions have in hand as if nobody had taken it."""
    for place, queue in sqs._queues.all_items():
        for message in list(queue["messages"]):
            yield json.dumps(["sent", *place, deliveries.given_back(message)])
