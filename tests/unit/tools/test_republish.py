"""Each item's last event is published again, with the type by which subscriptions filter."""

import json
from typing import Any

import pytest

from tests.conftest import aws
from tools.redrive.dead_letters import Failed
from tools.republish import events_in, parser, publish


def event(number: int) -> str:
    return json.dumps({"id": f"o{number}:monsoon.order.paid.v1:2", "type": "monsoon.order.paid.v1", "data": {}})


class Refusing:
    """Takes one batch and refuses the next."""

    def __init__(self) -> None:
        self.taken = 0

    def publish_batch(self, TopicArn: str, PublishBatchRequestEntries: list[Any]) -> dict[str, Any]:  # noqa: N803 - AWS's names
        self.taken += 1
        return {"Failed": [] if self.taken == 1 else [{"Id": "0", "Code": "InternalError"}]}


@pytest.fixture
def queue(_moto: Any) -> tuple[str, str]:
    """A topic, and a queue that hears orders that were paid and nothing else."""
    _moto.reset()
    sns, sqs = aws("sns"), aws("sqs")
    topic, url = sns.create_topic(Name="monsoon-test-Bus")["TopicArn"], sqs.create_queue(QueueName="orders")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"type": ["monsoon.order.paid.v1"]})}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return topic, url


def test_the_last_event_of_each_item_that_has_one_reaches_its_consumers_unchanged(queue: tuple[str, str]):
    topic, url = queue
    items = [{"pk": {"S": "a"}, "event": {"S": event(1)}}, {"pk": {"S": "b"}}, {"pk": {"S": "c"}, "event": {"S": event(2)}}]
    assert publish(aws("sns"), topic, events_in(items)) == 2
    heard = aws("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert sorted(message["Body"] for message in heard) == [event(1), event(2)]


@pytest.mark.parametrize("events", [19, 20, 45])
def test_more_events_than_are_held_at_once_are_all_published(events: int, queue: tuple[str, str]):
    topic, url = queue
    assert publish(aws("sns"), topic, (event(n) for n in range(events)), at_once=20) == events
    told = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    assert told["Attributes"]["ApproximateNumberOfMessages"] == str(events)


def test_an_event_that_sns_refuses_is_told():
    with pytest.raises(Failed, match="InternalError"):
        publish(Refusing(), "arn", (event(n) for n in range(11)))


def test_a_table_that_no_service_has_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        parser().parse_args(["--stage", "prod", "refunds"])
    assert "settlement" in capsys.readouterr().err
