"""publish: the one function between tables and the bus. A stream record whose item holds a new event becomes an SNS message."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

from shared.aws.clients import client
from shared.settings import settings_of

logger = Logger(service="publish")
BATCH = 10
"""SNS takes this many messages a call."""


@dataclass(frozen=True, slots=True)
class Settings:
    topic: str


@cache
def _sns() -> Any:
    return client("sns")


@cache
def _settings() -> Settings:
    return settings_of(Settings)


def events(records: list[Mapping[str, Any]]) -> Iterator[str]:
    """The events that these stream records brought: those that the item did not hold before, in the stream's order."""
    for record in records:
        new = record["dynamodb"].get("NewImage", {}).get("event", {}).get("S")
        if new and new != record["dynamodb"].get("OldImage", {}).get("event", {}).get("S"):
            yield new


def handler(event: dict[str, Any], context: Any) -> dict[str, list[dict[str, str]]]:
    """Send the batch's events. Raises if SNS refuses one: the stream then gives the batch again, and consumers drop doubles."""
    found = list(events(event["Records"]))
    for start in range(0, len(found), BATCH):
        _send(found[start : start + BATCH])
    logger.info("published", events=len(found))
    return {"batchItemFailures": []}


def _send(envelopes: list[str]) -> None:
    entries = [
        {"Id": str(i), "Message": text, "MessageAttributes": {"type": {"DataType": "String", "StringValue": json.loads(text)["type"]}}}
        for i, text in enumerate(envelopes)
    ]
    failed = _sns().publish_batch(TopicArn=_settings().topic, PublishBatchRequestEntries=entries)["Failed"]
    if failed:
        raise RuntimeError(f"SNS refused {len(failed)} of {len(entries)} events: {failed[0]['Code']}")
