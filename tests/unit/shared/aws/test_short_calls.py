"""The short way answers, refuses and tries again as botocore's own way does, and leaves to that what it does not know."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.client import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.session import Session, get_session

from shared.aws.answers import is_unanswered
from shared.aws.exchange import Reply
from shared.aws.short_calls import shorten

RETRIES = {"total_max_attempts": 3, "mode": "standard"}
KEY = {"pk": {"S": "a"}, "sk": {"S": "b"}}
ITEM = KEY | {
    "n": {"N": "7"},
    "B": {"M": {"B": {"B": b"\x00\xff"}}},
    "l": {"L": [{"BS": [b"x"]}, {"S": "\U0001f600 \u0000"}, {"BOOL": True}]},
}
REFUSED = b'{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}'
Client = Any


def long(service: str = "dynamodb", url: str | None = None, **config: Any) -> Client:
    return botocores().create_client(service, "us-east-1", endpoint_url=url, config=Config(retries=RETRIES, **config))


@cache
def botocores() -> Session:
    """One for all: each would read the services' descriptions anew."""
    return get_session()


def short(service: str = "dynamodb", url: str | None = None) -> Client:
    """One that does not pause between attempts."""
    return shorten(long(service, url), sleep=lambda _: None)


@contextmanager
def answering(client: Client, *said: tuple[int, bytes] | Exception) -> Iterator[list[Any]]:
    """Let the client's attempts be answered so, one after another; and what it sent."""
    sent, answers = list[Any](), iter(said)

    def answer(request: Any, **_: Any) -> Reply:
        sent.append(request)
        told = next(answers)
        if isinstance(told, Exception):
            raise told
        return Reply(told[0], {"x-amz-crc32": str(zlib.crc32(told[1]))}, told[1])

    client.meta.events.register_first("before-send.dynamodb", answer)
    yield sent


@pytest.fixture
def table(make_table: Callable[[str], str]) -> str:
    return make_table("orders")


def test_an_item_is_written_and_read_as_botocore_does(table: str) -> None:
    ours, theirs = short(), long()
    ours.put_item(TableName=table, Item=ITEM)
    assert ours.get_item(TableName=table, Key=KEY)["Item"] == theirs.get_item(TableName=table, Key=KEY)["Item"] == ITEM


@pytest.mark.parametrize("call", [
    ("PutItem", {"Item": KEY, "ConditionExpression": "attribute_not_exists(pk)"}),
    ("UpdateItem", {"Key": KEY, "UpdateExpression": "nonsense"}),
    ("GetItem", {"Key": {"pk": {"S": "a"}}}),
])  # fmt: skip
def test_a_refusal_is_told_as_botocore_tells_it(table: str, call: tuple[str, Any]) -> None:
    operation, asked = call
    told = []
    for client in (short(), long()):
        client.put_item(TableName=table, Item=KEY)
        with pytest.raises(ClientError) as refused:
            client._make_api_call(operation, {"TableName": table, **asked})
        told.append((type(refused.value).__name__, refused.value.response["Error"], refused.value.operation_name))
    assert told[0] == told[1]


def test_a_cancelled_transaction_says_why(table: str) -> None:
    put = {"Put": {"TableName": table, "Item": KEY, "ConditionExpression": "attribute_exists(pk)"}}
    told = []
    for client in (short(), long()):
        with pytest.raises(ClientError) as refused:
            client.transact_write_items(TransactItems=[put])
        told.append(refused.value.response["CancellationReasons"])
    assert told[0] == told[1]
    assert told[0][0]["Code"] == "ConditionalCheckFailed"


@pytest.mark.parametrize("first", [
    (500, b"{}"), (503, b""), (400, b'{"__type":"x#ProvisionedThroughputExceededException"}'),
    ReadTimeoutError(endpoint_url="x"), ConnectionClosedError(endpoint_url="x"),
])  # fmt: skip
def test_what_botocore_tries_again_is_tried_again_with_the_same_token(first: Any) -> None:
    client = short()
    with answering(client, first, (200, b"{}")) as sent:
        answer = client.transact_write_items(TransactItems=[{"Delete": {"TableName": "t", "Key": KEY}}])
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1
    assert sent[0].body == sent[1].body
    assert b'"ClientRequestToken":' in sent[0].body


def test_a_refusal_is_not_tried_again() -> None:
    client = short()
    with answering(client, (400, REFUSED)) as sent, pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(TableName="t", Item=KEY)
    assert len(sent) == 1


