"""What we wrote ourselves, read again: if it was let in under wider bounds than today's, it still loads."""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import SchemaValidator

M = TypeVar("M", bound=BaseModel)
UPPER = ("max_length", "le", "lt")
"""What the core schemas of pydantic call an upper bound."""


def kept(model: type[M], document: str | bytes | Mapping[str, Any]) -> M:
    """What we wrote ourselves: a JSON text, or its object. If it keeps the bounds of today, all is as usual; if not, it still loads.

    Raises ValidationError for what is wrong otherwise.
    """
    try:
        return model.model_validate_json(document) if isinstance(document, str | bytes) else model.model_validate(document, strict=False)
    except ValidationError:
        lax = _without_upper_bounds(model)
        found: M = lax.validate_json(document) if isinstance(document, str | bytes) else lax.validate_python(document, strict=False)
        return found


@cache
def _without_upper_bounds(model: type[BaseModel]) -> SchemaValidator:
    model.model_rebuild()
    return SchemaValidator(_unbounded(model.__pydantic_core_schema__), _use_prebuilt=False)  # else the models' own, bounded ones serve


def _unbounded(schema: Any) -> Any:
    """A core schema without upper bounds; a field may well be named `le`, and is then no bound but a dict."""
    if isinstance(schema, dict):
        return {name: _unbounded(part) for name, part in schema.items() if name not in UPPER or isinstance(part, dict)}
    return [_unbounded(part) for part in schema] if isinstance(schema, list) else schema


def within_bounds(value: M) -> M:
    """`value`, its texts and lists cut to what their fields take today: so it travels, however long it was when it was kept."""
    try:
        return type(value).model_validate(value.model_dump(mode="json"))
    except ValidationError as error:
        document = value.model_dump(mode="json")
        for found in sorted(error.errors(include_url=False), key=lambda e: -len(e["loc"])):
            if "max_length" in found.get("ctx", {}):
                _cut(document, found["loc"], int(found["ctx"]["max_length"]))
        return kept(type(value), document)


def _cut(document: Any, place: tuple[int | str, ...], most: int) -> None:
    for step in place[:-1]:
        document = document[step]
    document[place[-1]] = document[place[-1]][:most]
