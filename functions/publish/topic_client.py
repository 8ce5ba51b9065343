"""The bus's topic."""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from shared.aws.clients import client

BATCH = 10
"""SNS takes this many messages a call."""


class Topic:
    """One SNS topic; each message carries its event's type, by which subscriptions filter."""

    def __init__(self, arn: str) -> None:
        self._arn = arn

    @cached_property
    def _sns(self) -> Any:
        return client("sns")

    def send(self, envelopes: Sequence[str]) -> None:
        """Send all. Raises RuntimeError if SNS refuses one."""
        for start in range(0, len(envelopes), BATCH):
            self._send(envelopes[start : start + BATCH])

    def _send(self, envelopes: Sequence[str]) -> None:
        entries = [
            {"Id": str(i), "Message": text, "MessageAttributes": {"type": {"DataType": "String", "StringValue": json.loads(text)["type"]}}}
            for i, text in enumerate(envelopes)
        ]
        failed = self._sns.publish_batch(TopicArn=self._arn, PublishBatchRequestEntries=entries)["Failed"]
        if failed:
            raise RuntimeError(f"SNS refused {len(failed)} of {len(entries)} events: {failed[0]['Code']}")
