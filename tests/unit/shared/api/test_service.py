"""shared/api/service.py: one way in. Who may call, what may be sent, how it is refused."""

import base64
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from pydantic import Field
from pynamodb.exceptions import TransactWriteError

from shared.api.answers import Answer, Raw
from shared.api.caller import Caller
from shared.api.idempotency import Idempotency
from shared.api.operation import Routes
from shared.api.payload import Body, Query, View
from shared.api.service import Service
from shared.errors import Conflict, NotFound
from shared.optimistic_retry import Contended
from tests.fakes import Reply, call, caller

SUPPLIER = caller("acc_1", "supplier")


class Part(Body):
    size: int = Field(ge=1)


class Thing(Body):
    name: str = Field(min_length=1, max_length=10)
    parts: list[Part] = Field(default=[])


class Page(Query):
    limit: int = Field(default=24, ge=1, le=100)


class Told(View):
    text: str
    note: str | None = None


FAILED = {"Error": {"Code": "InternalServerError"}, "ResponseMetadata": {"HTTPStatusCode": 500}}
UNKNOWN = {"lost": ReadTimeoutError(endpoint_url="https://dynamodb"), "failed": ClientError(FAILED, "TransactWriteItems")}


class Sold(Conflict):
    code, title = "sold", "It is sold"


@pytest.fixture
def app() -> Service:
    routes = Routes()

    @routes.post("/v1/things", body=Thing, answers={201: Told}, allow=["supplier"], verified=True, idempotent=True, problems=[Sold])
    def create(body: Thing, caller: Caller, idempotency: Idempotency) -> Told:
        """Create a thing."""
        if body.name == "sold":
            raise Sold("choose another", left=0)
        if body.name == "contended":
            raise Contended
        if body.name == "broken":
            raise ValueError("the secret is 42")
        if body.name in UNKNOWN:
            raise TransactWriteError("it is not known", UNKNOWN[body.name])
        return Told(text=f"{idempotency.id('th')} {caller.account_id}")

    @routes.post("/v1/boxes/{box_id}/things", answers={201: Told}, idempotent=True)
    def put_in(idempotency: Idempotency) -> Told:
        """Put a thing into a box."""
        return Told(text=idempotency.id("th"))

    @routes.get("/v1/things", query=Page, answers={200: Told}, public=True)
    def find(query: Page) -> Answer:
        """List things."""
        return Answer(Told(text=str(query.limit)), 200, {"Cache-Control": "max-age=5"})

    @routes.delete("/v1/things/{thing_id}", answers={204: None})
    def remove(thing_id: str) -> None:
        """Remove a thing."""
        if thing_id != "th_1":
            raise NotFound

    @routes.post("/v1/notices", answers={200: Told}, public=True, max_body=10)
    def hear(raw: Raw) -> Told:
        """Take a notice."""
        return Told(text=f"{raw.body!r} {raw.headers.get('x-signature')}")

    return Service("things", routes=[routes])


def create(app: Service, body: Any = None, *, by: Caller | None = SUPPLIER, key: str = "k", **more: Any) -> Reply:
    return call(app, "POST", "/v1/things", body=body, by=by, headers={"idempotency-key": key}, **more)


def pointers(reply: Reply) -> list[str]:
    assert reply.headers["Content-Type"] == "application/problem+json"
    return [error["pointer"] for error in reply.body.get("errors", [])]


def test_an_answer_leaves_with_its_declared_status_and_without_its_nulls(app: Service):
    reply = create(app, {"name": "kettle"})
    assert (reply.status, reply.headers["Content-Type"], list(reply.body)) == (201, "application/json", ["text"])


def test_an_answer_may_set_its_own_headers_and_be_empty(app: Service):
    assert call(app, "GET", "/v1/things").headers["Cache-Control"] == "max-age=5"
    gone = call(app, "DELETE", "/v1/things/{thing_id}", path={"thing_id": "th_1"}, by=SUPPLIER)
    assert (gone.status, gone.body) == (204, None)


def test_whoever_is_not_let_in_learns_why(app: Service):
    refusals = [create(app, {"name": "a"}, by=by) for by in (None, caller("acc_1", "clerk"), caller("acc_1", "supplier", verified=False))]
    assert [(r.status, r.body["type"].rsplit(":", 1)[1]) for r in refusals] == [
        (401, "unauthorized"),
        (403, "forbidden"),
        (403, "unverified"),
    ]


def test_who_may_not_call_learns_nothing_of_the_body(app: Service):
    assert create(app, raw="{", by=None).status == 401


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ["/name"]),
        ({"name": ""}, ["/name"]),
        ({"name": 5}, ["/name"]),
        ({"name": "x" * 11}, ["/name"]),
        ({"name": "a", "surprise": 1}, ["/surprise"]),
        ({"name": "a", "parts": [{"size": 1}, {"size": "2"}]}, ["/parts/1/size"]),
        ({"name": "a", "parts": [{"size": 0}], "x": 1}, ["/parts/0/size", "/x"]),
    ],
)
def test_every_field_that_is_wrong_is_named(app: Service, body: Any, expected: list[str]):
    reply = create(app, body)
    assert (reply.status, sorted(pointers(reply))) == (422, expected)


