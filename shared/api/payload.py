"""What requests carry and answers show: the models' bases, and how a request is read into one.

Nothing here knows HTTP's server: `shared.api.service` serves, this reads.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from shared.bounds.message_text import REFUSED
from shared.door.checks import MARKS, flaws
from shared.door.currencies import MARK, currency_flaws
from shared.errors import FieldError, Invalid, Malformed, Problem, said

MOST_TOLD = 50
"""Errors that one answer names."""
MALFORMED = {"json_invalid", "json_type", "bytes_type"}
UNPRINTABLE = re.compile(rb"\\u00[01]|\\[bf]|\\u(?i:fff[ef])|\xef\xbf[\xbe\xbf]")
"""How JSON writes a control character, for which there is no other way, and the two that no message carries."""

UNPRINTABLE_REMEDY = "a text may hold no control characters but tabs and line breaks, and neither U+FFFE nor U+FFFF: leave them out"


class Body(BaseModel):
    """What a request carries: unknown fields are refused, nothing is coerced from another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True, defer_build=True)
    row_by_row: ClassVar[bool] = False
    """Whether its rows are `parsed` one by one later, so that control characters in one refuse that one alone."""


class Query(BaseModel):
    """A request's query string: unknown parameters are refused, texts become numbers where the model says so."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class View(BaseModel):
    """What an answer carries."""

    model_config = ConfigDict(frozen=True, defer_build=True)


OF_PRICES = {
    "amount": "请用货币的最小单位填写整数金额，例如 12.50 元写 1250",
    "currency": "请填写 ISO 4217 的三个大写字母币种代码，例如 CNY",
    "price": "请填写价格：金额和币种",
}
"""What to write where an amount or a currency cannot be read, by its field."""


def parsed(model: type[BaseModel], raw: bytes) -> BaseModel:
    """Read a JSON body. Raises Malformed (not JSON) or Invalid (names every field that is wrong)."""
    by_row = issubclass(model, Body) and model.row_by_row
    try:
        body = model.model_validate_json(raw or b"null")
    except ValidationError as error:
        problem = as_problem(error)
        if isinstance(problem, Invalid):
            raise _in_words(problem, raw) from error
        if not by_row:
            raise problem from error
        return _leniently(model, raw, problem)
    if not by_row and (found := list(_looked_at(raw))):
        raise Invalid(errors=found[:MOST_TOLD])
    return body


def _looked_at(raw: bytes) -> Iterator[FieldError]:
    """What is wrong with a body beyond its model; most bodies hold nothing to look at."""
    import json  # noqa: PLC0415 (hardly any body needs it)

    if UNPRINTABLE.search(raw):
        yield from (FieldError(pointer, UNPRINTABLE_REMEDY) for pointer in unprintable(json.loads(raw)))
    if MARKS.search(raw):
        yield from flaws(json.loads(raw))
    if MARK.search(raw):
        yield from currency_flaws(json.loads(raw))


def _in_words(problem: Problem, raw: bytes) -> Problem:
    """`problem` with the door's words in place of the model's where both speak of a field, and what else the door finds."""
    try:
        told = {error.pointer: error for error in (*problem.errors, *_looked_at(raw))}
    except (ValueError, RecursionError):
        return problem
    return Invalid(errors=list(told.values())[:MOST_TOLD])


def _leniently(model: type[BaseModel], raw: bytes, problem: Problem) -> BaseModel:
    """Read what is JSON by its grammar alone, such as half an emoji in one row, so that the other rows are not lost with it.

    The rows are read strictly one by one later. Raises `problem` for what is not even that, and Invalid.
    """
    import json  # noqa: PLC0415 (hardly any body needs it)

    try:
        return model.model_validate(json.loads(raw))
    except ValidationError as error:
        raise as_problem(error) from error
    except (ValueError, RecursionError):
        raise problem from None


def unprintable(value: Any, pointer: str = "") -> Iterator[str]:
    """The pointers of the texts in a JSON value that hold control characters, or what no message carries.

    No person wrote them, and they hide words from audit.
    """
    if isinstance(value, str) and any((c < " " and c not in "\t\n\r") or c in REFUSED for c in value):
        yield pointer
    for name, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from unprintable(part, f"{pointer}/{name}")


def queried(model: type[BaseModel], parameters: Mapping[str, str]) -> BaseModel:
    """Read a query string. Raises Invalid."""
    found = {flaw.pointer: flaw for flaw in flaws(dict(parameters), "query")}
    try:
        query = model.model_validate(dict(parameters))
    except ValidationError as error:
        told = {f"query/{_path(e['loc'])}": said(e) for e in error.errors()}
        raise Invalid(errors=list(({at: FieldError(at, detail) for at, detail in told.items()} | found).values())) from error
    if found:
        raise Invalid(errors=list(found.values()))
    return query


def as_problem(error: ValidationError) -> Problem:
    """A validation error as a problem; the values that were sent are never repeated."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any(e["type"] in MALFORMED for e in found):
        return Malformed(f"the body is not JSON: {found[0]['msg']}")
    errors = error.errors(include_url=False, include_input=False)[:MOST_TOLD]
    return Invalid(errors=[FieldError("/" + _path(e["loc"]), said(e), _in_chinese(e)) for e in errors])


def _in_chinese(error: ErrorDetails) -> str:
    """What is wrong with a price, in Chinese; empty of all else."""
    told: str = getattr(error.get("ctx", {}).get("error"), "detail_zh", "")
    return told or OF_PRICES.get(str(error["loc"][-1]) if error["loc"] else "", "")


def _path(location: tuple[int | str, ...]) -> str:
    return "/".join(str(part) for part in location)
