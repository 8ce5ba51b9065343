"""What a function asks of AWS goes over its own connection, by whom it is, unsigned; all else goes where it would."""

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import botocore
import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ConnectionClosedError

from local.workers.calls import Calls
from local.workers.frames import LENGTHS, MOST, Ended, packed, received

HOST = "127.0.0.1:4566"


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    yield here, there
    here.close()
    there.close()


def answering(there: socket.socket, status: int, headers: list[list[str]], body: bytes) -> list[Any]:
    """Answers one message; it is put into the list."""
    seen: list[Any] = []

    def answer() -> None:
        seen.append(received(there))
        there.sendall(packed([status, headers], body))

    threading.Thread(target=answer, daemon=True).start()
    return seen


def request(url: str, body: Any = None) -> Any:
    return AWSRequest("POST", url, headers={"X-Amz-Target": "DynamoDB_20120810.DescribeTable"}, data=body).prepare()


def test_a_call_goes_over_the_connection_and_its_answer_is_botocores(ends: tuple[socket.socket, socket.socket]):
    here, there = ends
    seen, own = answering(there, 400, [["x-amzn-requestid", "r"]], b'{"a": 1}'), Calls(here, HOST)
    own.signer("choose-signer.dynamodb.DescribeTable", "dynamodb", "v4")
    answer = own.send("before-send.dynamodb.DescribeTable", request(f"http://{HOST}/a%20b?c=d", b"asked"))
    assert answer is not None
    assert (answer.status_code, answer.headers["X-Amzn-RequestId"], json.loads(answer.content)) == (400, "r", {"a": 1})
    (service, method, target, headers), body = seen[0]
    assert (service, method, target, body) == ("dynamodb", "POST", "/a%20b?c=d", b"asked")
    assert dict(headers) == {"Host": HOST, "X-Amz-Target": "DynamoDB_20120810.DescribeTable", "Content-Length": "5"}


def test_other_hosts_are_asked_by_http(ends: tuple[socket.socket, socket.socket]):
    assert Calls(ends[0], HOST).send("before-send.s3.GetObject", request("https://elsewhere.example/")) is None


def test_only_links_are_signed_and_what_everybody_may_ask_has_no_name(ends: tuple[socket.socket, socket.socket]):
    here, there = ends
    own = Calls(here, HOST)
    assert own.signer("choose-signer.s3.PutObject", "s3", "s3v4-query") is None
    assert own.signer("choose-signer.s3.PutObject", "s3", "s3v4-presign-post") is None
    assert own.signer("choose-signer.s3.PutObject", "s3", "s3v4") is botocore.UNSIGNED
    assert own.signer("choose-signer.cognito-idp.InitiateAuth", "cognito-idp", botocore.UNSIGNED) is botocore.UNSIGNED
    seen = answering(there, 200, [], b"")
    own.send("before-send.cognito-idp.InitiateAuth", request(f"http://{HOST}/"))
    assert seen[0][0][0] == ""


def test_an_emulator_that_is_gone_is_a_connection_that_was_closed(ends: tuple[socket.socket, socket.socket]):
    here, there = ends
    there.close()
    with pytest.raises(ConnectionClosedError):
        Calls(here, HOST).send("before-send.sqs.SendMessage", request(f"http://{HOST}/"))


def test_a_body_larger_than_any_is_refused_before_it_is_read(ends: tuple[socket.socket, socket.socket]):
    here, there = ends
    there.sendall(LENGTHS.pack(2, MOST + 1) + b"{}")
    with pytest.raises(Ended):
        received(here)
