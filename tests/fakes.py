"""In-memory stand-ins that tests pass in, and the words to call a service as API Gateway would."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.api.caller import USUAL_SCOPE, Caller, Role, Scope
from shared.api.tickets import Tickets
from shared.sealing.sealing import Sealing

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
TICKETS = Tickets(lambda: "a secret of the tests, 32 bytes or more")

MEDIA = "https://media.example"
"""What stands before each picture's key."""


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


@dataclass
class FakeObjects:
    """A bucket in memory (shared.trade.reference_data.Objects)."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    def put(self, key: str, body: bytes) -> None:
        self.kept[key] = body


def caller(
    account_id: str = "acc_1", *roles: Role, verified: bool = True, storefront_id: str | None = None, scope: Scope | None = None
) -> Caller:
    """A caller; one with the role client_site is an API key, of the usual scope if none is named."""
    usual = USUAL_SCOPE if "client_site" in roles else None
    return Caller(account_id, frozenset(roles or ("supplier", "storefront")), verified, storefront_id, scope or usual)


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    headers: dict[str, str]


def call(app: Any, method: str, resource: str, *, path: dict[str, str] | None = None, query: dict[str, str] | None = None,
         body: Any = None, raw: str | None = None, headers: dict[str, str] | None = None, by: Caller | None = None,
         ip: str = "127.0.0.1") -> Reply:  # fmt: skip
    """Call one route of a Service with the REST event that API Gateway would send. `resource` is the route, `/v1/x/{id}`."""
    event = {
        "resource": resource, "path": resource.format(**(path or {})), "httpMethod": method,
        "headers": {"content-type": "application/json", **(headers or {})}, "multiValueHeaders": {},
        "queryStringParameters": query, "multiValueQueryStringParameters": {k: [v] for k, v in (query or {}).items()} or None,
        "pathParameters": path, "stageVariables": None, "isBase64Encoded": False,
        "body": raw if raw is not None else (None if body is None else json.dumps(body)),
        "requestContext": {"resourcePath": resource, "httpMethod": method, "path": resource.format(**(path or {})),
                           "identity": {"sourceIp": ip}, "authorizer": by.context() if by else {}},
    }  # fmt: skip
    answer = app(event, None)
    text = answer["body"]
    body = json.loads(text) if text and "json" in answer["headers"].get("Content-Type", "") else text or None
    return Reply(answer["statusCode"], body, answer["headers"])


def sqs(*bodies: str) -> dict[str, Any]:
    """An SQS event with these message bodies, as Lambda receives it."""
    return {"Records": [{"messageId": str(i), "receiptHandle": "r", "body": b, "attributes": {}, "messageAttributes": {},
                         "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:q", "awsRegion": "us-east-1"}
                        for i, b in enumerate(bodies)]}  # fmt: skip


@dataclass
class FakeKeyService:
    """Data keys that are wrapped by nothing."""

    def generate(self, context: Mapping[str, str]) -> tuple[bytes, bytes]:
        key = secrets.token_bytes(32)
        return key, key

    def unwrap(self, wrapped: bytes, context: Mapping[str, str]) -> bytes:
        return wrapped


@dataclass
class MemoryKeys:
    """Sealing's keys in memory."""

    wrapped: bytes | None = None
    kept: dict[str, bytes] = field(default_factory=dict)

    def root(self) -> bytes | None:
        return self.wrapped

    def add_root(self, wrapped: bytes) -> bytes:
        self.wrapped = self.wrapped or wrapped
        return self.wrapped

    def add_batch(self, batch: str, salts: Sequence[bytes]) -> None:
        self.kept |= {f"{batch}.{n}": salt for n, salt in enumerate(salts)}

    def salts(self, keys: Iterable[str]) -> Mapping[str, bytes]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def erase(self, key: str) -> None:
        self.kept.pop(key, None)


def sealing_in_memory() -> Sealing:
    """One process's sealing, with keys of its own."""
    return Sealing(FakeKeyService(), MemoryKeys(), random=secrets.token_bytes, clock=FakeClock())
