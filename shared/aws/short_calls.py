"""The short way of a call to DynamoDB or SNS: what botocore does for any call of any service was three quarters of our CPU time.

The caller is still botocore's client. Its settings, credentials, retries, errors and these of its events are as ever:
before-parameter-build, before-call, choose-signer, before-send, needs-retry, after-call. Past are the endpoint's rules (a client has one
endpoint), a signature for any request, urllib3's pools, and, of DynamoDB, the walk through each value of request and answer by the
service's model: they are JSON as they are.

See docs/decisions/0041-short-calls.md.
"""

import json
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest
from botocore.client import BaseClient
from botocore.exceptions import ConnectionClosedError, NoCredentialsError
from botocore.hooks import first_non_none_response
from botocore.parsers import ResponseParserError, create_parser

from shared.aws.exchange import Exchange, Reply
from shared.aws.form import urlencoded
from shared.aws.signature import Signer

ITEMS = frozenset({
    "GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems",
})  # fmt: skip
"""DynamoDB's calls that hold nothing but texts, numbers, truth values and bytes."""
SIGNED = ("Content-Type", "X-Amz-Target")
"""Headers that are signed, beside the place, the time and the session's token; what handlers of before-call add is not."""
TOLD = {"Accept-Encoding": "identity", "User-Agent": "monsoon"}
Parsed = dict[str, Any]
Answered = tuple[Reply, Parsed]


