"""Deliveries to functions: what waits is counted, taking up more can be stopped, and what a stop cuts off is given back as it was."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import dynamodb, lambda_svc, sqs

from local.mendings import streams

STREAMS = "streams"
DEAD = "DeadLetters"
AFTER_CUT_SECONDS = 5.0
NOT_TAKEN = {"visible_at": 0.0}
"""Due at once, as if nobody had taken it."""
_turns = threading.Lock(), threading.Lock()
"""Held by whoever takes up deliveries of queues, and of streams, each by itself; by nobody any more once they are stopped."""
_in_hand: dict[str, set[str]] = defaultdict(set)
"""The ids of messages that functions work on, by queue."""
_cut = threading.Event()
delivered: Counter[str] = Counter()
"""Messages that functions were given since the start, by queue; one that comes twice counts twice."""


def short(name: str) -> str:
    """A queue's or function's name without the stack's and CloudFormation's: monsoon-local-AuditQueue-1A2B is AuditQueue."""
    return name.rsplit("-", 2)[-2] if name.count("-") > 1 else name


def mend() -> None:
    poll_queues, poll_streams, run_batch = lambda_svc._poll_sqs, lambda_svc._poll_dynamodb_streams, lambda_svc._run_sqs_batch

    def in_turn(poll: Callable[[], bool], turn: threading.Lock) -> Callable[[], bool]:
        def polled() -> bool:
            with turn:
                return poll()

        return polled

    def run_and_give_back(*delivery: Any) -> None:
        _mapping, _function, _event, batch, _url, queue_name = delivery
        ids = {message["id"] for message in batch}
        _in_hand[queue_name] |= ids
        delivered[short(queue_name)] += len(batch)
        try:
            run_batch(*delivery)
        finally:
            _in_hand[queue_name] -= ids
        if _cut.is_set():  # what was done is deleted from the queue
            for message in batch:
                message.update(NOT_TAKEN, receive_count=message["receive_count"] - 1)

    lambda_svc._poll_sqs = in_turn(poll_queues, _turns[0])
    lambda_svc._poll_dynamodb_streams = in_turn(poll_streams, _turns[1])
    lambda_svc._run_sqs_batch = run_and_give_back


def waiting() -> dict[str, int]:
    """How many messages are due or being worked on, by queue, and stream records unread; dead letters and what was put off are not."""
    now, found = time.time(), Counter({short(queue): len(ids) for queue, ids in _in_hand.items()})
    for queue in list(sqs._queues.all_values()):
        name = queue["name"]
        if DEAD not in name:
            found[short(name)] += sum(message.get("visible_at", 0) <= now for message in list(queue["messages"]))
    for (account, region, table), read in streams.readers():
        found[STREAMS] += dynamodb.stream_end_position(table, account_id=account, region=region) - read
    return {name: count for name, count in found.items() if count > 0}


def given_back(message: dict[str, Any]) -> dict[str, Any]:
    """A message as the next start shall find it: one that a function works on, as if it had not been taken."""
    in_hand = any(message["id"] in ids for ids in list(_in_hand.values()))
    return message | NOT_TAKEN | {"receive_count": message["receive_count"] - 1} if in_hand else message


def hold() -> None:
    """Take up nothing until `release`."""
    for turn in _turns:
        turn.acquire()


def release() -> None:
    for turn in _turns:
        turn.release()


def stop_taking(seconds: float) -> None:
    """Take up nothing more for good; let functions finish what they have for so long, then cut them off."""
    until = time.monotonic() + seconds
    missing = _taken(_turns, until)
    if missing or not _idle(until):
        _cut.set()
        lambda_runtime.reset()
        _taken(missing, time.monotonic() + AFTER_CUT_SECONDS)
        _idle(time.monotonic() + AFTER_CUT_SECONDS)
    lambda_runtime.reset()


def _taken(turns: Sequence[threading.Lock], until: float) -> list[threading.Lock]:
    """Take these for good; those that others hold until then are answered."""
    return [turn for turn in turns if not turn.acquire(timeout=max(0.0, until - time.monotonic()))]


def _idle(until: float) -> bool:
    """Whether no batch is being worked on by then."""
    while lambda_svc._esm_inflight:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
