"""Why a request cannot be answered as asked: RFC 9457 problems. Raised by the domain, written down once by shared.api.service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with a request: a JSON pointer into its body, or `header/X`, `query/x`, `path/x`, and how to mend it."""

    pointer: str
    detail: str
    detail_zh: str = ""
    """The same in Chinese, where it is said of prices."""


class Flaw(ValueError):
    """What is wrong with a value and what to write, in English and Chinese."""

    def __init__(self, detail: str, detail_zh: str) -> None:
        super().__init__(detail)
        self.detail_zh = detail_zh


def said(error: Mapping[str, Any]) -> str:
    """What an error of pydantic's says to people: without the name of the exception that it was."""
    return str(error["msg"]).removeprefix("Value error, ")


class Problem(Exception):
    """The root of every error that a caller may see. Subclass it with a status, a code and a title that never change."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "The request cannot be understood"

    def __init__(self, detail: str = "", errors: Sequence[FieldError] = (), **more: Any) -> None:
        """`detail` says what happened and what to do; `more` are extension members. Secrets never go in either."""
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = tuple(errors)
        self.more = more

    def document(self) -> Mapping[str, Any]:
        """The problem as RFC 9457 members."""
        body: dict[str, Any] = {"type": f"urn:monsoon:problem:{self.code}", "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = [
                {"pointer": each.pointer, "detail": each.detail} | ({"detail_zh": each.detail_zh} if each.detail_zh else {})
                for each in self.errors
            ]
        return body | self.more


class Invalid(Problem):
    """The request is well formed but a field cannot be accepted."""

    status, code, title = HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", "A field of the request cannot be accepted"

    @classmethod
    def field(cls, pointer: str, detail: str) -> "Invalid":
        return cls(detail, [FieldError(pointer, detail)])


class Malformed(Problem):
    """The request is not JSON, or a header, cursor or parameter cannot be read."""

    code, title = "malformed", "The request cannot be read"


class Unauthorized(Problem):
    status, code, title = HTTPStatus.UNAUTHORIZED, "unauthorized", "Who are you? Send a valid access token or API key"


class Forbidden(Problem):
    status, code, title = HTTPStatus.FORBIDDEN, "forbidden", "You may not do this"


class Unverified(Forbidden):
    code, title = "unverified", "Only verified merchants may publish and sell: submit your identity at /v1/account/verification"


class NotFound(Problem):
    status, code, title = HTTPStatus.NOT_FOUND, "not-found", "There is no such thing, or it is not yours"


class Conflict(Problem):
    status, code, title = HTTPStatus.CONFLICT, "conflict", "The thing is not in a state that allows this"


class TooLarge(Problem):
    status, code, title = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The request is too large"


class TooManyRequests(Problem):
    status, code, title = HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "Slow down and try again later"


class Unavailable(Problem):
    status, code, title = HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "A part that this needs is not answering; try again"
