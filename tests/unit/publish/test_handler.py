"""publish sends an event once for each change that brought one, and fails loudly when SNS refuses."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest

from functions.publish import handler
from functions.publish.bootstrap import Services, Settings
from functions.publish.stream_events import new_events
from functions.publish.topic_client import batches


def record(new: str | None, old: str | None = None) -> dict[str, Any]:
    images = {name: {"event": {"S": text}} if text else {} for name, text in (("NewImage", new), ("OldImage", old))}
    return {"eventName": "MODIFY", "dynamodb": {"Keys": {"pk": {"S": "p"}}} | images}


def test_an_event_that_the_item_held_before_is_not_sent_again():
    assert list(new_events([record("a"), record("b", "b"), record("c", "a"), record(None, "a")])) == ["a", "c"]


def test_a_removed_item_sends_nothing():
    assert list(new_events([{"eventName": "REMOVE", "dynamodb": {"OldImage": {"event": {"S": "a"}}}}])) == []


def publish(topic: str, *events: str) -> None:
    entry = replace(handler.handler, services=lambda: Services(Settings(topic, "test", "no")))
    assert entry({"Records": [record(event) for event in events]}, None) == {"batchItemFailures": []}


@pytest.fixture
def bus(_moto: Any) -> Iterator[tuple[str, str]]:
    """A topic, and the URL of a queue that hears one type of it."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="bus")["TopicArn"]
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true", "FilterPolicy": '{"type": ["x.v1"]}'}
    )
    yield topic, url
    sqs.delete_queue(QueueUrl=url)


def test_a_batch_of_more_than_ten_arrives_whole_and_the_filter_sees_each_type(bus: tuple[str, str]):
    topic, url = bus
    events = [json.dumps({"type": "x.v1" if i % 2 else "y.v1", "id": i}) for i in range(25)]
    publish(topic, *events)
    heard: set[str] = set()
    while messages := boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        heard |= {m["Body"] for m in messages}
    assert heard == set(events[1::2])


def test_a_refused_event_fails_the_batch_so_that_the_stream_gives_it_again(bus: tuple[str, str]):
    with pytest.raises(Exception, match=r"(?i)not ?found|refused"):
        publish("arn:aws:sns:us-east-1:123456789012:nowhere", json.dumps({"type": "x.v1"}))


def test_no_call_is_larger_than_sns_takes_however_large_its_events_are():
    """A call with more than 256 KB is refused as a whole: the stream would bring the same batch for ever."""
    events = ["x" * size for size in (100_000, 100_000, 100_000, 1, 255_000, 200_000, *[30_000] * 20)]
    made = list(batches(events))
    assert [event for batch in made for event in batch] == events
    assert all(len(batch) <= 10 and sum(len(event) + 100 for event in batch) <= 256 * 1024 for batch in made)
