"""What functions hear is taken from a queue's front and goes from there, as the emulator's own way has it, however many wait behind."""

import json
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from ministack.services import sqs

from local.mendings import queues

ARN = "arn:aws:sqs:us-east-1:000000000000:"
HANDS = [(queues.receive, queues.delete), (sqs._receive_messages_for_esm, sqs._delete_messages_for_esm)]
"""Ours, and what it stands for."""
names = map(str, count())


@pytest.fixture(params=HANDS, ids=["ours", "the emulator's"])
def hands(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def address() -> Iterator[str]:
    """An empty queue, whose messages are put aside when they were taken three times."""
    name = next(names)
    for each, redrive in ((f"dead-{name}", {}), (name, {"deadLetterTargetArn": f"{ARN}dead-{name}", "maxReceiveCount": 3})):
        told = {"QueueArn": ARN + each, "VisibilityTimeout": "60", "MessageRetentionPeriod": "3600"}
        attributes = told | ({"RedrivePolicy": json.dumps(redrive)} if redrive else {})
        sqs._queues[each] = {"name": each, "is_fifo": False, "attributes": attributes, "messages": []}
        sqs._queue_name_to_url[each] = each
    yield name
    for each in (f"dead-{name}", name):
        del sqs._queues[each], sqs._queue_name_to_url[each]


def put(address: str, *ids: str, **told: Any) -> None:
    for name in ids:
        message = {"id": name, "body": name, "sent_at": time.time()} | told
        sqs._ensure_msg_fields(message)
        sqs._queues[address]["messages"].append(message)


def lying(address: str) -> list[str]:
    return [message["id"] for message in sqs._queues[address]["messages"]]


def test_the_first_that_came_are_taken_and_hidden_from_whoever_asks_next(hands: Any, address: str):
    receive, _ = hands
    put(address, *"abcde")
    assert [[message["id"] for message in receive(address, 2)] for _ in range(4)] == [["a", "b"], ["c", "d"], ["e"], []]
    taken = sqs._queues[address]["messages"][0]
    assert taken["receive_count"] == 1
    assert taken["visible_at"] > time.time() + 50
    assert taken["receipt_handle"]


def test_what_is_done_goes_and_what_came_meanwhile_what_failed_and_what_waits_stays_in_its_order(hands: Any, address: str):
    receive, delete = hands
    put(address, *"abcd")
    taken = receive(address, 3)
    put(address, "e")
    delete(address, {message["receipt_handle"] for message in taken if message["id"] != "b"})
    assert lying(address) == ["b", "d", "e"]
    assert [message["id"] for message in receive(address, 10)] == ["d", "e"], "b is hidden until its time is over"


def test_a_receipt_of_an_earlier_time_takes_nothing_away(hands: Any, address: str):
    receive, delete = hands
    put(address, "a")
    (earlier,) = (message["receipt_handle"] for message in receive(address, 1))
    sqs._queues[address]["messages"][0]["visible_at"] = 0.0
    receive(address, 1)
    delete(address, {earlier})
    assert lying(address) == ["a"]


def test_what_was_taken_too_often_is_put_aside_and_the_next_is_given(hands: Any, address: str):
    receive, _ = hands
    put(address, "bad", receive_count=3, visible_at=0.0)
    put(address, "again", receive_count=2, visible_at=0.0)
    put(address, "new")
    assert [message["id"] for message in receive(address, 10)] == ["again", "new"]
    assert lying(f"dead-{address}") == ["bad"]


def test_what_is_too_old_is_given_to_nobody(hands: Any, address: str):
    receive, _ = hands
    put(address, "old", "older", sent_at=time.time() - 4000)
    put(address, "new")
    assert [message["id"] for message in receive(address, 10)] == ["new"]
    assert lying(address) == ["new"]


def test_what_is_put_off_stands_in_nobodys_way(hands: Any, address: str):
    receive, _ = hands
    put(address, "later", visible_at=time.time() + 110)
    put(address, "now")
    assert [message["id"] for message in receive(address, 1)] == ["now"]


def test_who_waits_behind_is_not_looked_at():
    """Ours alone: a feed's rows wait by the ten thousand."""

    class Far(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise AssertionError("it was looked at")

        get = __getitem__

    sqs._queues["long"] = {"is_fifo": False, "attributes": {}, "messages": []}
    try:
        put("long", *"abc")
        sqs._queues["long"]["messages"].append(Far())
        taken = queues.receive("long", 3)
        queues.delete("long", {message["receipt_handle"] for message in taken})
        assert len(sqs._queues["long"]["messages"]) == 1
    finally:
        del sqs._queues["long"]
