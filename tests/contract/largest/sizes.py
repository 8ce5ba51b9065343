"""How large what is written is, as AWS counts it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from pynamodb.models import Model

from monsoon_plugin.address import Address
from shared.aws.packing import unpacked
from shared.bounds.fields import MAX_EVENT, MAX_ITEM

WIDE = "\U0001f600"
"""A character of four bytes, in UTF-8 and in JSON."""
ATTRIBUTES = 200
"""Bytes of an SNS message's attributes."""
LARGEST_ANSWER = 6 * 1024 * 1024 - 100_000
"""Bytes of an answer: Lambda's synchronous response takes 6 MB, API Gateway 10."""
FARTHEST = Address(
    name=WIDE * 100, lines=[WIDE * 300] * 4, city=WIDE * 100, region=WIDE * 100, postal_code=WIDE * 16, country="GB", phone=WIDE * 32,
    email=WIDE * 254,
)  # fmt: skip


def ids(kind: str, count: int) -> list[str]:
    """`count` different ids, as long as ours are."""
    return [f"{kind}_{n:026d}" for n in range(count)]


def bytes_of(value: dict[str, Any]) -> int:
    """Of an attribute, as https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html counts it."""
    ((kind, held),) = value.items()
    return SIZES[kind](held)


def _unpacked_bytes(stream: bytes) -> int:
    """A packed text counts as long as it is: letters that repeat, as in these tests, pack far better than a shopkeeper's."""
    try:
        return len(unpacked({"B": stream}).encode())
    except ValueError:
        return len(stream)


SIZES: dict[str, Callable[[Any], int]] = {
    "S": lambda text: len(text.encode()), "N": lambda digits: len(digits) // 2 + 2, "B": _unpacked_bytes, "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
    "L": lambda parts: 3 + sum(1 + bytes_of(part) for part in parts),
    "M": lambda parts: 3 + sum(1 + len(name.encode()) + bytes_of(part) for name, part in parts.items()),
    "SS": lambda texts: sum(len(text.encode()) for text in texts),
}  # fmt: skip


def item_bytes(item: dict[str, Any]) -> int:
    return sum(len(name.encode()) + bytes_of(value) for name, value in item.items())


def check_item(item: dict[str, Any] | Model) -> int:
    """Hold an item to what DynamoDB takes, and its event to what SNS, SQS and a Lambda call take; answers the item's bytes."""
    attributes: dict[str, Any] = item.serialize() if isinstance(item, Model) else item
    size, event = item_bytes(attributes), unpacked(attributes["event"]) if "event" in attributes else ""
    assert size <= MAX_ITEM, f"an item of {size} bytes"
    assert len(event.encode()) + ATTRIBUTES <= MAX_EVENT, f"an event of {len(event.encode())} bytes"
    return size


def events_in(items: list[dict[str, Any]]) -> Iterator[str]:
    yield from (unpacked(item["event"]) for item in items if "event" in item)


def record(event: str) -> dict[str, Any]:
    """An SQS record that carries an event."""
    return {"messageId": "m", "body": event, "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs", "receiptHandle": "r"}


def answer_bytes(view: Any) -> int:
    return len(json.dumps(view).encode()) if isinstance(view, dict) else len(view.model_dump_json(by_alias=True).encode())
