"""The hub on one port: every service's Chalice app behind one Gateway, which does what API Gateway does in front of Lambda.

`python app.py --port 8000` serves it on a laptop (its environment must hold every service's Settings); tests call a Gateway in
their own process; tools/openapi.py reads the services' operations here.
"""

import argparse
import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from shared.api.cors import is_for_browsers
from shared.api.operation import Operation
from shared.api.service import Service, response_of
from shared.errors import Forbidden, Malformed, NotFound, Problem, TooLarge, Unauthorized

SERVICES = (
    "pictures", "uploads", "audit", "catalog", "storefronts", "fanout", "orders", "payments", "shipping", "settlement", "notices",
    "accounts",
)  # fmt: skip
"""The services that answer HTTP, in the order of the way."""
MAX_REQUEST = 10 * 1024 * 1024
"""API Gateway's own limit on a request's body, in bytes."""

Authorize = Callable[[dict[str, Any]], Mapping[str, Any]]
"""Answers the context of the caller of a REQUEST authorizer's event. Raises Unauthorized or Forbidden."""


class DuplicateRoute(RuntimeError):
    """Two operations would answer the same request."""


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. `target` is the path and the query string; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out."""

    status: int
    headers: Mapping[str, Any]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True, slots=True)
class Route:
    """An operation, the service that serves it, and the service's lock: a Chalice app keeps its current request in itself."""

    service: Service
    operation: Operation
    lock: Lock


class Gateway:
    """The services' route tables, merged. Calls of different services run at once, those of one service one after another."""

    def __init__(self, services: Iterable[Service], authorize: Authorize) -> None:
        """Raises DuplicateRoute."""
        self._authorize = authorize
        self._routes: dict[str, dict[str, Route]] = {}
        for service in services:
            lock = Lock()
            for operation in service.operations:
                self._mount(Route(service, operation, lock))
        # A literal segment is more specific than a parameter, from the left, as API Gateway decides it.
        self._paths = sorted(self._routes, key=lambda path: [part.startswith("{") + part.endswith("+}") for part in path.split("/")])

    @property
    def operations(self) -> list[tuple[str, Operation]]:
        """Every operation with its service's name, in the order of the way."""
        return [(r.service.app_name, r.operation) for methods in self._routes.values() for r in methods.values()]

    def __call__(self, request: Request) -> Reply:
        """Answer one request. What the Gateway itself refuses leaves as a problem, as the service's own refusals do."""
        try:
            return self._answer(request)
        except Problem as problem:
            refusal = response_of(problem)
            return Reply(refusal.status_code, refusal.headers, refusal.body.encode())

    def _mount(self, route: Route) -> None:
        wanted, shape = route.operation, re.sub(r"{\w+}", "{}", route.operation.path)
        for path, methods in self._routes.items():
            if re.sub(r"{\w+}", "{}", path) == shape and (wanted.method in methods or path != wanted.path):
                raise DuplicateRoute(f"{route.service.app_name}: {wanted.method} {wanted.path} is served already, as {path}")
        self._routes.setdefault(wanted.path, {})[wanted.method] = route

    def _answer(self, request: Request) -> Reply:
        if len(request.body) > MAX_REQUEST:
            raise TooLarge(f"a request may have at most {MAX_REQUEST} bytes")
        route, path_parameters = self._match(request)
        event = rest_event(request, route.operation.path, path_parameters)
        if not route.operation.public and request.method != "OPTIONS":
            event["requestContext"]["authorizer"] = self._authorized(event)
        with route.lock:
            answer = route.service(event, None)
        body = b64decode(answer["body"]) if answer.get("isBase64Encoded") else answer["body"].encode()
        return Reply(answer["statusCode"], answer["headers"] | answer["multiValueHeaders"], body)

    def _match(self, request: Request) -> tuple[Route, dict[str, str]]:
        asked = urlsplit(request.target).path.split("/")
        for path in self._paths:
            wanted, parts = path.split("/"), asked
            if wanted[-1].endswith("+}"):
                parts = [*asked[: len(wanted) - 1], "/".join(asked[len(wanted) - 1 :])]
            if len(wanted) == len(parts) and all(w == p or (w.startswith("{") and p) for w, p in zip(wanted, parts, strict=True)):
                route = _served(self._routes[path], request.method)
                if route is None:
                    continue
                named = {w.strip("{+}"): unquote(p) for w, p in zip(wanted, parts, strict=True) if w.startswith("{")}
                return route, named
        raise NotFound("there is no such route")

    def _authorized(self, event: Mapping[str, Any]) -> dict[str, Any]:
        if not event["headers"].get("authorization"):
            raise Unauthorized
        arn = f"arn:aws:execute-api:local:000000000000:app/local/{event['httpMethod']}{event['path']}"
        return dict(self._authorize({**event, "type": "REQUEST", "methodArn": arn}))


