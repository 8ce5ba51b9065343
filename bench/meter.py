"""Counts every AWS call of this process and what DynamoDB would charge for it, through botocore's own hooks.

The images around a write, and a query's unfiltered items, are fetched by a client whose calls are not counted.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS

from bench.capacity import Item, Schema, charged, read_units, size

NOTED = "bench"
"""The key of a call's botocore context under which its images from before the call are kept."""
READ_AGAIN = (
    "TableName", "IndexName", "KeyConditionExpression", "ExpressionAttributeValues", "ExpressionAttributeNames",
    "ScanIndexForward", "Limit", "ExclusiveStartKey", "ConsistentRead",
)  # fmt: skip


@dataclass
class Tally:
    """What was asked of AWS, and the CPU time it took us. `writes` are items."""

    calls: Counter[str] = field(default_factory=Counter)
    wcu: float = 0
    rcu: float = 0
    writes: int = 0
    cpu_ms: float = 0

    def __iadd__(self, other: "Tally") -> "Tally":
        self.calls += other.calls
        self.wcu, self.rcu, self.writes = self.wcu + other.wcu, self.rcu + other.rcu, self.writes + other.writes
        self.cpu_ms += other.cpu_ms
        return self

    @property
    def dynamodb_calls(self) -> int:
        return sum(count for name, count in self.calls.items() if name.startswith("dynamodb."))


@dataclass(frozen=True)
class Write:
    """One item that a request is about to write, or only to check. `old` is how it was."""

    table: str
    key: Item
    transactional: bool
    old: Item | None
    check: bool = False


class Meter:
    """Counts into the tally that is `on`. Sessions that are made before `install` are never counted."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb
        self._tally: Tally | None = None
        self._schemas: dict[str, Schema] = {}
        self.records: list[dict[str, Any]] = []
        """Stream records of what was written, oldest first."""
        self.spent = 0.0
        """CPU seconds that the counting itself took."""

    def install(self) -> None:
        """Count in every botocore session of this process that is made from now on."""
        BUILTIN_HANDLERS.extend([("before-parameter-build", self._before), ("after-call", self._after)])

    @contextmanager
    def on(self, tally: Tally) -> Iterator[None]:
        """Count into `tally`."""
        self._tally = tally
        try:
            yield
        finally:
            self._tally = None

    @contextmanager
    def _aside(self) -> Iterator[Tally]:
        """The tally, while our own look-ups and their time are left out."""
        started, tally = time.process_time(), self._tally
        self._tally = None
        try:
            yield tally or Tally()
        finally:
            self._tally = tally
            self.spent += time.process_time() - started

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if self._tally is not None and model.service_model.service_name == "dynamodb":
            with self._aside():
                context[NOTED] = (dict(params), list(self._writes(model.name, params)))

    def _after(self, parsed: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        if self._tally is None:
            return
        with self._aside() as tally:
            tally.calls[f"{model.service_model.service_name}.{model.name}"] += 1
            if NOTED in context:
                params, writes = context.pop(NOTED)
                for write in writes:
                    self._charge(tally, write)
                tally.rcu += self._read(model.name, params, parsed)

    def schema(self, table: str) -> Schema:
        if table not in self._schemas:
            self._schemas[table] = Schema.of(self._dynamodb.describe_table(TableName=table)["Table"])
        return self._schemas[table]

    def _image(self, table: str, key: Item) -> Item | None:
        found: Item | None = self._dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found

    def _writes(self, operation: str, params: Mapping[str, Any]) -> Iterator[Write]:
        transactional = operation == "TransactWriteItems"
        if operation in ("PutItem", "UpdateItem", "DeleteItem"):
            yield self._write(params["TableName"], params)
        elif transactional:
            for action in params["TransactItems"]:
                ((kind, asked),) = action.items()
                yield self._write(asked["TableName"], asked, transactional=True, check=kind == "ConditionCheck")
        elif operation == "BatchWriteItem":
            for table, requests in params["RequestItems"].items():
                for request in requests:
                    ((_, asked),) = request.items()
                    yield self._write(table, asked)

    def _write(self, table: str, asked: Mapping[str, Any], *, transactional: bool = False, check: bool = False) -> Write:
        key = asked["Key"] if "Key" in asked else self.schema(table).key(asked["Item"])
        return Write(table, key, transactional, self._image(table, key), check)

    def _charge(self, tally: Tally, write: Write) -> None:
        new = self._image(write.table, write.key)
        tally.wcu += charged(self.schema(write.table), write.old, new, transactional=write.transactional)
        if write.check or new == write.old:
            return
        tally.writes += 1
        images = {"OldImage": write.old, "NewImage": new}
        self.records.append({"table": write.table, "dynamodb": {name: image for name, image in images.items() if image is not None}})

    def _read(self, operation: str, params: dict[str, Any], parsed: Mapping[str, Any]) -> float:
        """RCU of a read; of items as they lie there, whatever the answer was projected or filtered to."""
        if operation == "GetItem":
            held = self._image(params["TableName"], params["Key"])
            return read_units(size(held), consistent=params.get("ConsistentRead", False))
        if operation == "BatchGetItem":
            return sum(
                read_units(size(self._image(table, key)), consistent=asked.get("ConsistentRead", False))
                for table, asked in params["RequestItems"].items()
                for key in asked["Keys"]
            )
        if operation == "TransactGetItems":
            asked = [action["Get"] for action in params["TransactItems"]]
            return sum(read_units(size(self._image(get["TableName"], get["Key"])), transactional=True) for get in asked)
        if operation == "Query":
            return self._query_units(params)
        return 0

    def _query_units(self, params: dict[str, Any]) -> float:
        again = {name: params[name] for name in READ_AGAIN if name in params}
        for names in ("ExpressionAttributeNames", "ExpressionAttributeValues"):  # DynamoDB refuses those that nothing uses
            used = {name: value for name, value in again.pop(names, {}).items() if name in again["KeyConditionExpression"]}
            again |= {names: used} if used else {}
        found = self._dynamodb.query(**again)["Items"]
        return read_units(sum(size(item) for item in found), consistent=params.get("ConsistentRead", False))
