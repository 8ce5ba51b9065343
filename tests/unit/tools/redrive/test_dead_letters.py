"""What lies in dead-letter queues is done again by kind; what fails again stays; runs of schedules are told and forgotten."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.unit.tools.redrive.test_stream_records import FakeStreams, info
from tools.redrive.__main__ import parser
from tools.redrive.dead_letters import DeadLetters

EVENT = json.dumps({"type": "monsoon.order.paid.v1", "data": {}})


class FakeLambda:
    """Answers every call, or fails at every one."""

    def __init__(self, *, fails: bool = False) -> None:
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.fails = fails

    def invoke(self, FunctionName: str, Qualifier: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - AWS's names
        self.called.append((f"{FunctionName}:{Qualifier}", json.loads(Payload)))
        return {"FunctionError": "Unhandled", "Payload": BytesIO(b'{"errorMessage":"no"}')} if self.fails else {}


class Hub:
    """The queues and the topic of a hub in moto, a stream and a Lambda of our own."""

    def __init__(self) -> None:
        self.sqs, self.sns = boto3.client("sqs"), boto3.client("sns")
        self.parts: dict[str, Any] = {"lambda": FakeLambda(), "dynamodbstreams": FakeStreams([9, 10])}
        self.said: list[str] = []

    def queue(self, name: str, dead: str = "") -> str:
        policy = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": 5})} if dead else {}
        return str(self.sqs.create_queue(QueueName=f"monsoon-test-Bus-1-{name}-2", Attributes=policy)["QueueUrl"])

    def arn(self, url: str) -> str:
        return str(self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])

    def bodies(self, url: str) -> list[str]:
        return [one["Body"] for one in self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])]

    def again(self, url: str) -> tuple[int, int]:
        return DeadLetters("test", lambda service: self.parts.get(service) or boto3.client(service)).again(url, self.said.append)


@pytest.fixture
def hub(_moto: Any) -> Hub:
    _moto.reset()
    return Hub()


def test_an_event_goes_back_to_its_consumer(hub: Hub):
    dead = hub.queue("OrdersDeadLetters")
    source = hub.queue("OrdersQueue", dead)
    hub.sqs.send_message(QueueUrl=dead, MessageBody=EVENT)
    assert hub.again(dead) == (1, 0)
    assert (hub.bodies(source), hub.bodies(dead)) == ([EVENT], [])


def test_what_sns_could_not_deliver_is_published_with_its_type(hub: Hub):
    topic = hub.sns.create_topic(Name="monsoon-test-Bus-1-Topic-2")["TopicArn"]
    hub.sns.create_topic(Name="monsoon-test2-Bus-1-Topic-2")
    heard, dead = hub.queue("OrdersQueue"), hub.queue("UndeliveredDeadLetters")
    known = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"type": ["monsoon.order.paid.v1"]})}
    hub.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=hub.arn(heard), Attributes=known)
    hub.sqs.send_message(QueueUrl=dead, MessageBody=EVENT)
    assert hub.again(dead) == (1, 0)
    assert hub.bodies(heard) == [EVENT]


@pytest.mark.parametrize(
    "told", ["Successfully validated SNS topic for Amazon SES event publishing", '{"eventType": "Send", "mail": {}}', '"type"']
)
def test_what_ses_told_and_sns_could_not_deliver_goes_to_who_hears_of_mails_plain_text_too(hub: Hub, told: str):
    hub.sns.create_topic(Name="monsoon-test-Bus-1-Topic-2")
    heard, dead = hub.queue("NoticesQueue"), hub.queue("UndeliveredDeadLetters")
    hub.sqs.send_message(QueueUrl=dead, MessageBody=told)
    assert hub.again(dead) == (1, 0)
    assert (hub.bodies(heard), hub.bodies(dead)) == ([told], [])


@pytest.mark.parametrize("queue", ["SchedulesDeadLetters", "PublishDeadLetters"])
@pytest.mark.parametrize("body", ["Ada Chen", "[]", "7", "{}", '{"requestContext": {}, "DDBStreamBatchInfo": {}}'])
def test_what_nothing_of_the_hub_puts_there_stays_is_named_and_keeps_no_other_back(hub: Hub, queue: str, body: str):
    dead = hub.queue(queue)
    hub.sqs.send_message(QueueUrl=dead, MessageBody=body)
    if queue == "SchedulesDeadLetters" and body == "{}":
        assert hub.again(dead) == (1, 0), "what EventBridge could not hand over has no context"
        return
    assert hub.again(dead) == (0, 1)
    assert "look at it" in hub.said[0]
    assert "Ada" not in hub.said[0]
    assert len(hub.bodies(dead)) == 1


def failed_batch(hub: Hub, ran_as: str = ":live") -> str:
    dead = hub.queue("PublishDeadLetters")
    context = {"functionArn": f"arn:aws:lambda:us-east-1:1:function:publish{ran_as}", "condition": "RetryAttemptsExhausted"}
    hub.sqs.send_message(QueueUrl=dead, MessageBody=json.dumps({"requestContext": context, "DDBStreamBatchInfo": info(9, 10)}))
    return dead


@pytest.mark.parametrize("ran_as", ["", ":live", ":7", ":$LATEST"])
def test_what_runs_now_of_a_streams_function_gets_its_records_again_whatever_failed_at_them(hub: Hub, ran_as: str):
    assert hub.again(failed_batch(hub, ran_as)) == (1, 0)
    ((function, payload),) = hub.parts["lambda"].called
    assert function == "publish:live"
    assert len(payload["Records"]) == 2


@pytest.mark.parametrize(
    ("part", "broken", "said"),
    [("lambda", FakeLambda(fails=True), "fails at it again"), ("dynamodbstreams", FakeStreams([]), "older than 24 hours")],
)
def test_what_fails_again_stays_and_says_why(hub: Hub, part: str, broken: Any, said: str):
    hub.parts[part] = broken
    dead = failed_batch(hub)
    assert hub.again(dead) == (0, 1)
    assert said in hub.said[0]
    assert len(hub.bodies(dead)) == 1, "it is seen again at once"


RUNS: list[tuple[dict[str, Any], str]] = [
    (
        {
            "requestContext": {"functionArn": "arn:aws:lambda:us-east-1:1:function:sweep:$LATEST", "condition": "RetriesExhausted"},
            "responsePayload": {"errorType": "RuntimeError", "errorMessage": "2 of 9 failed"},
        },
        "sweep: RetriesExhausted: RuntimeError: 2 of 9 failed",
    ),
    ({"requestContext": {"functionArn": "a:function:sweep", "condition": "EventAgeExceeded"}}, "sweep: EventAgeExceeded"),
    ({"resources": ["arn:rule/minute"]}, "arn:rule/minute: EventBridge could not hand it to its function"),
]


@pytest.mark.parametrize(("body", "said"), RUNS)
def test_a_failed_run_of_a_schedule_is_told_and_forgotten(hub: Hub, body: dict[str, Any], said: str):
    dead = hub.queue("SchedulesDeadLetters")
    hub.sqs.send_message(QueueUrl=dead, MessageBody=json.dumps(body))
    assert hub.again(dead) == (1, 0)
    assert hub.said == [f"  {said}"]
    assert hub.parts["lambda"].called == []


def test_only_this_hubs_dead_letters_are_looked_at(hub: Hub):
    mine = hub.queue("OrdersDeadLetters")
    hub.queue("OrdersQueue", mine)
    hub.sqs.create_queue(QueueName="monsoon-test2-Bus-1-OrdersDeadLetters-2")
    hub.sqs.send_message(QueueUrl=mine, MessageBody=EVENT)
    assert DeadLetters("test", boto3.client).queues() == {mine: 1}


def test_a_queue_that_cannot_be_written_keeps_its_letters(hub: Hub):
    dead = hub.queue("OrdersDeadLetters")
    source = hub.queue("OrdersQueue", dead)
    hub.sqs.send_message(QueueUrl=dead, MessageBody=EVENT)
    letters = DeadLetters("test", Refusing)
    assert letters.again(dead, hub.said.append) == (0, 1)
    assert (hub.bodies(source), hub.bodies(dead)) == ([], [EVENT])


class Refusing:
    """SQS that takes nothing."""

    def __init__(self, service: str) -> None:
        self.real = boto3.client(service)  # type: ignore[call-overload]

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return getattr(self.real, name)  # type: ignore[no-any-return]

    def send_message(self, **_: Any) -> None:
        raise ClientError({"Error": {"Code": "QueueDoesNotExist", "Message": "it is gone"}}, "SendMessage")


def test_the_command_says_and_does_nothing_unless_it_is_asked():
    assert parser().parse_args(["--stage", "prod"]).again is False
