"""Tables' streams: the change records of the stand-in beside the emulator's, key by key in their order."""

from base64 import b64encode
from collections import defaultdict
from typing import Any

Changes = dict[str, list[Any]]
"""Table and key → what its records tell, in their order."""


class Heard:
    """Keeps what the stand-in tells of changes."""

    def __init__(self) -> None:
        self.changes: Changes = defaultdict(list)

    def changed(self, table: str, records: list[dict[str, Any]]) -> None:
        for record in records:
            _keep(self.changes, table, record["eventName"], record["dynamodb"])


def read(client: Any, tables: tuple[str, ...]) -> Changes:
    """All that an emulator's streams hold of the tables. `client`: of dynamodbstreams."""
    found: Changes = defaultdict(list)
    for table in tables:
        arn = client.list_streams(TableName=table)["Streams"][0]["StreamArn"]
        for shard in client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            iterator = client.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            while iterator:
                page = client.get_records(ShardIterator=iterator)
                for record in page["Records"]:
                    _keep(found, table, record["eventName"], record["dynamodb"])
                iterator = page.get("NextShardIterator") if page["Records"] else None
    return found


def _keep(changes: Changes, table: str, name: str, told: dict[str, Any]) -> None:
    keys = told["Keys"]
    images = {image: _as_event(told.get(image)) for image in ("Keys", "OldImage", "NewImage")}
    changes[f"{table} {keys['pk']['S']} {keys['sk']['S']}"].append((name, images))


def _as_event(told: Any) -> Any:
    """Bytes as an event of Lambda carries them."""
    match told:
        case bytes():
            return b64encode(told).decode()
        case dict():
            return {name: _as_event(value) for name, value in told.items()}
        case list():
            return [_as_event(value) for value in told]
    return told


def different(ours: Changes, theirs: Changes) -> list[str]:
    """Keys whose records differ."""
    return sorted(key for key in {*ours, *theirs} if ours.get(key) != theirs.get(key))
