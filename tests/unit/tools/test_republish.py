"""Each item's last event is published again, with the type by which subscriptions filter."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import aws
from tools.redrive.dead_letters import Failed
from tools.republish.__main__ import parser
from tools.republish.marks import Mark, Marks
from tools.republish.publishing import SAY_EACH, Republishing, events_in, publish
from tools.restore_drill.stage_tables import StageTables


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


TABLE = {"orders": "monsoon-test-OrdersTable-1"}


class Pages:
    """DynamoDB with a table of so many pages of one event each, which can be gone on with after any item."""

    def __init__(self, pages: int) -> None:
        self.keys = [{"pk": {"S": f"{n:04}"}, "sk": {"S": "o"}} for n in range(pages)]
        self.read: list[str] = []

    def get_paginator(self, _: str) -> "Pages":
        return self

    def paginate(self, ExclusiveStartKey: Any = None, **_: Any) -> Any:  # noqa: N803 - AWS's names
        first = self.keys.index(ExclusiveStartKey) + 1 if ExclusiveStartKey else 0
        for n, key in enumerate(self.keys[first:], first):
            self.read.append(key["pk"]["S"])
            last = {"LastEvaluatedKey": key} if n + 1 < len(self.keys) else {}
            yield {"Items": [key | {"event": {"S": event(n)}}], **last}


class Topic:
    """SNS; `power` is cut before it takes so many batches."""

    def __init__(self, power: int = 10**9) -> None:
        self.power, self.told = power, list[str]()

    def publish_batch(self, TopicArn: str, PublishBatchRequestEntries: list[Any]) -> dict[str, Any]:  # noqa: N803 - AWS's names
        if len(self.told) == self.power:
            raise KeyboardInterrupt
        self.told += [each["Message"] for each in PublishBatchRequestEntries]
        return {"Failed": []}


def walked(table: Pages, topic: Topic, marks: Marks, name: str = TABLE["orders"]) -> list[str]:
    said: list[str] = []
    Republishing(StageTables(table, {"orders": name}), topic, "arn", marks, said.append).tell("orders")
    return said


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_a_walk_that_is_cut_goes_on_after_the_last_page_that_was_told(cut: int, tmp_path: Path):
    table, topic, marks = Pages(4), Topic(cut), Marks(tmp_path / "made" / "mark.json")
    with pytest.raises(KeyboardInterrupt):
        walked(table, topic, marks)
    again = Topic()
    said = walked(table, again, Marks(marks.path))
    assert [*topic.told, *again.told] == [event(n) for n in range(4)]
    assert said == [*([f"orders: goes on after {cut} events"] if cut else []), "orders: 4 events"]


def test_a_table_that_was_told_to_its_end_is_passed_over_until_it_is_forgotten(tmp_path: Path):
    table, marks = Pages(2), Marks(tmp_path / "mark.json")
    walked(table, Topic(), marks)
    assert walked(table, Topic(), marks) == ["orders: told to its end before, 2 events"]
    marks.forget(["orders"])
    assert not marks.path.exists()
    assert walked(table, Topic(), marks) == ["orders: 2 events"]


def test_another_table_is_told_from_its_beginning(tmp_path: Path):
    marks = Marks(tmp_path / "mark.json")
    walked(Pages(2), Topic(), marks)
    assert walked(Pages(3), Topic(), marks, "monsoon-test-OrdersTable-restored") == ["orders: 3 events"]


def test_it_says_how_far_it_is(tmp_path: Path):
    said = walked(Pages(SAY_EACH + 2), Topic(), Marks(tmp_path / "mark.json"))
    assert said == [f"orders: {SAY_EACH} events so far", f"orders: {SAY_EACH + 2} events"]


def test_a_file_that_is_no_mark_is_not_written_over(tmp_path: Path):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    with pytest.raises(ValueError, match=r"notes\.txt"):
        Marks(other).keep("orders", Mark(table="t"))
    assert other.read_text() == "mine"
