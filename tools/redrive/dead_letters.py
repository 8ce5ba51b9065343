"""What lies in a hub's dead-letter queues, and how each kind is done again. Twice changes nothing: consumers know doubles."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import ClientError

from infra.templates import ALIAS
from tools.redrive.stream_records import Trimmed, payloads, records_of

HIDDEN = 900
"""Seconds for which what was taken is hidden from others; what could not be done is shown again at once at the end."""


class Failed(Exception):
    """It could not be done again, and stays where it is. Says why."""


class DeadLetters:
    """Of the hub deployed as `monsoon-<stage>`; `client` makes a client of an AWS service."""

    def __init__(self, stage: str, client: Callable[[str], Any]) -> None:
        self._stage, self._client, self._sqs = stage, client, client("sqs")

    def queues(self) -> dict[str, int]:
        """The dead-letter queues' addresses, and about how many messages each holds."""
        return {url: self._count(url) for url in self._urls() if "DeadLetters" in url}

    def _urls(self) -> list[str]:
        pages = self._sqs.get_paginator("list_queues").paginate(QueueNamePrefix=f"monsoon-{self._stage}-")
        return [url for page in pages for url in page.get("QueueUrls", ())]

    def again(self, url: str, say: Callable[[str], None]) -> tuple[int, int]:
        """Do again what lies there, each message once; what is done is deleted. Answers how many were done and how many stay."""
        handle, done, failed = self._way(url), 0, list[str]()
        for message in self._taken(url):
            try:
                told = handle(message)
            except (Failed, Trimmed, ClientError, LookupError, TypeError, ValueError) as error:
                say(f"  stays: {_why_it_stays(error, message)}")
                failed.append(message["ReceiptHandle"])
                continue
            if told:
                say(f"  {told}")
            self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            done += 1
        for receipt in failed:
            self._sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
        return done, len(failed)

    def _way(self, url: str) -> Callable[[dict[str, Any]], str]:
        if "UndeliveredDeadLetters" in url:
            topic = topic_of(self._stage, self._client("sns"))
            return lambda message: self._publish(topic, message["Body"]) if is_event(message["Body"]) else self._of_mail(message)
        if "SchedulesDeadLetters" in url:
            return why
        source = self._source(url)
        return (lambda message: self._send(source, message)) if source else (lambda message: self._call(message["Body"]))

    def _source(self, dead: str) -> str:
        """The queue whose dead letters these are; empty for what Lambda itself put there."""
        for url in self._urls():
            told = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"]).get("Attributes", {})
            target = json.loads(told.get("RedrivePolicy", "{}")).get("deadLetterTargetArn", "")
            if target.rpartition(":")[2] == dead.rpartition("/")[2]:
                return url
        return ""

    def _taken(self, url: str) -> Iterator[dict[str, Any]]:
        for _ in range(self._count(url)):
            found = self._sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], VisibilityTimeout=HIDDEN)
            yield from found.get("Messages", [])

    def _count(self, url: str) -> int:
        name = "ApproximateNumberOfMessages"
        return int(self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])

    def _publish(self, topic: str, body: str) -> str:
        self._client("sns").publish(TopicArn=topic, Message=body, MessageAttributes=event_type(body))
        return ""

    def _of_mail(self, message: dict[str, Any]) -> str:
        """What SES told of a mail goes to the one queue that hears it. Raises Failed if the hub has none."""
        queue = next((url for url in self._urls() if "NoticesQueue" in url), "")
        if not queue:
            raise Failed("the hub has no queue that hears of mails")
        return self._send(queue, message)

    def _send(self, source: str, message: dict[str, Any]) -> str:
        self._sqs.send_message(QueueUrl=source, MessageBody=message["Body"], MessageAttributes=message.get("MessageAttributes", {}))
        return ""

    def _call(self, body: str) -> str:
        """Give a stream's function its records once more. What its filter would leave out it passes over."""
        told = _object(body)
        function = function_of(told)
        for payload in payloads(records_of(told["DDBStreamBatchInfo"], self._client("dynamodbstreams"))):
            answer = self._client("lambda").invoke(FunctionName=function, Qualifier=ALIAS, Payload=payload)
            if answer.get("FunctionError"):
                raise Failed(f"{function} fails at it again: {answer['Payload'].read().decode()[:300]}")
        return ""


def topic_of(stage: str, sns: Any) -> str:
    """The topic of the hub deployed as `monsoon-<stage>`. Raises Failed unless there is one."""
    prefix = f"monsoon-{stage}-"
    found = [one["TopicArn"] for page in sns.get_paginator("list_topics").paginate() for one in page["Topics"]]
    ours = [arn for arn in found if f":{prefix}" in arn]
    if len(ours) != 1:
        raise Failed(f"{len(ours)} topics begin with {prefix}, and the hub has one")
    return str(ours[0])


def is_event(body: str) -> bool:
    """Whether it is of the bus, and not what SES told: that says `eventType`, or, once, is plain text."""
    try:
        return "type" in _object(body)
    except ValueError:
        return False


def _object(body: str) -> dict[str, Any]:
    """Raises ValueError for whatever is no JSON object."""
    told = json.loads(body)
    if not isinstance(told, dict):
        raise ValueError("no object")
    return told


def _why_it_stays(error: Exception, message: dict[str, Any]) -> str:
    """What is wrong with a message of a form that nothing of the hub's has is not shown: it may say anything."""
    known = isinstance(error, Failed | Trimmed | ClientError)
    return str(error) if known else f"message {message['MessageId']} is none that the hub or AWS puts there: look at it, then delete it"


def event_type(event: str) -> dict[str, dict[str, str]]:
    """The message attribute by which subscriptions filter."""
    return {"type": {"DataType": "String", "StringValue": json.loads(event)["type"]}}


def why(message: dict[str, Any]) -> str:
    """Why a run of a schedule failed. There is nothing to do again: the next run does what is due."""
    told = _object(message["Body"])
    if "requestContext" not in told:
        return f"{(told.get('resources') or ['a schedule'])[0]}: EventBridge could not hand it to its function"
    error = told.get("responsePayload") or {}
    parts = (function_of(told), told["requestContext"]["condition"], error.get("errorType"), error.get("errorMessage"))
    return ": ".join(part for part in parts if part)


def function_of(told: dict[str, Any]) -> str:
    """The name of the function that failed, without the version or alias that it ran as: that may be gone, or be what failed."""
    return str(told["requestContext"]["functionArn"].split(":function:")[1].partition(":")[0])
