"""The bus's topic."""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from botocore.config import Config

from shared.aws.clients import client
from shared.aws.short_calls import shorten
from shared.bounds.bounded_lists import bounded_lists

BATCH, BATCH_BYTES = 10, 256 * 1024
"""SNS takes this many messages a call, and this many bytes of all of them together, their attributes among them."""
ATTRIBUTES = 100
"""Bytes of a message's attributes, at most."""


class Topic:
    """One SNS topic; each message carries its event's type, by which subscriptions filter."""

    def __init__(self, arn: str) -> None:
        self._arn = arn

    @cached_property
    def _sns(self) -> Any:
        return shorten(client("sns", Config(parameter_validation=False)))  # a sixth of a call: what is sent is made here

    def send(self, envelopes: Sequence[str]) -> None:
        """Send all. Raises RuntimeError if SNS refuses one."""
        for batch in batches(envelopes):
            self._send(batch)

    def _send(self, envelopes: Sequence[str]) -> None:
        entries = [
            {"Id": str(i), "Message": text, "MessageAttributes": {"type": {"DataType": "String", "StringValue": json.loads(text)["type"]}}}
            for i, text in enumerate(envelopes)
        ]
        failed = self._sns.publish_batch(TopicArn=self._arn, PublishBatchRequestEntries=entries)["Failed"]
        if failed:
            raise RuntimeError(f"SNS refused {len(failed)} of {len(entries)} events: {failed[0]['Code']}")


def batches(envelopes: Iterable[str]) -> Iterator[list[str]]:
    """The envelopes, in their order, in calls that SNS takes."""
    return bounded_lists(envelopes, BATCH, BATCH_BYTES, lambda text: len(text.encode()) + ATTRIBUTES)
