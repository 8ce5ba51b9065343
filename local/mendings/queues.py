"""Messages of a queue that a function hears: taken from its front, and gone from there when they are done.

For each batch the emulator goes through the whole queue five times: whether a message is too old, was tried too often, lacks a field, is
due, or is done; and it puts a new list in place of the queue's. A feed's rows wait by the ten thousand. Messages lie in the order in which
they came: those in front are the oldest, and were tried the most often.
"""

import time
from itertools import islice
from typing import Any

from ministack.services import sqs

Message = dict[str, Any]
AT_ONCE = 10
"""SQS gives no more (ReceiveMessage)."""


def receive(address: str, most: int) -> list[Message]:
    """At most so many messages that are due, the first that came first, marked as taken."""
    with sqs._queues_lock:
        queue = sqs._get_q(address)
        _forget_old(queue)
        found = _due(queue, most)
        if any(message["receive_count"] for message in found):  # what nobody has taken yet was not tried too often
            sqs._dlq_sweep(queue)
            found = _due(queue, most)
        seconds = int(queue["attributes"].get("VisibilityTimeout", "30"))
        taken: list[Message] = sqs._collect_msgs({"is_fifo": False, "messages": found}, len(found), seconds)
        return taken


def delete(address: str, receipts: set[str]) -> None:
    """Take away what was received by these receipts."""
    with sqs._queues_lock:
        messages = sqs._get_q(address)["messages"]
        places = list(islice((n for n, each in enumerate(messages) if each.get("receipt_handle") in receipts), len(receipts)))
        if places:
            end = places[-1] + 1
            messages[:end] = [each for each in messages[:end] if each.get("receipt_handle") not in receipts]


def _due(queue: dict[str, Any], most: int) -> list[Message]:
    now = time.time()

    def due(message: Message) -> bool:
        sqs._ensure_msg_fields(message)
        return bool(message["visible_at"] <= now)

    return list(islice(filter(due, queue["messages"]), min(int(most or 1), AT_ONCE)))


def _forget_old(queue: dict[str, Any]) -> None:
    """Only where the first message is too old is there one that is."""
    first = {"attributes": queue["attributes"], "messages": queue["messages"][:1]}
    before = len(first["messages"])
    sqs._expire_retained(first)
    if len(first["messages"]) < before:
        sqs._expire_retained(queue)


def mend() -> None:
    """Queues whose order is promised stay the emulator's own; the hub has none."""
    their_receive, their_delete = sqs._receive_messages_for_esm, sqs._delete_messages_for_esm

    def is_plain(address: str) -> bool:
        return not sqs._get_q(address)["is_fifo"]

    sqs._receive_messages_for_esm = lambda address, most: (receive if is_plain(address) else their_receive)(address, most)
    sqs._delete_messages_for_esm = lambda address, receipts: (delete if is_plain(address) else their_delete)(address, receipts)