def _served(methods: Mapping[str, Route], method: str) -> Route | None:
    """What serves `method` at a path; a browser's preflight, and HEAD of a page, are served by whoever serves its GET."""
    read = methods.get("GET")
    if method == "HEAD":
        return read if read is not None and read.operation.is_page else None
    return read if method == "OPTIONS" and read is not None and is_for_browsers(read.operation) else methods.get(method)


def rest_event(request: Request, resource: str, path_parameters: Mapping[str, str]) -> dict[str, Any]:
    """`request` as API Gateway hands it to Lambda: a REST (v1) proxy event whose resourcePath is the route as it was declared."""
    target = urlsplit(request.target)
    query = parse_qs(target.query, keep_blank_values=True)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return {
        "resource": resource,
        "path": target.path,
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(path_parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": request.method,
            "path": target.path,
            "stage": "local",
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": request.body.decode("utf-8", "replace") or None,
        "isBase64Encoded": False,
    }


def services() -> list[Service]:
    """Every service's app, imported when asked for."""
    return [import_module(f"functions.{name}.handler").app for name in SERVICES]


def by_lambda(entry: Callable[[Any, Any], Mapping[str, Any]]) -> Authorize:
    """Authorize as API Gateway does with a Lambda authorizer: the exception "Unauthorized" is 401, a policy that denies 403."""

    def authorize(event: dict[str, Any]) -> Mapping[str, Any]:
        try:
            answer = entry(event, None)
        except Exception as error:
            if str(error) == "Unauthorized":
                raise Unauthorized from error
            raise
        if any(statement["Effect"] != "Allow" for statement in answer["policyDocument"]["Statement"]):
            raise Forbidden
        return {**answer.get("context", {}), "principalId": answer["principalId"]}

    return authorize


class Door(BaseHTTPRequestHandler):
    """One HTTP connection."""

    protocol_version = "HTTP/1.1"

    def __init__(self, gateway: Gateway, *connection: Any) -> None:
        self._gateway = gateway
        super().__init__(*connection)

    def answer(self) -> None:
        """Read a request, answer it. A body without a length, or longer than the limit, is not read and ends the connection."""
        try:
            length = self._length()
        except Problem as problem:
            self.close_connection = True
            refusal = response_of(problem)
            return self._send(Reply(refusal.status_code, {**refusal.headers, "Connection": "close"}, refusal.body.encode()))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self._send(self._gateway(Request(self.command, self.path, headers, self.rfile.read(length))))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815 (as http.server calls them)

    def _length(self) -> int:
        told = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not (told.isascii() and told.isdigit()):
            raise Malformed("send the body whole, with its Content-Length")
        if int(told) > MAX_REQUEST:
            raise TooLarge(f"a request may have at most {MAX_REQUEST} bytes")
        return int(told)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name, str(one))
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the hub's API on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    gateway = Gateway(services(), by_lambda(import_module("functions.authorizer.handler").handler))
    with ThreadingHTTPServer(("127.0.0.1", port), partial(Door, gateway)) as server:
        print(f"http://127.0.0.1:{port}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
