"""A function's call of DynamoDB's items goes over its connection as an operation and its JSON, and is tried again as on AWS."""

import json
import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import create_parser
from botocore.session import Session

from local.workers import calls
from local.workers.frames import packed, received
from shared.aws.short_calls import shorten

HOST = "127.0.0.1:4566"
KEY = {"pk": {"S": "an order"}}
CANCELLED = {
    "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    "message": "Transaction cancelled",
    "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Message": "no", "Item": KEY}],
}


@pytest.fixture
def there() -> Iterator[socket.socket]:
    """The emulator's end of this process's connection."""
    ours, theirs = socket.socketpair()
    calls.take(ours, HOST)
    yield theirs
    calls._own.clear()
    ours.close()
    theirs.close()


def client(**more: Any) -> Any:
    """A client as a function has it, but for one try."""
    return shorten(botocores(**more), sleep=lambda _: None)


@cache
def session() -> Session:
    """One for all: each would read the services' descriptions anew."""
    made = Session()
    made.register("before-send", calls._send)
    made.register("choose-signer", calls._signer)
    return made


def botocores(**more: Any) -> Any:
    config = Config(**{"parameter_validation": False, "retries": {"total_max_attempts": 1}} | more)
    known = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}
    return session().create_client("dynamodb", "us-east-1", endpoint_url=f"http://{HOST}", config=config, **known)


def answering(there: socket.socket, *answers: tuple[int, Any]) -> list[Any]:
    """Answers so many calls; they are put into the list."""
    seen: list[Any] = []

    def answer() -> None:
        for status, said in answers:
            seen.append(received(there))
            there.sendall(packed([status, []], json.dumps(said).encode()))

    threading.Thread(target=answer, daemon=True).start()
    return seen


def test_a_call_says_what_is_done_and_its_json_and_nothing_else(there: socket.socket):
    seen = answering(there, (200, {}))
    client().put_item(TableName="t", Item=KEY | {"b": {"B": b"\x00\xff"}, "bs": {"BS": [b"1"]}})
    sent = {"TableName": "t", "Item": KEY | {"b": {"B": "AP8="}, "bs": {"BS": ["MQ=="]}}}
    assert [(head, json.loads(body)) for head, body in seen] == [(["PutItem", HOST], sent)]


def test_an_answer_is_told_as_botocores_parser_tells_it(there: socket.socket):
    secret = {"B": b64encode(b"sealed").decode()}
    item = KEY | {"B": {"M": {"B": secret, "n": {"N": "1"}}}, "l": {"L": [secret, {"BS": ["MQ=="]}, {"NULL": True}]}, "词": {"S": '"B":'}}
    said = {"Items": [item], "Count": 1, "ScannedCount": 1, "LastEvaluatedKey": KEY}
    answering(there, (200, said))
    told = client().query(TableName="t")
    model = client()._service_model.operation_model("Query")
    theirs = create_parser("json").parse({"status_code": 200, "headers": {}, "body": json.dumps(said).encode()}, model.output_shape)
    assert told | {"ResponseMetadata": {}} == theirs | {"ResponseMetadata": {}}
    assert told["Items"][0]["l"]["L"][0] == {"B": b"sealed"}
    assert told["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_refusal_is_botocores_exception_with_what_stands_beside_its_code(there: socket.socket):
    answering(there, (400, CANCELLED))
    asking = client()
    with pytest.raises(asking.exceptions.TransactionCanceledException) as refused:
        asking.transact_write_items(TransactItems=[])
    assert refused.value.response["Error"] == {"Code": "TransactionCanceledException", "Message": "Transaction cancelled"}
    assert refused.value.response["CancellationReasons"][1] == CANCELLED["CancellationReasons"][1]
    assert refused.value.operation_name == "TransactWriteItems"


@pytest.mark.parametrize(("status", "kind"), [(500, "InternalServerError"), (400, "ProvisionedThroughputExceededException")])
@pytest.mark.parametrize("attempts", [1, 2])
def test_what_may_be_tried_again_is_as_often_as_the_clients_settings_say(there: socket.socket, status: int, kind: str, attempts: int):
    """Who may ask once alone (fanout's stamped changes) is told of the failure."""
    seen = answering(there, *[(status, {"__type": f"com.amazonaws.dynamodb.v20120810#{kind}"})] * attempts)
    asking = client(retries={"total_max_attempts": attempts, "mode": "standard"})
    with pytest.raises(ClientError, match=kind):
        asking.get_item(TableName="t", Key=KEY)
    assert [head for head, _ in seen] == [["GetItem", HOST]] * attempts


def test_what_an_item_says_of_limits_is_no_reason_to_ask_again(there: socket.socket):
    said = {"__type": "x#ConditionalCheckFailedException", "Item": {"note": {"S": "LimitExceededException"}}}
    seen = answering(there, (400, said))
    asking = client(retries={"total_max_attempts": 2, "mode": "standard"})
    with pytest.raises(asking.exceptions.ConditionalCheckFailedException):
        asking.put_item(TableName="t", Item=KEY)
    assert len(seen) == 1


def test_a_transaction_has_a_token_so_that_twice_is_once(there: socket.socket):
    seen = answering(there, (200, {}), (200, {}))
    client().transact_write_items(TransactItems=[])
    client().transact_write_items(TransactItems=[], ClientRequestToken="mine")
    first, second = (json.loads(body)["ClientRequestToken"] for _, body in seen)
    assert (len(first), second) == (36, "mine")


def test_a_transaction_that_is_asked_once_more_bears_the_same_token(there: socket.socket):
    """The first may have been done: a hub whose disk is full answers 500 for what it did and could not write."""
    seen = answering(there, (500, {"__type": "InternalError"}), (200, {}))
    client(retries={"total_max_attempts": 2}).transact_write_items(TransactItems=[])
    first, second = (json.loads(body)["ClientRequestToken"] for _, body in seen)
    assert first == second


def test_what_dynamodb_does_not_hold_is_not_sent(there: socket.socket):
    with pytest.raises(TypeError, match="object"):
        client().put_item(TableName="t", Item={"pk": {"S": object()}})


def test_a_client_of_botocores_own_asks_of_items_alike_and_of_tables_as_http(there: socket.socket):
    seen = answering(there, (200, {"Item": KEY}), (200, {"TableNames": []}))
    asking = botocores(parameter_validation=True)
    assert asking.get_item(TableName="t", Key=KEY)["Item"] == KEY
    assert asking.list_tables()["TableNames"] == []
    assert [len(head) for head, _ in seen] == [2, 4]


def test_an_emulator_that_is_gone_is_a_connection_that_was_closed(there: socket.socket):
    there.close()
    with pytest.raises(ConnectionClosedError):
        client().get_item(TableName="t", Key=KEY)
