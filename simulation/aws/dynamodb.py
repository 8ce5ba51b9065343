"""DynamoDB: the emulator's own module, called in this process. Its changes are told to whoever follows a table's stream."""

import pickle
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from botocore.parsers import create_parser
from botocore.session import get_session
from ministack.services import dynamodb

from local.mendings.dynamodb.copies import told
from local.mendings.dynamodb.shortcuts import take
from simulation.aws.door import Answer, Http, Raw
from simulation.aws.past import Past, may_lag
from simulation.aws.shortcuts.attributes import read_at_once
from simulation.aws.shortcuts.calls import Said, handlers, parameters, pass_over_hooks
from simulation.aws.shortcuts.one_account import serve_one_account
from simulation.aws.strictness import hold
from simulation.aws.tables import names, properties

WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})
Record = dict[str, Any]


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
        take()
        pass_over_hooks()
        read_at_once()
        serve_one_account()
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
        status, headers, body = self._lagging(operation, request, lag) if lag else self._asked(operation, request)
        if operation in WRITES and status == 200:
            self._tell(raw)
        if isinstance(body, bytes):
            return Http(status), self._refusal(operation, {"status_code": status, "headers": headers, "body": body})
        return Http(status), {**body, "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": headers}}

    def _refusal(self, operation: str, response: dict[str, Any]) -> dict[str, Any]:
        """As botocore's endpoint does: with what is told beside the code, such as a cancelled transaction's reasons."""
        output: Any = self._shapes.operation_model(operation).output_shape
        parsed: dict[str, Any] = self._parser.parse(response, output)
        parsed.update(self._parser.parse(response, self._shapes.shape_for_error_code(parsed["Error"]["Code"])))
        return parsed

    @staticmethod
    def _asked(operation: str, request: Mapping[str, Any]) -> Said:
        status, headers, said = handlers().ask(operation, parameters(request))
        return status, headers, said if isinstance(said, bytes) else told(said)

    def _lagging(self, operation: str, request: Mapping[str, Any], lag: Callable[[], float]) -> Said:
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

    def _tell(self, raw: Raw) -> None:
        for table in (raw["TableName"],) if "TableName" in raw else self.tables:
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
        status, _, said = handlers().ask("CreateTable", {"TableName": name, **properties(name)})
        if status != 200:
            raise RuntimeError(f"{name}: {said!r}")
