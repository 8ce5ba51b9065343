"""The JSON Schemas (2020-12) of every model that requests and answers carry."""

import json
import re
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from shared.api.operation import Operation

REFERENCE = "#/components/schemas/{model}"
Mode = Literal["validation", "serialization"]


class Generator(GenerateJsonSchema):
    """Answers leave without their nulls: what may be null may be absent, and never is null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"]) if self.mode == "serialization" else super().nullable_schema(schema)

    def field_is_required(self, field: Any, total: bool) -> bool:
        nullable = self.mode == "serialization" and field["schema"]["type"] == "nullable"
        return not nullable and super().field_is_required(field, total)


class Schemas:
    """`components` holds the schemas by name; a name that two services use gets its service's name before it."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        wanted: dict[tuple[type[BaseModel], Mode], None] = {}
        for operation in operations:
            wanted |= {(taken, "validation"): None for taken in (operation.body, operation.form) if taken}
            wanted |= {(view, "serialization"): None for view in operation.answers.values() if view and issubclass(view, BaseModel)}
        references, found = models_json_schema(list(wanted), ref_template=REFERENCE, schema_generator=Generator)
        text = json.dumps([{f"{m.__module__}.{m.__qualname__} {mode}": r for (m, mode), r in references.items()}, found.get("$defs", {})])
        for long in {name for name in found.get("$defs", {}) if "__" in name}:
            text = text.replace(f'"{long}"', f'"{_short(long)}"').replace(f'schemas/{long}"', f'schemas/{_short(long)}"')
        self._references, defined = json.loads(text)
        self.components: dict[str, Any] = {name: _tidy(defined[name]) for name in sorted(defined)}

    def reference(self, model: type[BaseModel], *, answer: bool) -> dict[str, Any]:
        """`{"$ref": …}` to `model` as requests or answers carry it."""
        mode = "serialization" if answer else "validation"
        return dict(self._references[f"{model.__module__}.{model.__qualname__} {mode}"])

    def parameters(self, query: type[BaseModel]) -> list[dict[str, Any]]:
        """The query parameters that `query` describes; what may be null may be left out."""
        schema = _tidy(query.model_json_schema())
        required = schema.get("required", [])
        return [_parameter(name, field, schema.get("$defs", {}), name in required) for name, field in schema["properties"].items()]


def _parameter(name: str, field: dict[str, Any], defined: dict[str, Any], required: bool) -> dict[str, Any]:
    said = {"description": field.pop("description")} if "description" in field else {}
    kinds = [kind for kind in field.pop("anyOf", []) if kind != {"type": "null"}]
    if len(kinds) == 1:
        field = {**kinds[0], **field}
    elif kinds:
        field["anyOf"] = kinds
    if "$ref" in field:
        field = {**defined[field.pop("$ref").rsplit("/", 1)[1]], **field}
    return {"name": name, "in": "query", "required": required, **said, "schema": field}


HOSTS = {"payment": "payments", "courier": "shipping", "clearing": "settlement"}
"""Which service hosts the plug-ins of a family; the SDK's other models are everybody's."""


def _short(long: str) -> str:
    """`functions__orders__views__Line-Input` → `OrdersLine-Input`; `shared__product__Text` → `SharedText`."""
    place, *rest = [part for part in long.split("__") if part != "functions"]
    if place == "monsoon_plugin":  # a client knows the services, not the SDK
        place = HOSTS.get(rest[0], "shared")
    return re.sub(r"[^A-Za-z0-9._-]", "", place.capitalize() + rest[-1])


def _tidy(schema: Any) -> Any:
    """The schema without the titles that pydantic derives from names, and without defaults of null, which say nothing new."""
    if isinstance(schema, list):
        return [_tidy(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    # A property may itself be called `title` or `default`: then its value is a schema.
    said_already = {("title", str), ("default", type(None))}
    return {key: _tidy(value) for key, value in schema.items() if (key, type(value)) not in said_already}