class Wire(Protocol):
    """How a service is told what is asked, and how it answers."""

    def written(self, client: Any, model: Any, given: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        """The request's headers and body."""

    def read(self, model: Any, reply: Reply) -> Parsed:
        """An answer of status 200. Raises ValueError or ResponseParserError for what is none."""


class ItemsWire:
    """AWS's JSON protocol, for calls of ITEMS."""

    def written(self, client: Any, model: Any, given: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        target = f"{model.metadata['targetPrefix']}.{model.name}"
        body = json.dumps(given, separators=(",", ":"), default=_base64)
        return {"Content-Type": f"application/x-amz-json-{model.metadata['jsonVersion']}", "X-Amz-Target": target}, body.encode()

    def read(self, model: Any, reply: Reply) -> Parsed:
        binary = b'"B":' in reply.content or b'"BS":' in reply.content
        parsed: Parsed = json.loads(reply.content, object_hook=_with_bytes if binary else None)
        if not isinstance(parsed, dict):
            raise ValueError("an answer is an object")
        return parsed


class QueryWire:
    """AWS's query protocol, by botocore's own writer and reader."""

    def written(self, client: Any, model: Any, given: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        request = client._serializer.serialize_to_request(given, model)
        return dict(request["headers"]), urlencoded(request["body"])

    def read(self, model: Any, reply: Reply) -> Parsed:
        return parsed_by_botocore(model, reply)


def _base64(value: Any) -> str:
    """Raises TypeError for what is no bytes."""
    if not isinstance(value, bytes | bytearray):
        raise TypeError(f"{type(value).__name__} is nothing that DynamoDB holds")
    return b64encode(value).decode()


def _with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    """An attribute's value with its bytes, if it has such: {"B": …} or {"BS": […]}. An attribute of that name has a mapping in it."""
    if len(value) == 1:
        if isinstance(text := value.get("B"), str):
            return {"B": b64decode(text)}
        if isinstance(texts := value.get("BS"), list):
            return {"BS": [b64decode(text) for text in texts]}
    return value


def parsed_by_botocore(model: Any, reply: Reply) -> Parsed:
    """The answer, or the refusal with what its model says of it."""
    parser = create_parser(model.service_model.resolved_protocol)
    told = {"status_code": reply.status_code, "headers": reply.headers, "body": reply.content, "context": {"operation_name": model.name}}
    parsed: Parsed = parser.parse(told, model.output_shape)
    if reply.status_code >= 300 and (shape := model.service_model.shape_for_error_code(parsed.get("Error", {}).get("Code"))):
        parsed.update(parser.parse(told, shape))
    return parsed


def shorten(client: Any, sleep: Callable[[float], None] = time.sleep) -> Any:
    """Let `client`, of DynamoDB or SNS, take the short way: of DynamoDB's calls those of ITEMS, and none where it is settled that calls go
    through a proxy or to a path, bear a client's certificate or another signature, or are answered by somebody else than botocore; that
    the place is one for FIPS or for IPv6, which only the endpoint's rules know everywhere; or that attempts adapt to each answer.
    `sleep`: so many seconds, before another attempt.
    """
    service, session, config = client.meta.service_model, client._endpoint.http_session, client.meta.config
    url, theirs = client.meta.endpoint_url, getattr(client._make_api_call, "__func__", None)
    settled = session._cert_file or session._proxy_config.proxy_url_for(url) or urlsplit(url).path.strip("/")
    settled = settled or config.use_fips_endpoint or config.use_dualstack_endpoint or (config.retries or {}).get("mode") == "adaptive"
    if settled or config.signature_version not in ("v4", None) or theirs is not vars(BaseClient)["_make_api_call"]:
        return client
    exchange = Exchange(url.rstrip("/"), session._verify, config.connect_timeout, config.read_timeout)
    way = ShortCalls(client, exchange, ItemsWire() if service.service_name == "dynamodb" else QueryWire(), sleep=sleep)
    client._make_api_call = way
    return client


class ShortCalls:
    """Instead of a client's `_make_api_call`."""

    def __init__(
        self, client: Any, exchange: Exchange, wire: Wire, *, sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._client, self._exchange, self._wire, self._sleep, self._now = client, exchange, wire, sleep, now
        self._long_way, self._model = client._make_api_call, client.meta.service_model
        self._name = self._model.service_id.hyphenize()
        self._signer = Signer(self._model.signing_name, client.meta.region_name, exchange.host)

    def __call__(self, operation: str, given: dict[str, Any]) -> Parsed:
        """As botocore's own: the answer. Raises what it raises."""
        if operation not in ITEMS and self._model.service_name == "dynamodb":
            parsed: Parsed = self._long_way(operation, given)
            return parsed
        model = self._model.operation_model(operation)
        context: dict[str, Any] = {"client_region": self._client.meta.region_name, "client_config": self._client.meta.config}
        events, at = self._client.meta.events, f"{self._name}.{operation}"
        events.emit(f"before-parameter-build.{at}", params=given, model=model, context=context)
        headers, body = self._wire.written(self._client, model, given)
        request = {"url": self._exchange.url, "method": "POST", "headers": headers, "body": body, "context": context}
        signer = self._client._request_signer
        _, answer = events.emit_until_response(f"before-call.{at}", model=model, params=request, request_signer=signer, context=context)
        http, parsed = answer or self._asked(model, request)
        events.emit(f"after-call.{at}", http_response=http, parsed=parsed, model=model, context=context)
        if http.status_code >= 300:
            raise self._client.exceptions.from_code(parsed.get("Error", {}).get("Code"))(parsed, operation)
        return parsed

    def _asked(self, model: Any, request: dict[str, Any]) -> Answered:
        """The answer, after as many attempts as the client's settings allow. Raises the last attempt's error, if that had no answer."""
        attempts, answered, failed = 1, *self._attempt(model, request)
        while answered is None or answered[0].status_code != 200:
            pause = self._pause(model, request, attempts, answered, failed)
            if pause is None:
                break
            self._sleep(pause)
            attempts, answered, failed = attempts + 1, *self._attempt(model, request)
        if answered is None:
            assert failed is not None
            raise failed
        answered[1].setdefault("ResponseMetadata", {"HTTPStatusCode": answered[0].status_code})["RetryAttempts"] = attempts - 1
        return answered

    def _pause(
        self, model: Any, request: Mapping[str, Any], attempts: int, answered: Answered | None, failed: Exception | None
    ) -> float | None:
        """Seconds until another attempt, by the client's own rules; None if there is to be none."""
        said = self._client.meta.events.emit(
            f"needs-retry.{self._name}.{model.name}", response=answered, endpoint=self._client._endpoint, operation=model,
            attempts=attempts, caught_exception=failed, request_dict=request,
        )  # fmt: skip
        return next((pause for _, pause in said if pause is not None and pause is not False), None)

    def _attempt(self, model: Any, request: Mapping[str, Any]) -> tuple[Answered | None, Exception | None]:
        try:
            reply = self._sent(model, request)
            return (reply, self._read(model, reply)), None
        except Exception as error:  # the client's rules know which to try again
            return None, error

    def _read(self, model: Any, reply: Reply) -> Parsed:
        """Raises ConnectionClosedError for what cannot be read: as little is known of what became of the call as if nothing had come."""
        try:
            if int(reply.headers.get("x-amz-crc32", -1)) not in (-1, zlib.crc32(reply.content)):
                raise ValueError("the answer came damaged")
            return self._wire.read(model, reply) if reply.status_code == 200 else parsed_by_botocore(model, reply)
        except (ValueError, ResponseParserError) as error:
            raise ConnectionClosedError(endpoint_url=self._exchange.url, error=error) from error

    def _sent(self, model: Any, request: Mapping[str, Any]) -> Reply:
        """What came back, or what a handler of before-send answers instead."""
        sent: Any = AWSPreparedRequest(
            "POST", f"{self._exchange.url}/", self._headers(model, request), request["body"], stream_output=False
        )
        said = self._client.meta.events.emit(f"before-send.{self._name}.{model.name}", request=sent)
        instead: Reply | None = first_non_none_response(said)
        return instead or self._exchange.post(sent.headers, sent.body)

    def _headers(self, model: Any, request: Mapping[str, Any]) -> Any:
        """The headers of one attempt, signed now, unless a handler of choose-signer wants no signature."""
        headers, signer = {**TOLD, **request["headers"]}, self._client._request_signer
        _, chosen = self._client.meta.events.emit_until_response(
            f"choose-signer.{self._name}.{model.name}", signing_name=signer.signing_name, region_name=signer.region_name,
            signature_version=signer.signature_version, context=request["context"],
        )  # fmt: skip
        if chosen is UNSIGNED:
            return headers
        credentials = signer._credentials
        if credentials is None:
            raise NoCredentialsError
        kept = {name: value for name, value in request["headers"].items() if name in SIGNED}
        return headers | self._signer.signed(kept, request["body"], credentials.get_frozen_credentials(), self._now())
