"""Run by test_keeper.py in a process of its own, for it mends the emulator: `emulated.py FOLDER STEP…`, such as `write:SEED`.

Each step is done by a fork, which begins as a new start of the emulator does, and says one line. `write` does things to the emulator's
services, says what there is, and dies as by kill −9; `read` begins with what is kept and says what there is; `closed` says how the API
answers before that. `older` leaves what the version before the redo log left; `half` dies before that is all in a base.
"""

import asyncio
import json
import os
import random
import sys
import traceback
from pathlib import Path
from typing import Any

STATE = Path(sys.argv[1]) / "state"
os.environ |= {"PERSIST_STATE": "1", "STATE_DIR": str(STATE), "S3_PERSIST": "1", "S3_DATA_DIR": str(STATE.parent / "s3"), "AUTH": "false"}

from ministack import app  # noqa: E402 (it reads its settings when it is imported)
from ministack.core import persistence  # noqa: E402
from ministack.core.responses import AccountRegionScopedDict  # noqa: E402
from ministack.services import dynamodb, lambda_svc, sqs  # noqa: E402

from local.mendings import streams  # noqa: E402
from local.mendings.api import door  # noqa: E402
from local.redo.keeper import Keeper  # noqa: E402

SCOPE = ("000000000000", "us-east-1")
JSON = "application/x-amz-json-1.0"
TARGETS = {"DynamoDB": "DynamoDB_20120810", "SQS": "AmazonSQS", "Cognito": "AWSCognitoIdentityProviderService"}
HOST = {"DynamoDB": "dynamodb", "SQS": "sqs", "Cognito": "cognito-idp"}


def call(service: str, action: str, expected: int = 200, **data: Any) -> Any:
    """A call as a client of AWS makes it, through the emulator's application. Raises AssertionError unless it is answered as expected."""
    target = f"{TARGETS[service]}.{action}".encode()
    credential = f"AWS4-HMAC-SHA256 Credential=test/20261129/us-east-1/{HOST[service]}/aws4_request".encode()
    headers = [(b"x-amz-target", target), (b"content-type", JSON.encode()), (b"authorization", credential), (b"host", b"127.0.0.1:4566")]
    status, body = asyncio.run(_asked("POST", "/", headers, json.dumps(data).encode()))
    assert status == expected, (status, body)
    return json.loads(body or b"{}")


async def _asked(method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[int, bytes]:
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "client": ("127.0.0.1", 1)}
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    length = (b"content-length", str(len(body)).encode())
    await app.app(scope | {"headers": [*headers, length]}, receive, send)
    return said[0]["status"], b"".join(message.get("body", b"") for message in said)


def made() -> None:
    """What a deployment makes, before anything is kept."""
    key = {
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    }
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    arn = call("DynamoDB", "CreateTable", TableName="orders", BillingMode="PAY_PER_REQUEST", StreamSpecification=stream, **key)
    reader = {"UUID": "reader", "EventSourceArn": arn["TableDescription"]["LatestStreamArn"], "FunctionArn": ""}
    lambda_svc._esms.set_scoped(*SCOPE, "reader", reader | {"StartingPosition": "TRIM_HORIZON", "Enabled": False})
    dead = call("SQS", "CreateQueue", QueueName="dead")["QueueUrl"]
    assert dead
    call("SQS", "CreateQueue", QueueName="audit")
    call("DynamoDB", "PutItem", TableName="orders", Item={"pk": {"S": "before"}})


def url(name: str) -> str:
    return next(queue["url"] for queue in sqs._queues.all_values() if queue["name"] == name)


