"""publish sends an event once for each change that brought one, and fails loudly when SNS refuses."""

import json
from typing import Any

import boto3
import pytest

from functions.publish import handler


def record(new: str | None, old: str | None = None) -> dict[str, Any]:
    images = {name: {"event": {"S": text}} if text else {} for name, text in (("NewImage", new), ("OldImage", old))}
    return {"eventName": "MODIFY", "dynamodb": {"Keys": {"pk": {"S": "p"}}} | images}


def test_an_event_that_the_item_held_before_is_not_sent_again():
    assert list(handler.events([record("a"), record("b", "b"), record("c", "a"), record(None, "a")])) == ["a", "c"]


def test_a_removed_item_sends_nothing():
    assert list(handler.events([{"eventName": "REMOVE", "dynamodb": {"OldImage": {"event": {"S": "a"}}}}])) == []


@pytest.fixture
def queue(_moto: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="bus")["TopicArn"]
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true", "FilterPolicy": '{"type": ["x.v1"]}'}
    )
    monkeypatch.setenv("TOPIC", topic)
    handler._settings.cache_clear()
    handler._sns.cache_clear()
    yield sqs, url
    sqs.delete_queue(QueueUrl=url)
    handler._sns.cache_clear()


def test_a_batch_of_more_than_ten_arrives_whole_and_the_filter_sees_each_type(queue: Any):
    sqs, url = queue
    events = [json.dumps({"type": "x.v1" if i % 2 else "y.v1", "id": i}) for i in range(25)]
    handler.handler({"Records": [record(event) for event in events]}, None)
    heard: set[str] = set()
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        heard |= {m["Body"] for m in messages}
    assert heard == set(events[1::2])


def test_a_refused_event_fails_the_batch_so_that_the_stream_gives_it_again(queue: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TOPIC", "arn:aws:sns:us-east-1:123456789012:nowhere")
    handler._settings.cache_clear()
    with pytest.raises(Exception, match=r"(?i)not ?found|refused"):
        handler.handler({"Records": [record(json.dumps({"type": "x.v1"}))]}, None)
