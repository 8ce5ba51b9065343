"""Which problems an operation may answer with, and how the document shows them."""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from shared.api.caller import ScopeTooSmall
from shared.api.idempotency import KeyReused
from shared.api.operation import Operation
from shared.api.service import response_of
from shared.errors import (
    PROBLEM_JSON,
    FieldError,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Problem,
    TooLarge,
    TooManyRequests,
    Unauthorized,
    Unverified,
)

Group = tuple[type[Problem], ...]
"""Problems of one status."""


class UnsupportedMediaType(Problem):
    """As the edge refuses a body that does not say it is JSON."""

    status, code, title = 415, "unsupported-media-type", "Unsupported media type"


PROBLEM_SCHEMAS: dict[str, Any] = {
    "Problem": {
        "description": "Why a request cannot be answered as asked (RFC 9457). Decide by `type`; show `title` and `detail` to people.",
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string", "format": "uri", "pattern": "^urn:monsoon:problem:[a-z-]+$"},
            "title": {"type": "string", "description": "the same for every problem of this type"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "what happened this time, and what to do"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        },
    },
    "FieldError": {
        "description": "One field that is wrong.",
        "type": "object",
        "required": ["pointer", "detail"],
        "properties": {
            "pointer": {"type": "string", "description": "a JSON pointer into the body, or header/X, query/x, path/x"},
            "detail_zh": {"type": "string", "description": "the same as `detail` in Chinese, where it is of prices"},
            "detail": {"type": "string"},
        },
    },
}


def problems_of(operation: Operation) -> list[Group]:
    """The problems of `operation`, by rising status, the general one first: those it declares, and those the edge may raise."""
    has_body = operation.body is not None or operation.form is not None
    has_input = has_body or operation.query is not None
    edge: list[tuple[type[Problem], bool]] = [
        (Malformed, has_input or operation.idempotent),
        (Unauthorized, not operation.public),
        (Forbidden, bool(operation.allow)),
        (ScopeTooSmall, operation.key in ("sell", "manage")),
        (Unverified, operation.verified),
        (NotFound, "{" in operation.path),
        (TooLarge, has_body),
        (UnsupportedMediaType, has_body),
        (Invalid, has_input),
        (KeyReused, operation.idempotent),
        (TooManyRequests, True),
    ]
    found = dict.fromkeys([problem for problem, applies in edge if applies] + list(operation.problems))
    by_status = groupby(sorted(found, key=lambda problem: int(problem.status)), key=lambda problem: int(problem.status))
    return [tuple(group) for _, group in by_status]


def response_name(group: Group) -> str:
    """The name under which operations share the response of these problems."""
    return ".".join(problem.code for problem in group)


def problem_response(group: Group) -> dict[str, Any]:
    shown = {problem.code: {"$ref": f"#/components/examples/{problem.code}"} for problem in group}
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": shown}}
    return {"description": "; or ".join(problem.title for problem in group), "content": content}


def problem_examples(groups: Iterable[Group]) -> dict[str, Any]:
    """One example a problem code, by code."""
    problems = {problem.code: problem for group in groups for problem in group}
    return {
        code: {"summary": problems[code].title, "value": json.loads(response_of(_shown(problems[code])).body)} for code in sorted(problems)
    }


def _shown(problem: type[Problem]) -> Problem:
    if problem is Invalid:
        return Invalid(errors=[FieldError("/price/amount", "Input should be a valid integer")])
    if problem is Malformed:
        return Malformed("the body is not JSON: Invalid JSON: EOF while parsing a value at line 1 column 0")
    if problem is ScopeTooSmall:
        return ScopeTooSmall("manage", "sell")
    return problem()
