"""The records that a stream's function failed at: Lambda says which, and leaves them in the stream for 24 hours."""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

EMPTY_PAGES = 50
"""So many in a row, and there is nothing more: a page may be empty though records follow it."""
MOST_BYTES = 4_000_000
"""Of one call's records; Lambda takes 6 MB."""


class Trimmed(Exception):
    """The stream does not hold them any more."""


def records_of(info: Mapping[str, Any], streams: Any) -> Iterator[dict[str, Any]]:
    """The records that `DDBStreamBatchInfo` names, as Lambda hands them over. Raises Trimmed."""
    place = {"StreamArn": info["streamArn"], "ShardId": info["shardId"], "ShardIteratorType": "AT_SEQUENCE_NUMBER"}
    start, end = info["startSequenceNumber"], int(info["endSequenceNumber"])
    try:
        iterator, empty = streams.get_shard_iterator(**place, SequenceNumber=start)["ShardIterator"], 0
        while iterator and empty < EMPTY_PAGES:
            page = streams.get_records(ShardIterator=iterator)
            iterator, empty = page.get("NextShardIterator"), 0 if page["Records"] else empty + 1
            for record in page["Records"]:
                if int(record["dynamodb"]["SequenceNumber"]) > end:
                    return
                yield record
                if int(record["dynamodb"]["SequenceNumber"]) == end:
                    return
    except (streams.exceptions.TrimmedDataAccessException, streams.exceptions.ResourceNotFoundException) as error:
        raise Trimmed("older than 24 hours: the stream does not hold its records any more") from error
    raise Trimmed("the stream ends before the last of its records")


def payloads(records: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """The records as payloads of calls, in their order, none of more than Lambda takes."""
    held, size = list[str](), 0
    for record in records:
        text = json.dumps(record, default=_plain)
        if held and size + len(text) > MOST_BYTES:
            yield _payload(held)
            held, size = [], 0
        held.append(text)
        size += len(text)
    if held:
        yield _payload(held)


def _payload(records: list[str]) -> bytes:
    return f'{{"Records":[{",".join(records)}]}}'.encode()


def _plain(value: object) -> str | float:
    """As Lambda writes what botocore has read: bytes in base64, times in seconds."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is in no stream record")
