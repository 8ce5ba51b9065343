"""The one way in over HTTP: a Service is a Chalice app that validates, authorizes, maps errors and knows its own contract."""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger
from chalice.app import Chalice, Request, Response

from monsoon_plugin.clock import remaining
from shared.api.answers import Answer, Bytes, Page, Raw
from shared.api.caller import Caller
from shared.api.cors import PREFLIGHT, cors_headers, is_for_browsers
from shared.api.idempotency import Idempotency
from shared.api.operation import FORM_TYPE, Operation, Routes
from shared.api.payload import parsed, queried
from shared.api.trace import where
from shared.aws.answers import is_unknown
from shared.errors import PROBLEM_JSON, Forbidden, Malformed, NotFound, Problem, TooLarge, Unauthorized, Unavailable, Unverified
from shared.optimistic_retry import Busy, Contended

MAX_PATH_PARAMETER = 128
"""A path parameter is at most this many characters: ids become keys, which DynamoDB bounds."""
CONTENT_TYPES = ["application/json", "application/*+json", "text/*", "application/x-www-form-urlencoded", "multipart/form-data"]


class Service(Chalice):
    """A service's HTTP face: its routes, and what makes the parts they need."""

    def __init__(self, name: str, services: Callable[[], Any] = lambda: None, routes: Iterable[Routes] = ()) -> None:
        """`name`: the service's folder. `services`: its bootstrap, called with each request of a view that wants `services`."""
        # Chalice adds its version to AWS_EXECUTION_ENV of its `env`, once more for each app: a process that makes many would grow by them
        super().__init__(app_name=name, configure_logs=False, env={})
        self.api.binary_types = []  # Chalice would refuse a file to whoever does not accept its type by name; see `_File`
        self.operations: list[Operation] = []
        self.logger = Logger(service=name)
        self._services = services
        for each in routes:
            for operation in each.operations:
                self._mount(operation)

    def _mount(self, operation: Operation) -> None:
        def serve(**path_parameters: str) -> Response:
            return self._serve(operation, path_parameters)

        self.operations.append(operation)
        # Chalice refuses two views of one name; each route gets a function of its own name.
        name = f"{operation.name}_{operation.method.lower()}_{len(self.operations)}"
        serve.__name__ = serve.__qualname__ = name
        self.route(operation.path, methods=[operation.method], name=name, content_types=_content_types(operation))(serve)
        if operation.is_page:
            self.route(operation.path, methods=["HEAD"], name=f"{name}_head", content_types=CONTENT_TYPES)(serve)
        if is_for_browsers(operation):
            self.route(operation.path, methods=["OPTIONS"], name=f"{name}_preflight", content_types=CONTENT_TYPES)(_preflight)

    def __call__(self, event: Any, context: Any) -> Any:
        """Answer one API Gateway REST event. Chalice's own refusals (405, 415) leave as problems too."""
        answer = super().__call__(event, context)
        if answer["statusCode"] >= 400 and not str(answer["headers"].get("Content-Type")).startswith((PROBLEM_JSON, "text/html")):
            answer["body"] = response_of(_chalice_problem(answer["statusCode"])).body
            answer["headers"]["Content-Type"] = PROBLEM_JSON
        return {**answer, "body": ""} if event.get("httpMethod") == "HEAD" else answer

    def _serve(self, operation: Operation, path_parameters: Mapping[str, str]) -> Response:
        started = time.perf_counter()
        try:
            answer = self._answer(operation, path_parameters, self.current_request)
        except Problem as problem:
            answer = refused(operation, problem, self.current_request)
        except Contended:
            answer = refused(operation, Busy(retry_after=1), self.current_request)
        except Exception as error:  # the edge: whatever it was, the caller learns only that it was ours, and the log keeps the rest
            self.logger.error("unhandled", operation=operation.name, where=where(error))
            ours = Unavailable(UNANSWERED, retry_after=1) if is_unknown(error) else _Internal()
            answer = refused(operation, ours, self.current_request)
        if self.current_request is not None:
            answer.headers |= cors_headers(operation, Caller.of(self.current_request.context.get("authorizer") or {}))
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
        if operation.body is not None or operation.form is not None or "raw" in operation.parameters:
            raw = body_of(request, operation.max_body)
            if operation.body is not None:
                arguments["body"] = parsed(operation.body, raw)
            if operation.form is not None and operation.take is not None:
                arguments["form"] = operation.take(operation.form, raw, _raw(request, b"").headers)
            if "raw" in operation.parameters:
                arguments["raw"] = _raw(request, raw)
        if operation.query is not None:
            arguments["query"] = queried(operation.query, request.query_params or {})
        arguments |= {"caller": caller, "time_left": partial(remaining, self.lambda_context)}
        if "services" in operation.parameters:
            arguments["services"] = self._services()
        if operation.idempotent:
            tenant = caller.tenant if caller else "public"
            target = f"{operation.method} {operation.path.format(**path_parameters)}"  # Chalice's request.path is the route, not the path
            arguments["idempotency"] = Idempotency.of(request.headers, tenant, target, arguments.get("body"))
        return _response(operation, operation.view(**{k: v for k, v in arguments.items() if k in operation.parameters}))


