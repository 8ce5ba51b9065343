"""A stream's records are read from the first that failed to the last, and called in pieces that Lambda takes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tools.redrive.stream_records import MOST_BYTES, Trimmed, payloads, records_of


class FakeStreams:
    """A shard whose pages hold one record each, every other page none."""

    class exceptions:  # noqa: N801 - botocore's name
        class TrimmedDataAccessException(Exception):
            pass

        class ResourceNotFoundException(Exception):
            pass

    def __init__(self, held: list[int]) -> None:
        self.held = held

    def get_shard_iterator(self, SequenceNumber: str, **_: str) -> dict[str, str]:  # noqa: N803 - AWS's name
        if int(SequenceNumber) not in self.held:
            raise self.exceptions.TrimmedDataAccessException
        return {"ShardIterator": str(self.held.index(int(SequenceNumber)) * 2)}

    def get_records(self, ShardIterator: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        at, empty = divmod(int(ShardIterator), 2)
        found = [] if empty or at >= len(self.held) else [record(self.held[at])]
        return {"Records": found, "NextShardIterator": str(int(ShardIterator) + 1)}


def record(number: int, text: str = "") -> dict[str, Any]:
    image = {"event": {"S": text}, "sealed": {"B": b"\x01"}}
    when = datetime(2026, 11, 1, tzinfo=UTC)
    return {"eventName": "MODIFY", "dynamodb": {"SequenceNumber": str(number), "NewImage": image, "ApproximateCreationDateTime": when}}


def info(start: int, end: int) -> dict[str, str]:
    return {"streamArn": "arn", "shardId": "shardId-1", "startSequenceNumber": str(start), "endSequenceNumber": str(end)}


def test_the_records_that_failed_are_read_and_no_other():
    found = records_of(info(9, 110), FakeStreams([8, 9, 100, 110, 111]))
    assert [int(one["dynamodb"]["SequenceNumber"]) for one in found] == [9, 100, 110]


@pytest.mark.parametrize("held", [[100, 110], [9, 100]])
def test_what_the_stream_does_not_hold_any_more_is_said(held: list[int]):
    with pytest.raises(Trimmed):
        list(records_of(info(9, 110), FakeStreams(held)))


def test_a_call_holds_no_more_than_lambda_takes_and_all_calls_together_all_records():
    made = list(payloads(record(n, "é" * 200_000) for n in range(9)))
    assert len(made) > 1
    assert max(map(len, made)) < MOST_BYTES + 100
    records = [one for payload in made for one in json.loads(payload)["Records"]]
    assert [one["dynamodb"]["SequenceNumber"] for one in records] == [str(n) for n in range(9)]


def test_a_record_is_written_as_lambda_writes_it():
    (payload,) = payloads(iter([record(1)]))
    told = json.loads(payload)["Records"][0]["dynamodb"]
    assert told["NewImage"]["sealed"] == {"B": "AQ=="}
    assert told["ApproximateCreationDateTime"] == datetime(2026, 11, 1, tzinfo=UTC).timestamp()
