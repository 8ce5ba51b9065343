"""Whatever is sent to any route, the answer is a problem with a 4xx that names what is wrong; never a 5xx."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import Gateway, Reply, Request
from shared.api.caller import ROLES, Caller
from shared.api.operation import Operation
from tests.contract.conftest import Equip, handler, services
from tests.examples import examples
from tools.contract.examples import example
from tools.contract.schemas import Schemas

Send = Callable[..., Reply]
NOT_JSON = [b"", b"{", b"[1,", b"\xff\xfe\x00", b"\x00", b"NaN", b'{"a":1}{', b"'text'", b'{"\xed\xa0\x80":1}', b'"\\ud800"']
NOT_OBJECTS = [b"null", b"[]", b'"text"', b"1", b"true", b"[" * 5000 + b"]" * 5000]
WRONG: list[Any] = [None, "", "x" * 3000, "\u0000", "\uffff", "\ud83d\ude00", 0, -1, 1.5, 10**30, True, [], [None], {}, {"": None}]
CURSORS = ["", "x", "eyJhbGciOiJub25lIn0.eyJhdWQiOiJjdXJzb3IifQ.", "x" * 5000, "%00", "%F0%9F%98%80"]
IDS = ["x", "x" * 3000, "%00", "%23", "acc_1%23sf_2", "%F0%9F%98%80", "ord_01ARZ3NDEKTSV4RRFFQ69G5FAV", "..", "%FF"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
PEOPLE = ROLES - {"client_site"}
"""The roles of whoever is no API key."""
numbers = count()
"""Each request has an Idempotency-Key of its own, so that none is answered as another's repetition."""
_examples: dict[type | None, Any] = {}
"""Model → the body that it accepts, made once."""


def operations(service: str) -> list[Operation]:
    return list(handler(service).app.operations)


def body_of(operation: Operation) -> Any:
    """A body that the operation's model accepts, the caller's own."""
    if operation.body not in _examples:
        schemas = Schemas([operation])
        _examples[operation.body] = operation.body and example(schemas.reference(operation.body, answer=False), schemas.components)
    return deepcopy(_examples[operation.body])


@pytest.fixture
def send(equipped_once: Equip) -> Callable[[str], Send]:
    """`send(service)(operation, …)` sends a request that is right but for what is said, as somebody who may."""

    def of(service: str) -> Send:
        app = equipped_once(service).app

        def request(operation: Operation, *, body: Any = None, raw: bytes | None = None, query: str = "", at: str = "x",
                    who: Caller | None = None, **headers: str) -> Reply:  # fmt: skip
            sent = raw if raw is not None else json.dumps(body_of(operation) if body is None else body).encode()
            said = {"authorization": "Bearer x", "content-type": "application/json", "idempotency-key": f"k-{next(numbers)}"} | {
                name.replace("_", "-"): value for name, value in headers.items()
            }
            somebody = who or Caller("acc_1", operation.allow or PEOPLE, verified=True)
            target = "/".join(at if part.startswith("{") else part for part in operation.path.split("/"))
            gateway = Gateway([app], lambda event: somebody.context())
            return gateway(Request(operation.method, f"{target}?{query}", said, sent))

        return request

    return of


def refused(reply: Reply, *statuses: int) -> dict[str, Any]:
    """The problem of a refusal with one of `statuses`, or with any 4xx."""
    assert reply.status in (statuses or range(400, 500)), (reply.status, reply.body[:500])
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = reply.json()
    assert problem["type"].startswith("urn:monsoon:problem:")
    assert (problem["status"], bool(problem["title"])) == (reply.status, True)
    return problem


def answered(reply: Reply) -> None:
    """Done, or refused; never our fault."""
    if reply.status >= 400:
        refused(reply)


def with_body(service: str) -> Iterator[Operation]:
    return (operation for operation in operations(service) if operation.body is not None)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every part of a JSON value."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from leaves(part, (*path, name))


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], by)
    return copy


