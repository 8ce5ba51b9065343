"""The one way in over HTTP: a Service is a Chalice app that validates, authorizes, maps errors and knows its own contract."""

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from aws_lambda_powertools import Logger
from chalice.app import Chalice, Request, Response
from pydantic import BaseModel

from shared.api.caller import Caller, Role
from shared.api.idempotency import Idempotency
from shared.api.payload import parsed, queried
from shared.api.trace import where
from shared.errors import PROBLEM_JSON, Forbidden, Malformed, NotFound, Problem, TooLarge, Unauthorized, Unverified

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
MAX_BODY = 256 * 1024
"""A request's body is at most this many bytes, unless its route says less or more. Pictures and feeds go to S3 by presigned PUT."""
MAX_PATH_PARAMETER = 128
"""A path parameter is at most this many characters: ids become keys, which DynamoDB bounds."""
CONTENT_TYPES = ["application/json", "application/*+json", "text/*", "application/x-www-form-urlencoded"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A view with the status and headers it leaves with; a plain view leaves with the first status its route declares."""

    view: BaseModel | None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bytes:
    """A file, answered as it is."""

    content: bytes = field(repr=False)
    media_type: str
    name: str
    """What a browser saves it as; ASCII without quotes."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A request's exact bytes and headers (lower-case names), for signatures over them."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Operation:
    """One route and all that its contract says; infra/openapi.yaml is generated from these."""

    method: Method
    path: str
    name: str
    summary: str
    answers: Mapping[int, type[BaseModel | Bytes] | None]
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    allow: frozenset[Role]
    public: bool
    verified: bool
    idempotent: bool
    problems: tuple[type[Problem], ...]
    max_body: int
    view: Callable[..., Any] = field(repr=False)
    parameters: frozenset[str] = frozenset()


class Service(Chalice):
    """A service's HTTP face. `name` is its folder's name; `app.get("/v1/…")` and its kin register views."""

    def __init__(self, name: str) -> None:
        super().__init__(app_name=name, configure_logs=False)
        self.api.binary_types = []  # Chalice would refuse a file to whoever does not accept its type by name; see `_File`
        self.operations: list[Operation] = []
        self.logger = Logger(service=name)

    def operation(
        self,
        method: Method,
        path: str,
        *,
        answers: Mapping[int, type[BaseModel | Bytes] | None],
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        allow: Sequence[Role] = (),
        public: bool = False,
        verified: bool = False,
        idempotent: bool = False,
        problems: Sequence[type[Problem]] = (),
        max_body: int = MAX_BODY,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Serve `method` `path` by the decorated view.

        A view takes, by name and only if it wants them: its path parameters, `body`, `query`, `caller`, `idempotency` and `raw`.
        `allow`: any one of these roles suffices; empty: any signed-in caller. `public`: nobody need be signed in.
        `verified`: the caller's identity has been verified. `idempotent`: `Idempotency-Key` is required (a POST that creates).
        `answers`: status → view, the usual one first. `problems`: those that the domain raises here, for the contract.
        """

        def register(view: Callable[..., Any]) -> Callable[..., Any]:
            summary = (inspect.getdoc(view) or "").split("\n", 1)[0]
            wanted = frozenset(inspect.signature(view).parameters)
            operation = Operation(
                method, path, view.__name__, summary, answers, body, query, frozenset(allow), public, verified, idempotent,
                tuple(problems), max_body, view, wanted,
            )  # fmt: skip
            self._mount(operation)
            return view

        return register

    def _mount(self, operation: Operation) -> None:
        def serve(**path_parameters: str) -> Response:
            return self._serve(operation, path_parameters)

        self.operations.append(operation)
        # Chalice refuses two views of one name; each route gets a function of its own name.
        name = f"{operation.name}_{operation.method.lower()}_{len(self.operations)}"
        serve.__name__ = serve.__qualname__ = name
        self.route(operation.path, methods=[operation.method], name=name, content_types=CONTENT_TYPES)(serve)

    def get(self, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self.operation("GET", path, **contract)

    def post(self, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self.operation("POST", path, **contract)

    def put(self, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self.operation("PUT", path, **contract)

    def patch(self, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self.operation("PATCH", path, **contract)

    def delete(self, path: str, **contract: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self.operation("DELETE", path, **contract)

    def __call__(self, event: Any, context: Any) -> Any:
        """Answer one API Gateway REST event. Chalice's own refusals (405, 415) leave as problems too."""
        answer = super().__call__(event, context)
        if answer["statusCode"] >= 400 and PROBLEM_JSON not in str(answer["headers"].get("Content-Type")):
            answer["body"] = response_of(_chalice_problem(answer["statusCode"])).body
            answer["headers"]["Content-Type"] = PROBLEM_JSON
        return answer

    def _serve(self, operation: Operation, path_parameters: Mapping[str, str]) -> Response:
        started = time.perf_counter()
        try:
            answer = self._answer(operation, path_parameters, self.current_request)
        except Problem as problem:
            answer = response_of(problem)
        except Exception as error:  # the edge: whatever it was, the caller learns only that it was ours, and the log keeps the rest
            self.logger.error("unhandled", operation=operation.name, where=where(error))
            answer = response_of(_Internal())
        took = round((time.perf_counter() - started) * 1000, 1)
        self.logger.info("served", operation=operation.name, status=answer.status_code, ms=took)
        return answer

    def _answer(self, operation: Operation, path_parameters: Mapping[str, str], request: Request | None) -> Response:
        if request is None:  # an event that is not a REST API's never gets as far as a view
            raise _Internal
        if any(len(value) > MAX_PATH_PARAMETER for value in path_parameters.values()):
            raise NotFound(f"an id in a path has at most {MAX_PATH_PARAMETER} characters")
        arguments: dict[str, Any] = dict(path_parameters)
        caller = None if operation.public else admitted(operation, Caller.of(request.context.get("authorizer") or {}))
        if operation.body is not None or "raw" in operation.parameters:
            raw = body_of(request, operation.max_body)
            if operation.body is not None:
                arguments["body"] = parsed(operation.body, raw)
            if "raw" in operation.parameters:
                arguments["raw"] = Raw(raw, {k.lower(): v for k, v in request.headers.items()})
        if operation.query is not None:
            arguments["query"] = queried(operation.query, request.query_params or {})
        if "caller" in operation.parameters:
            arguments["caller"] = caller
        if operation.idempotent:
            tenant = caller.tenant if caller else "public"
            target = f"{operation.method} {operation.path.format(**path_parameters)}"  # Chalice's request.path is the route, not the path
            arguments["idempotency"] = Idempotency.of(request.headers, tenant, target, arguments.get("body"))
        return _response(operation, operation.view(**{k: v for k, v in arguments.items() if k in operation.parameters}))


class _Internal(Problem):
    status, code, title = 500, "internal", "Something went wrong on our side; it has been recorded"


def _chalice_problem(status: int) -> Problem:
    problem = Problem({405: "this method is not served here", 415: "send application/json"}.get(status, ""))
    problem.status, problem.title = status, {405: "Method not allowed", 415: "Unsupported media type"}.get(status, _Internal.title)  # type: ignore[misc]
    problem.code = {405: "method-not-allowed", 415: "unsupported-media-type"}.get(status, _Internal.code)  # type: ignore[misc]
    return problem


def admitted(operation: Operation, caller: Caller | None) -> Caller:
    """The caller, if the operation is for them. Raises Unauthorized, Forbidden or Unverified."""
    if caller is None:
        raise Unauthorized
    if operation.allow and not operation.allow & caller.roles:
        raise Forbidden(f"this needs one of the roles: {', '.join(sorted(operation.allow))}")
    if operation.verified and not caller.verified:
        raise Unverified
    return caller


def body_of(request: Request, limit: int) -> bytes:
    """The request's bytes. Raises TooLarge over `limit`, and Malformed for what is not bytes of a text at all."""
    try:
        raw: Any = request.raw_body
    except ValueError as error:  # broken base64, lone surrogates
        raise Malformed("the body is not a text in UTF-8") from error
    if len(raw) > limit:
        raise TooLarge(f"the body may have at most {limit} bytes")
    return bytes(raw)


def response_of(problem: Problem) -> Response:
    """A problem as it leaves."""
    import json  # noqa: PLC0415 (only refusals need it)

    headers: dict[str, str | list[str]] = {"Content-Type": PROBLEM_JSON}
    if "retry_after" in problem.more:
        headers["Retry-After"] = str(problem.more["retry_after"])
    return Response(json.dumps(problem.document(), ensure_ascii=False), headers, int(problem.status))


class _File(Response):
    """A file on its way out: API Gateway wants its bytes in base64."""

    def to_dict(self, binary_types: list[str] | None = None) -> dict[str, Any]:
        return {**super().to_dict(binary_types), "isBase64Encoded": True}


def _file(file: Bytes) -> Response:
    from base64 import b64encode  # noqa: PLC0415 (few services answer files)

    headers: dict[str, str | list[str]] = {
        "Content-Type": file.media_type, "Content-Disposition": f'inline; filename="{file.name}"',
        "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    return _File(b64encode(file.content).decode(), headers, 200)


def _response(operation: Operation, result: Any) -> Response:
    if isinstance(result, Bytes):
        return _file(result)
    answer = result if isinstance(result, Answer) else Answer(result)
    status = answer.status or next(iter(operation.answers))
    body = "" if answer.view is None else answer.view.model_dump_json(by_alias=True, exclude_none=True)
    return Response(body, {"Content-Type": "application/json", **answer.headers}, status)