def test_a_value_that_was_sent_is_never_repeated(app: Service):
    assert "s3cret" not in json.dumps(create(app, {"name": "s3cret-and-too-long", "parts": "s3cret"}).body)


def test_at_most_fifty_errors_are_told(app: Service):
    assert len(pointers(create(app, {"name": "a", "parts": [{"size": 0}] * 200}))) == 50


@pytest.mark.parametrize("raw", ["", "{", "nonsense", "[1,", '{"name": NaN}'])
def test_what_is_not_json_is_malformed(app: Service, raw: str):
    assert create(app, raw=raw).status in (400, 422)
    assert create(app, raw="{").status == 400


def test_a_body_over_the_routes_own_limit_is_too_large(app: Service):
    assert call(app, "POST", "/v1/notices", raw="x" * 10).status == 200
    assert call(app, "POST", "/v1/notices", raw="x" * 11).status == 413


def test_raw_bytes_and_headers_reach_the_view_that_verifies_a_signature(app: Service):
    told = call(app, "POST", "/v1/notices", raw='{"a": 1}', headers={"X-Signature": "s"}).body["text"]
    assert told == "b'{\"a\": 1}' s"


def test_a_body_that_api_gateway_encoded_is_decoded(app: Service):
    event: dict[str, Any] = {
        "httpMethod": "POST", "headers": {}, "multiValueQueryStringParameters": None, "pathParameters": None, "stageVariables": None,
        "requestContext": {"resourcePath": "/v1/notices", "httpMethod": "POST"},
        "body": base64.b64encode(b"\xff\x00").decode(), "isBase64Encoded": True,
    }  # fmt: skip
    assert json.loads(app(event, None)["body"])["text"] == "b'\\xff\\x00' None"


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"limit": ""}])
def test_a_query_parameter_out_of_bounds_is_named(app: Service, query: dict[str, str]):
    reply = call(app, "GET", "/v1/things", query=query)
    assert (reply.status, pointers(reply)) == (422, ["query/limit"])


def test_an_unknown_query_parameter_is_named(app: Service):
    assert pointers(call(app, "GET", "/v1/things", query={"page": "2"})) == ["query/page"]


def test_what_the_domain_raises_leaves_as_its_problem_with_its_extensions(app: Service):
    reply = create(app, {"name": "sold"})
    assert reply.status == 409
    assert reply.body == {"type": "urn:monsoon:problem:sold", "title": "It is sold", "status": 409, "detail": "choose another", "left": 0}


def test_a_write_that_lost_every_race_is_answered_with_when_to_send_it_again(app: Service):
    reply = create(app, {"name": "contended"})
    assert (reply.status, reply.body["type"], reply.body["retry_after"]) == (429, "urn:monsoon:problem:busy", 1)


def test_what_breaks_inside_says_nothing_to_the_caller(app: Service):
    reply = create(app, {"name": "broken"})
    assert reply.status == 500
    assert "42" not in json.dumps(reply.body)
    assert reply.body["type"] == "urn:monsoon:problem:internal"


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_write_whose_answer_was_lost_or_that_awss_own_error_met_is_to_be_sent_again(app: Service, name: str):
    """What became of it nobody knows; the same request, with the same key, finds out."""
    reply = create(app, {"name": name})
    assert (reply.status, reply.body["type"], reply.body["retry_after"]) == (503, "urn:monsoon:problem:unavailable", 1)
    assert "same Idempotency-Key" in reply.body["detail"]


def test_a_method_or_media_type_that_is_not_served_is_a_problem_too(app: Service):
    assert pointers(call(app, "PATCH", "/v1/things", by=SUPPLIER)) == []
    assert call(app, "PATCH", "/v1/things", by=SUPPLIER).status == 405
    assert create(app, {"name": "a"}, key="k").status == 201
    odd = call(app, "POST", "/v1/things", raw="<a/>", by=SUPPLIER, headers={"content-type": "image/png"})
    assert (odd.status, odd.body["type"]) == (415, "urn:monsoon:problem:unsupported-media-type")


def test_the_same_key_creates_one_thing_a_tenant_and_a_path(app: Service):
    def put_in(box: str, by: Caller) -> str:
        found = call(app, "POST", "/v1/boxes/{box_id}/things", path={"box_id": box}, by=by, headers={"idempotency-key": "k"})
        return str(found.body["text"])

    assert put_in("box_1", SUPPLIER) == put_in("box_1", SUPPLIER)
    assert len({put_in("box_1", SUPPLIER), put_in("box_2", SUPPLIER), put_in("box_1", caller("acc_2"))}) == 3


def test_a_missing_key_is_named_before_anything_is_done(app: Service):
    reply = create(app, {"name": "broken"}, key="")
    assert (reply.status, pointers(reply)) == (400, ["header/Idempotency-Key"])


def test_a_service_knows_its_contract(app: Service):
    first = app.operations[0]
    assert (first.method, first.path, first.summary) == ("POST", "/v1/things", "Create a thing.")
    assert (first.allow, first.verified, first.idempotent, first.problems) == (frozenset({"supplier"}), True, True, (Sold,))