class Calls:
    """Calls at random."""

    def __init__(self, seed: int) -> None:
        self.random, self.number = random.Random(seed), 0

    def one(self) -> None:
        self.number += 1
        self.random.choice([self.put, self.update, self.together, self.delete, self.expire, self.undo, self.send, self.take, self.read])()

    def key(self) -> dict[str, Any]:
        return {"pk": {"S": f"order {self.random.randint(1, 6)}"}}

    def put(self) -> None:
        call("DynamoDB", "PutItem", TableName="orders", Item=self.key() | {"n": {"N": str(self.number)}, "词": {"S": "核桃木碗"}})

    def update(self) -> None:
        how = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
        call("DynamoDB", "UpdateItem", TableName="orders", Key=self.key(), **how)

    def together(self) -> None:
        keys = [{"pk": {"S": f"order {n}"}} for n in self.random.sample(range(1, 7), 2)]
        puts = [{"Put": {"TableName": "orders", "Item": key | {"n": {"N": str(self.number)}}}} for key in keys]
        call("DynamoDB", "TransactWriteItems", TransactItems=puts)

    def delete(self) -> None:
        call("DynamoDB", "DeleteItem", TableName="orders", Key=self.key())

    def expire(self) -> None:
        """As the emulator's thread does with items that are out of date; a call comes between its two steps."""
        table = dynamodb._tables.get_scoped(*SCOPE, "orders")
        name = self.random.choice(list(table["items"]))
        gone = dynamodb._remove_item(table, name, "__no_sort__")
        self.put()
        dynamodb._emit_stream_event("orders", "REMOVE", gone, None)

    def undo(self) -> None:
        """A transaction that fails at its last statement: the emulator takes back what it did, by putting back all items."""
        statements = [{"Statement": f"INSERT INTO orders VALUE {{'pk': 'undone {self.number}'}}"}] * 2
        call("DynamoDB", "ExecuteTransaction", TransactStatements=statements, expected=400)

    def send(self) -> None:
        call("SQS", "SendMessage", QueueUrl=url("audit"), MessageBody=f"message {self.number}", DelaySeconds=self.random.choice([0, 300]))

    def take(self) -> None:
        """Some are worked on and done, some are only taken."""
        for message in sqs._receive_messages_for_esm(url("audit"), 2):
            if self.random.random() < 0.5:
                sqs._delete_messages_for_esm(url("audit"), {message["receipt_handle"]})

    def read(self) -> None:
        end = dynamodb.stream_end_position("orders")
        at = lambda_svc._dynamodb_stream_positions.get("reader", 0)
        lambda_svc._dynamodb_stream_positions["reader"] = self.random.randint(at, end)
        if self.random.random() < 0.3:
            streams.forget_read()


def there() -> dict[str, Any]:
    """What the services hold."""
    table = dynamodb._tables.get_scoped(*SCOPE, "orders")
    unread, first = streams.unread().get_scoped(*SCOPE, "orders", ([], 0))
    messages = {q["name"]: [[m["id"], m["body"], m["receive_count"] == 0 and m["visible_at"]] for m in q["messages"]] for q in
                sqs._queues.all_values()}  # fmt: skip
    return {
        "items": {partition: items for partition, items in table["items"].items() if items},
        "counted": call("DynamoDB", "DescribeTable", TableName="orders")["Table"]["ItemCount"],
        "unread": unread,
        "read": max(first, 0),
        "messages": {name: [message[:2] for message in found] for name, found in messages.items()},
        "pools": [pool["Name"] for pool in call("Cognito", "ListUserPools", MaxResults=60)["UserPools"]],
    }


def left_by_an_older_version() -> None:
    """A file for each service; unread records beside the tables, for the positions of readers meant nothing."""
    made()
    for _ in range(20):
        call("DynamoDB", "PutItem", TableName="orders", Item={"pk": {"S": str(random.random())}})
    call("SQS", "SendMessage", QueueUrl=url("audit"), MessageBody="on its way", DelaySeconds=300)
    lambda_svc._dynamodb_stream_positions.set_scoped(*SCOPE, "reader", 7)
    unread = AccountRegionScopedDict()
    unread.set_scoped(*SCOPE, "orders", streams.unread().get_scoped(*SCOPE, "orders")[0])
    found = there()
    tables = dynamodb.get_state() | {streams.UNREAD: unread}
    persistence.save_all(app._build_persistence_save_dict() | {"dynamodb": lambda: tables})
    print(json.dumps(found))


def at_the_door(opened: bool) -> list[Any]:
    """How the API is answered, and how AWS is: the deployment asks it before anything is kept."""
    api, aws = "/_aws/execute-api/abc/local/v1/orders", "/_localstack/health"
    told = [asyncio.run(_asked("GET", path, [(b"host", b"127.0.0.1:4566")], b"")) for path in (api, aws)]
    return [opened, *(status for status, _ in told), "starting" in told[0][1].decode()]


def closed() -> None:
    opened = [False]
    door.mend(lambda: opened[0])
    before = at_the_door(opened[0])
    opened[0] = True
    print(json.dumps([before, at_the_door(opened[0])]))


def forked(what: str, seed: int) -> int:
    """The exit status of a process that does one step."""
    pid = os.fork()
    if pid == 0:
        try:
            step(what, seed)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        sys.stdout.flush()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def step(what: str, seed: int) -> None:
    if what == "closed":
        return closed()
    if what == "older":
        return left_by_an_older_version()
    keeper = Keeper(STATE)
    streams.mend()
    keeper.watch()
    app._load_persisted_state()
    calls = Calls(seed)
    if what == "half":
        keeper.redo.begin([])
    if what == "write":
        if not keeper.files.there and not keeper.had_older:
            made()
        keeper.begin()
        for number in range(60):
            calls.one()
            if number == seed % 60 and seed % 3 == 0:
                keeper.rebase()
        call("Cognito", "CreateUserPool", PoolName=f"pool {seed}")
    print(json.dumps(there()))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    for what, _, seed in (word.partition(":") for word in sys.argv[2:]):
        if forked(what, int(seed or 0)):
            sys.exit(f"{what} failed")