def test_it_pauses_between_attempts_as_the_clients_settings_say() -> None:
    """Standard mode: a random part of one second, then of two (botocore's retries guide)."""
    pauses = list[float]()
    client = shorten(long(), sleep=pauses.append)
    with answering(client, (500, b""), (500, b""), (200, b"{}")):
        client.get_item(TableName="t", Key=KEY)
    first, second = pauses
    assert 0 <= first <= 1
    assert 0 <= second <= 2


def test_after_the_clients_attempts_the_last_error_is_raised() -> None:
    client = short()
    lost = [ReadTimeoutError(endpoint_url="x") for _ in range(3)]
    with answering(client, *lost) as sent, pytest.raises(ReadTimeoutError):
        client.put_item(TableName="t", Item=KEY)
    assert len(sent) == 3


def test_an_answer_that_came_damaged_is_asked_again() -> None:
    client = short()
    damaged = iter([{"x-amz-crc32": "1"}, {}])
    client.meta.events.register_first("before-send.dynamodb", lambda **_: Reply(200, next(damaged), b'{"Item":{}}'))
    assert client.get_item(TableName="t", Key=KEY)["ResponseMetadata"]["RetryAttempts"] == 1


@pytest.mark.parametrize("said", [b"<html>a wall between</html>", b"", b"[]", b'{"Item":{"a":{"S":"\xff"}}}'])
def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown(said: bytes) -> None:
    client = short()
    with answering(client, (200, said), (200, b"{}")):
        assert client.put_item(TableName="t", Item=KEY)["ResponseMetadata"]["RetryAttempts"] == 1
    client = short()
    with answering(client, *[(200, said)] * 3) as sent, pytest.raises(ConnectionClosedError) as lost:
        client.put_item(TableName="t", Item=KEY)
    assert len(sent) == 3
    assert is_unanswered(lost.value)


def test_each_attempt_is_signed_unless_a_handler_of_choose_signer_wants_no_signature() -> None:
    client = short(url="http://127.0.0.1:1")
    with answering(client, (500, b""), (200, b"{}"), (200, b"{}")) as sent:
        client.get_item(TableName="t", Key=KEY)
        client.meta.events.register_first("choose-signer.dynamodb.GetItem", lambda **_: UNSIGNED)
        client.get_item(TableName="t", Key=KEY)
    *signed, unsigned = [request.headers for request in sent]
    assert all(headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=") for headers in signed)
    assert abs((datetime.strptime(signed[0]["X-Amz-Date"], "%Y%m%dT%H%M%S%z") - datetime.now(UTC)).total_seconds()) < 60
    assert "Authorization" not in unsigned


def test_a_topic_is_told_as_botocore_tells_it() -> None:
    entries = [{"Id": "0", "Message": "a&b=ü", "MessageAttributes": {"type": {"DataType": "String", "StringValue": "x.v1"}}}]
    member = b"<member><Id>0</Id><MessageId>m</MessageId></member>"
    result = b"<PublishBatchResult><Failed/><Successful>" + member + b"</Successful></PublishBatchResult>"
    said = b"<PublishBatchResponse>" + result + b"</PublishBatchResponse>"
    told, bodies = [], []
    for client in (short("sns"), long("sns")):

        def answer(request: Any, **_: Any) -> AWSResponse:
            bodies.append(request.body if isinstance(request.body, bytes) else request.body.encode())
            return AWSResponse(request.url, 200, {}, Raw(said))

        client.meta.events.register_first("before-send.sns", answer)
        told.append(client.publish_batch(TopicArn="arn:aws:sns:us-east-1:0:t", PublishBatchRequestEntries=entries))
    assert bodies[0] == bodies[1]
    assert [answer["Successful"] for answer in told] == [[{"Id": "0", "MessageId": "m"}]] * 2


class Raw:
    """A body as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._content


def test_other_calls_and_settings_take_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    client = short()
    with answering(client) as sent, pytest.raises(StopIteration):
        client.list_tables()
    assert "amz-sdk-invocation-id" in sent[0].headers, "it is botocore's"
    adaptive = botocores().create_client("dynamodb", "us-east-1", config=Config(retries={"mode": "adaptive"}))
    answered_elsewhere = long()
    answered_elsewhere._make_api_call = lambda operation, asked: {}
    others = [
        long(signature_version="v4a"), long(client_cert="x.pem"), long(url="http://127.0.0.1:1/path"), answered_elsewhere,
        long(use_fips_endpoint=True), long(use_dualstack_endpoint=True), adaptive,
    ]  # fmt: skip
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    proxied = long()
    monkeypatch.delenv("HTTPS_PROXY")
    for other in (proxied, *others):
        before = other._make_api_call
        assert shorten(other)._make_api_call == before
