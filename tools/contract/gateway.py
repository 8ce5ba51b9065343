"""What API Gateway imports, derived from the document for people: OpenAPI 3.0.1 with routes, doors and refusals, no models."""

import json
from collections.abc import Mapping
from typing import Any

from shared.errors import (
    PROBLEM_JSON,
    Forbidden,
    NotFound,
    Problem,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from tools.contract.problems import UnsupportedMediaType

METHODS = ("get", "post", "put", "patch", "delete")
INVOKE = "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/${{{function}.Alias}}/invocations"
AUTHORIZER_TTL = 60
"""Seconds for which API Gateway keeps an answer of the authorizer, and so the longest that a revoked key still works."""


def for_api_gateway(people: Mapping[str, Any]) -> dict[str, Any]:
    """The definition that template.yaml includes. REST APIs take no OpenAPI 3.1, and want no more than this to route."""
    return {
        "openapi": "3.0.1",
        "info": {key: people["info"][key] for key in ("title", "version")},
        "paths": {_path(path, item): _path_item(item) for path, item in people["paths"].items()},
        "components": {"securitySchemes": {"bearer": _authorizer()}},
        "x-amazon-apigateway-gateway-responses": _refusals(),
    }


def function_of(tag: str) -> str:
    """The logical id, in the template, of the function that serves the routes of a service."""
    return f"{tag.capitalize()}Api"


def _path(path: str, item: Mapping[str, Any]) -> str:
    """As API Gateway writes it: `{rest+}` for any number of parts."""
    return f"{path[:-1]}+}}" if item.get("get", {}).get("x-monsoon-greedy") else path


def _path_item(item: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [
        {"name": named["name"], "in": "path", "required": True, "schema": {"type": "string"}} for named in item.get("parameters", [])
    ]
    served: dict[str, Any] = {method: _operation(item[method]) for method in METHODS if method in item}
    read = item.get("get", {})
    if read.get("x-monsoon-page"):
        served["head"] = served["get"]
    if read.get("x-monsoon-cors"):
        served["options"] = _preflight(read)
    return ({"parameters": parameters} if parameters else {}) | served


def _operation(operation: Mapping[str, Any]) -> dict[str, Any]:
    public = operation.get("security") == []
    return {"security": [] if public else [{"bearer": []}], **_integration(operation)}


def _preflight(read: Mapping[str, Any]) -> dict[str, Any]:
    """A browser's OPTIONS comes without a credential; the function that serves the GET answers it (docs/decisions/0018)."""
    return {"security": [], **_integration(read)}


def _integration(operation: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "responses": {},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": _invoke(function_of(operation["tags"][0])),
        },
    }


def _invoke(function: str) -> dict[str, str]:
    return {"Fn::Sub": INVOKE.format(function=function)}


def _authorizer() -> dict[str, Any]:
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
            "type": "request",
            "identitySource": "method.request.header.Authorization",
            "authorizerUri": _invoke("AuthorizerFunction"),
            "authorizerResultTtlInSeconds": AUTHORIZER_TTL,
        },
    }


class NotServed(NotFound):
    title = "There is no such route"


def _refusals() -> dict[str, Any]:
    """What API Gateway itself refuses, said as the services would say it. A family keeps the status of each of its members."""
    return {
        "UNAUTHORIZED": _refusal(Unauthorized, **{"WWW-Authenticate": "Bearer"}),
        "ACCESS_DENIED": _refusal(Forbidden),
        "MISSING_AUTHENTICATION_TOKEN": _refusal(NotServed),
        "REQUEST_TOO_LARGE": _refusal(TooLarge),
        "THROTTLED": _refusal(TooManyRequests, **{"Retry-After": "1"}),
        "UNSUPPORTED_MEDIA_TYPE": _refusal(UnsupportedMediaType),
        "DEFAULT_4XX": _family(Problem),
        "DEFAULT_5XX": _family(Unavailable),
    }


def _refusal(problem: type[Problem], **headers: str) -> dict[str, Any]:
    return {"statusCode": int(problem.status), **_answer(json.dumps(problem().document()), **headers)}


def _family(problem: type[Problem]) -> dict[str, Any]:
    document = {key: value for key, value in problem().document().items() if key != "status"}
    return _answer(json.dumps(document))


def _answer(template: str, **headers: str) -> dict[str, Any]:
    told = {"Content-Type": PROBLEM_JSON, **headers}
    return {
        "responseParameters": {f"gatewayresponse.header.{name}": f"'{value}'" for name, value in told.items()},
        "responseTemplates": {"application/json": template},
    }