def _content_types(operation: Operation) -> list[str]:
    return [FORM_TYPE] if operation.form is not None else CONTENT_TYPES


def _preflight(**path_parameters: str) -> Response:
    """A browser asks, without a credential, whether it may send a page's GET."""
    return Response("", {**PREFLIGHT}, 204)


UNANSWERED = "whether this was done is not known: send the same request again, with the same Idempotency-Key if it had one"


class _Internal(Problem):
    status, code, title = 500, "internal", "Something went wrong on our side; it has been recorded"


def _chalice_problem(status: int) -> Problem:
    problem = Problem({405: "this method is not served here", 415: "send application/json"}.get(status, ""))
    problem.status, problem.title = status, {405: "Method not allowed", 415: "Unsupported media type"}.get(status, _Internal.title)  # type: ignore[misc]
    problem.code = {405: "method-not-allowed", 415: "unsupported-media-type"}.get(status, _Internal.code)  # type: ignore[misc]
    return problem


def admitted(operation: Operation, caller: Caller | None) -> Caller:
    """The caller, if the operation is for them. Raises Unauthorized, Forbidden, ScopeTooSmall or Unverified."""
    if caller is None:
        raise Unauthorized
    if caller.scope is not None or "client_site" in caller.roles:
        if operation.key is None or caller.scope is None or "client_site" not in caller.roles:
            raise Forbidden("an API key may not do this: sign in as its owner")
        caller.need(operation.key)
    elif operation.allow and not operation.allow & caller.roles:
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


def refused(operation: Operation, problem: Problem, request: Request | None) -> Response:
    """A problem as a page for whoever reads one in a browser, and as problem+json for all else."""
    if request is None or operation.refusal is None or "text/html" not in request.headers.get("accept", ""):
        return response_of(problem)
    page = operation.refusal(problem, _raw(request, b""), dict(request.query_params or {}))
    return Response(page.text, dict(page.headers), page.status)


def _raw(request: Request, body: bytes) -> Raw:
    seen = request.context.get("identity") or {}
    headers = {k.lower(): v for k, v in request.headers.items()}
    return Raw(body, headers, str(request.context.get("path", "")), str(seen.get("sourceIp") or ""))


SHOWN_AGAIN: Mapping[str, str] = {"Cache-Control": "private, no-cache"}
"""Of a page that answers a form: with `no-store` a browser's Back would ask whether to send the form again, and show nothing."""


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
    if isinstance(result, Page):
        return Response(result.text, {**result.headers, **(SHOWN_AGAIN if operation.form and result.status != 303 else {})}, result.status)
    answer = result if isinstance(result, Answer) else Answer(result)
    status = answer.status or next(iter(operation.answers))
    body = "" if answer.view is None else answer.view.model_dump_json(by_alias=True, exclude_none=True)
    return Response(body, {"Content-Type": "application/json", **answer.headers}, status)