@pytest.mark.parametrize("service", services())
def test_a_body_that_is_not_json_is_malformed(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in with_body(service):
        for raw in NOT_JSON:
            refused(ask(operation, raw=raw), 400, 422)


@pytest.mark.parametrize("service", services())
def test_json_that_is_no_object_is_refused(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in with_body(service):
        for raw in NOT_OBJECTS:
            refused(ask(operation, raw=raw), 400, 422)


@pytest.mark.parametrize("service", services())
def test_a_wrong_type_anywhere_in_a_body_is_never_our_fault(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in with_body(service):
        right = body_of(operation)
        for path in leaves(right):
            for n, wrong in enumerate(WRONG):
                answered(ask(operation, body=replaced(right, path, wrong), idempotency_key=f"{path} {n}"))


@pytest.mark.parametrize("service", services())
def test_an_unknown_field_is_named(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in with_body(service):
        problem = refused(ask(operation, body={**body_of(operation), "surprise": 1}), 422)
        assert "/surprise" in [error["pointer"] for error in problem["errors"]], operation.path


@pytest.mark.parametrize("service", services())
def test_a_body_over_the_limit_is_too_large(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in operations(service):
        if operation.form is None and (operation.body is not None or "raw" in operation.parameters):
            refused(ask(operation, raw=b'{"a":"' + b"x" * operation.max_body + b'"}'), 413)
            refused(ask(operation, raw=b" " * (11 * 1024 * 1024)), 413)


@pytest.mark.parametrize("service", services())
def test_a_body_of_another_media_type_is_refused(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in operations(service):
        assert refused(ask(operation, content_type="image/png"), 415)["type"].endswith("unsupported-media-type")


@pytest.mark.parametrize("service", services())
def test_a_bad_cursor_or_limit_is_refused(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in operations(service):
        taken = operation.query.model_fields if operation.query else {}
        for cursor in CURSORS if "cursor" in taken else ():
            refused(ask(operation, query=f"cursor={cursor}"), 400, 404, 422)
        for limit in ("0", "-1", "101", "x", "", "1.5", "9" * 400) if "limit" in taken else ():
            problem = refused(ask(operation, query=f"limit={limit}"), 422)
            assert "query/limit" in [error["pointer"] for error in problem["errors"]]


@pytest.mark.parametrize("service", services())
def test_an_unknown_query_parameter_is_named(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in operations(service):
        if operation.query is not None and operation.refusal is None:  # a page's address may carry others' marks
            problem = refused(ask(operation, query="surprise=1"), 422)
            assert "query/surprise" in [error["pointer"] for error in problem["errors"]]


@pytest.mark.parametrize("service", services())
def test_a_missing_or_unreadable_idempotency_key_is_named(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in operations(service):
        for key in ("", "x" * 256, '"open', "\u00e9", "a\tb") if operation.idempotent else ():
            problem = refused(ask(operation, idempotency_key=key), 400)
            assert [error["pointer"] for error in problem["errors"]] == ["header/Idempotency-Key"]


@pytest.mark.parametrize("service", services())
def test_an_id_that_is_strange_or_somebody_elses_is_not_found(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in operations(service):
        for at in IDS if "{" in operation.path else ():
            answered(ask(operation, at=at, idempotency_key=at[:200]))


@pytest.mark.parametrize("service", services())
def test_a_stranger_the_unverified_and_the_wrong_role_are_kept_out(service: str, send: Callable[[str], Send]):
    ask = send(service)
    for operation in operations(service):
        if operation.public:
            continue
        refused(ask(operation, authorization=""), 401)
        others = PEOPLE - operation.allow
        if operation.allow and others:
            refused(ask(operation, who=Caller("acc_1", frozenset(others), verified=True)), 403)
        if operation.verified:
            refused(ask(operation, who=Caller("acc_1", operation.allow or PEOPLE, verified=False)), 403)


@pytest.mark.parametrize("service", services())
def test_any_json_at_all_is_answered(service: str, send: Callable[[str], Send]):
    ask, taking = send(service), list(with_body(service))

    @settings(max_examples=examples(60), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(taking), JSON)
    def fuzz(operation: Operation, body: Any) -> None:
        answered(ask(operation, raw=json.dumps(body).encode()))

    if taking:
        fuzz()
