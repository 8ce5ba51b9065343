"""DynamoDB: the emulator's own module, called in this process. Its changes are told to whoever follows a table's stream."""

import json
import pickle
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from botocore.parsers import create_parser
from botocore.session import get_session
from ministack.services import dynamodb

from simulation.aws import shortcuts
from simulation.aws.door import Answer, Http, Raw
from simulation.aws.past import Past, may_lag
from simulation.aws.strictness import hold
from simulation.aws.tables import names, properties

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})
BINARY = (b'"B":', b'"BS":')
"""In an answer that holds bytes: botocore's parser makes them of their text; any other answer is what its JSON says."""
Record = dict[str, Any]
Told = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""


class DynamoDb:
    """Every table of infra/tables.yaml; `changed(table, records)` hears of each write.

    Nothing expires here: DynamoDB may take days to remove an item, and code may not count on it.
    """

    def __init__(self) -> None:
        self.changed: Callable[[str, list[Record]], None] = lambda table, records: None
        self.seconds: Callable[[], float] = lambda: 0.0
        """A clock of the world that this serves."""
        self.lag: Callable[[bool], Callable[[], float] | None] = lambda of_index: None
        """Asked at each read that may lag, of an index or of a table: None, or what draws the seconds that a partition does."""
        self.told_of_the_past: Callable[[], None] = lambda: None
        """Hears of each read whose answer would have been another now."""
        self.strict = True
        """Whether calls that DynamoDB would refuse, and the emulator takes, are errors of the schedule."""
        shortcuts.take()
        self._past = Past()
        self._shapes = get_session().get_service_model("dynamodb")
        self._parser = create_parser("json")
        self.tables = names()
        for name in self.tables:
            self._create(name)

    def answer(self, operation: str, raw: Raw, request: Mapping[str, Any]) -> Answer:
        if self.strict:
            hold(raw)
        lag = self.lag("IndexName" in raw) if may_lag(operation, raw) else None
        status, told, body = self._lagging(operation, request, lag) if lag else self._asked(operation, request)
        if operation in WRITES and status == 200:
            self._tell()
        if status == 200 and not any(kind in body for kind in BINARY):
            return Http(status), json.loads(body) | {"ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": told}}
        response = {"status_code": status, "headers": told, "body": body}
        parsed = self._parser.parse(response, self._shapes.operation_model(operation).output_shape)  # type: ignore[arg-type]  # each has one
        if status >= 300:  # as botocore's endpoint does: what is told beside the code, such as a cancelled transaction's reasons
            parsed |= self._parser.parse(response, self._shapes.shape_for_error_code(parsed["Error"]["Code"]))
        return Http(status), parsed

    @staticmethod
    def _asked(operation: str, request: Mapping[str, Any]) -> Told:
        headers = {"x-amz-target": f"DynamoDB_20120810.{operation}"}
        return _at_once(dynamodb.handle_request("POST", "/", headers, request["body"], {}))

    def _lagging(self, operation: str, request: Mapping[str, Any], lag: Callable[[], float]) -> Told:
        """The answer of a moment ago; today's, where nothing has changed since."""
        with self._past.shown(self.seconds(), lag) as otherwise:
            before = self._asked(operation, request)
        if otherwise and before[2] != self._asked(operation, request)[2]:
            self.told_of_the_past()
        return before

    def items(self, table: str) -> list[dict[str, Any]]:
        """All items of a table, in DynamoDB's JSON, for who checks them."""
        return [item for some in self._table(table)["items"].values() for item in some.values()]

    def snapshot(self) -> bytes:
        """All items, to be restored any number of times."""
        return pickle.dumps({name: dict(self._table(name)["items"]) for name in self.tables})

    def restore(self, snapshot: bytes) -> None:
        """Let all tables hold what they held at the snapshot."""
        for name, items in pickle.loads(snapshot).items():
            table = self._table(name)
            table["items"] = defaultdict(dict, items)
            table.pop(dynamodb._INDEX_MEMBERS, None)
        self._past.clear()
        dynamodb._stream_records.clear()
        dynamodb._stream_trimmed.clear()
        dynamodb._txn_idempotency.clear()

    def _tell(self) -> None:
        for table in self.tables:
            records = dynamodb._stream_records.get(table)
            if records:
                dynamodb._stream_records[table] = []
                self._past.keep(self.seconds(), table, records)
                self.changed(table, records)

    def _table(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = dynamodb._tables[name]
        return found

    @staticmethod
    def _create(name: str) -> None:
        body = json.dumps({"TableName": name, **properties(name)}).encode()
        status, _, told = _at_once(dynamodb.handle_request("POST", "/", {"x-amz-target": "DynamoDB_20120810.CreateTable"}, body, {}))
        if status != 200:
            raise RuntimeError(f"{name}: {told!r}")


def _at_once(call: Any) -> Told:
    """The answer of the emulator's coroutine, which waits for nothing."""
    try:
        call.send(None)
    except StopIteration as done:
        answer: Told = done.value
        return answer
    raise RuntimeError("the emulator's DynamoDB waited for something")
