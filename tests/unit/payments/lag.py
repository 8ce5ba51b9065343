"""A read that does not ask for consistency, as badly as DynamoDB may answer it: nothing of what was just written is there yet.

It is played at the wire, so that what a store asks for decides, not what a fake believes.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from shared.aws.dynamo import connection

NOTHING: dict[str, dict[str, Any]] = {"Query": {"Items": [], "Count": 0, "ScannedCount": 0}, "GetItem": {}}


class Told(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


@contextmanager
def lagging(about: str) -> Iterator[list[str]]:
    """Let every read lag that may and that names `about` (an order, a reference). Gives the operations that did."""
    lagged: list[str] = []

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        operation, asked = _text(request.headers["X-Amz-Target"]).rpartition(".")[2], _text(request.body)
        if operation not in NOTHING or about not in asked or json.loads(asked).get("ConsistentRead"):
            return None
        lagged.append(operation)
        headers = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse(request.url, 200, headers, Told(json.dumps(NOTHING[operation]).encode()))

    events = connection().client.meta.events
    events.register_first("before-send.dynamodb", answer)
    try:
        yield lagged
    finally:
        events.unregister("before-send.dynamodb", answer)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
