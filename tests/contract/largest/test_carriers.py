"""The largest event of each kind passes every limit on its way: item, stream, Lambda, SNS one by one and ten at once, SQS, and arrives."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.publish.bootstrap import Services, Settings
from functions.publish.handler import handler
from functions.publish.stream_events import new_events
from functions.publish.topic_client import ATTRIBUTES as ALLOWED
from functions.publish.topic_client import batches
from infra.templates import functions
from shared.bounds.fields import MAX_ITEM
from shared.bus import envelope, opened
from shared.messages import Message
from shared.subscribers import MESSAGES
from tests.conftest import aws
from tests.contract.largest.largest_message import largest
from tests.contract.largest.sizes import WIDE, item_bytes, record
from tests.fakes import NOON

SNS_BYTES = 262_144
"""Of a message, or of all of a PublishBatch together, with attributes: docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html"""
LAMBDA_BYTES = 6 * 1024 * 1024
"""Of a call's payload: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. A mapping ends a batch before it is more."""
LETTERS = {(0x9, 0x9), (0xA, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF)}
"""Which characters SQS takes: docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html"""
EVENTS = {type_: envelope(largest(message), NOON) for type_, message in MESSAGES.items()}
KINDS = pytest.mark.parametrize("message", MESSAGES.values(), ids=lambda message: message.type)


def with_attributes(text: str) -> int:
    """Bytes of a message of the topic: its body, and its attribute's name, type and value."""
    return len(text.encode()) + len("type") + len("String") + len(json.loads(text)["type"])


@KINDS
def test_sns_and_sqs_take_it_with_its_attributes(message: type[Message]):
    text = EVENTS[message.type]
    assert with_attributes(text) <= SNS_BYTES
    assert with_attributes(text) - len(text.encode()) <= ALLOWED, "by which batches are packed"
    assert all(any(low <= ord(letter) <= high for low, high in LETTERS) for letter in set(text))


@KINDS
def test_ten_of_it_and_all_kinds_at_once_are_packed_into_calls_that_sns_takes(message: type[Message]):
    sent = [EVENTS[message.type]] * 10 + list(EVENTS.values())
    made = list(batches(sent))
    assert [text for batch in made for text in batch] == sent
    assert max(sum(map(with_attributes, batch)) for batch in made) <= SNS_BYTES


@KINDS
def test_a_function_takes_it_however_it_is_escaped_on_the_way(message: type[Message]):
    """As a queue's record, and as a stream's with the item before and after, every letter that is not ASCII written as \\\\uXXXX."""
    text = EVENTS[message.type]
    image = {"event": {"S": text}}
    changed = {"Records": [{"dynamodb": {"NewImage": image, "OldImage": image}}]}
    assert len(json.dumps({"Records": [record(text)]})) <= LAMBDA_BYTES
    assert len(json.dumps(changed)) <= LAMBDA_BYTES


@KINDS
def test_an_item_holds_it(message: type[Message]):
    """Alone; with what it tells of: the other tests of this folder."""
    assert item_bytes({"event": {"S": EVENTS[message.type]}}) <= MAX_ITEM


@KINDS
def test_it_is_read_as_it_was_written(message: type[Message]):
    assert opened(EVENTS[message.type]) == largest(message)


def test_a_function_takes_the_largest_item_before_and_after():
    filling = WIDE * (MAX_ITEM // 4)
    image = {"pk": {"S": "p"}, "all": {"S": filling}}
    assert len(json.dumps({"Records": [{"dynamodb": {"NewImage": image, "OldImage": image}}]})) <= LAMBDA_BYTES


@pytest.fixture
def bus(_moto: Any) -> Iterator[tuple[str, str]]:
    """A topic, and the URL of a queue that hears all of it."""
    sns, sqs = aws("sns"), aws("sqs")
    topic = sns.create_topic(Name="largest")["TopicArn"]
    url = sqs.create_queue(QueueName="largest")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    yield topic, url
    sqs.delete_queue(QueueUrl=url)


def test_publish_brings_all_of_them_from_the_stream_to_a_queue(bus: tuple[str, str]):
    topic, url = bus
    records = [{"dynamodb": {"NewImage": {"event": {"S": text}}}} for text in EVENTS.values()]
    assert list(new_events(records)) == list(EVENTS.values())
    replace(handler, services=lambda: Services(Settings(topic, "test", "no")))({"Records": records}, None)
    heard: list[str] = []
    while found := aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages"):
        heard += [one["Body"] for one in found]
    assert sorted(heard) == sorted(EVENTS.values())


def test_a_queues_batch_is_one_that_a_mapping_may_hand_over():
    """Up to ten messages need no window: docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html."""
    sizes = [
        one["Properties"]["BatchSize"] for made in functions().values() for one in made.get("Events", {}).values() if one["Type"] == "SQS"
    ]
    assert sizes
    assert max(sizes) <= 10
