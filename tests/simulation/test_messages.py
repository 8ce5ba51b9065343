"""Messages come at least once: doubled, again after a failure, dead in the end; and never longer than SNS and SQS carry."""

import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from shared.order_messages import OrderPaid
from shared.subscribers import SUBSCRIBERS
from simulation.aws.messages import MOST_BYTES, Messages, Queue, Sns, TooLong
from simulation.faults import NONE, Faults, Rates
from simulation.turns.virtual_clock import VirtualClock

CLOCK = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))


HEARING = {service for service, heard in SUBSCRIBERS.items() if OrderPaid in heard}


def messages(rates: Rates = NONE) -> tuple[Messages, list[tuple[str, float]]]:
    arrived: list[tuple[str, float]] = []
    faults = Faults(Random(0), rates)
    made = Messages(CLOCK, lambda: faults)
    made.arrived = lambda queue, seconds: arrived.append((queue.name, seconds))
    return made, arrived


def event(kind: str, pad: int = 0) -> str:
    return json.dumps({"type": kind, "pad": "x" * pad})


def test_an_event_reaches_the_queues_that_hear_its_type_and_no_other():
    made, arrived = messages()
    made.publish(event("monsoon.order.paid.v1"))
    assert {name for name, _ in arrived} == HEARING


def test_a_doubled_message_lies_twice_on_each_queue():
    made, _ = messages(Rates({}, doubled=1.0, late=0.0))
    made.publish(event("monsoon.order.paid.v1"))
    assert {name: len(queue.messages) for name, queue in made.queues.items()} == dict.fromkeys(HEARING, 2)


@pytest.mark.parametrize(("name", "times", "seconds"), [("orders", 5, 180), ("catalog", 9, 110), ("FeedsQueueUrl", 3, 5400)])
def test_a_message_that_was_not_done_is_seen_again_later_and_dies_after_its_last_time_as_its_queue_says(
    name: str, times: int, seconds: int
):
    made, arrived = messages()
    made.put(name, "{}", 0)
    queue: Queue = made.queue(name)
    for received in range(1, times + 1):
        message = queue.messages.pop()
        message.received = received
        made.failed(queue, message)
    assert (queue.messages, len(queue.dead)) == ([], 1)
    assert arrived[1:] == [(name, seconds)] * (times - 1)
    made.redrive()
    assert queue.messages[0].seen_from <= CLOCK() + timedelta(seconds=0)


def test_what_was_done_may_lie_among_the_dead_and_old_news_are_told_again():
    made, _ = messages(Rates({}, doubled=0.0, late=0.0, ghosts=1.0))
    made.publish(event("monsoon.order.paid.v1"))
    for queue in made.queues.values():
        queue.messages.clear()
    made.tell_again("monsoon.order.paid")
    assert made.redrive_ghosts()
    assert {name: len(queue.messages) for name, queue in made.queues.items()} == dict.fromkeys(HEARING, 2)
    assert not made.redrive_ghosts()


def test_a_message_too_long_for_the_bus_is_an_error_of_the_schedule():
    made, _ = messages()
    with pytest.raises(TooLong):
        made.publish(event("monsoon.order.paid.v1", MOST_BYTES))


def test_a_batch_too_long_for_sns_is_refused_as_sns_refuses_it():
    made, _ = messages()
    entries = [{"Id": str(i), "Message": event("monsoon.order.paid.v1", MOST_BYTES // 2)} for i in range(2)]
    http, parsed = Sns(made).answer("PublishBatch", {"PublishBatchRequestEntries": entries}, {})
    assert (http.status_code, parsed["Error"]["Code"], made.queues) == (400, "BatchRequestTooLong", {})
