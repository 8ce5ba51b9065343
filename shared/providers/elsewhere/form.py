"""A form from elsewhere: JSON Schema → the pydantic model that holds a merchant's config. Pure.

It keeps secrets secret (`writeOnly`, or `format: password`), refuses fields that the form does not name, and checks the usual bounds;
whatever else the schema demands, the plug-in checks itself, for it gets the whole config with each call.
"""

import operator
from collections.abc import Mapping
from functools import reduce
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, create_model

from monsoon_plugin.plugin import Config

DEEPEST = 8
"""Levels of nested objects; deeper ones are kept as they are."""
BOUNDS: Mapping[str, str] = {
    "minLength": "min_length", "maxLength": "max_length", "minItems": "min_length", "maxItems": "max_length", "pattern": "pattern",
    "minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt", "description": "description",
}  # fmt: skip
"""JSON Schema 2020-12 (validation) → pydantic's words."""
PLAIN: Mapping[str, Any] = {"integer": int, "number": str, "boolean": bool, "string": str, "null": None}
"""A number that is no integer stays a text: no amount is ever a float."""


def model_of(form: Mapping[str, Any], base: type[Config] = Config) -> type[Config]:
    """The model of a form. It extends `base` where the form has all of its fields, which are then read as `base` reads them."""
    properties = form.get("properties", {})
    inherits = base if base.model_fields.keys() <= properties.keys() else Config
    return _Reader(form.get("$defs", {})).model("RemoteForm", form, inherits, DEEPEST)


class _Reader:
    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions

    def model(self, name: str, schema: Mapping[str, Any], base: type[Config], levels: int) -> type[Config]:
        required = schema.get("required", [])
        fields: dict[str, Any] = {}
        for field, written in schema.get("properties", {}).items():
            if field in base.model_fields:
                continue
            found = self._resolved(written)
            default = ... if field in required else found.get("default", written.get("default"))
            kind = self._type(found, levels) if field in required or default is not None else self._type(found, levels) | None
            fields[field] = (kind, Field(default=default, validate_default=default is not None and default is not ...))
        return create_model(name, __base__=base, **fields)

    def _type(self, schema: Mapping[str, Any], levels: int) -> Any:
        """What holds a value of `schema`."""
        found = self._resolved(schema)
        if found.get("writeOnly") or found.get("format") == "password":
            return _bounded(SecretStr, {name: value for name, value in found.items() if name in ("minLength", "maxLength")})
        if "enum" in found or "const" in found:
            return Literal[tuple(found.get("enum", [found.get("const")]))]
        if branches := found.get("anyOf") or found.get("oneOf"):
            return reduce(operator.or_, [self._type(branch, levels) for branch in branches])
        return self._plain(found, levels)

    def _plain(self, found: Mapping[str, Any], levels: int) -> Any:
        match found.get("type"):
            case "object" if levels and found.get("properties"):
                return self.model("RemoteFields", found, Config, levels - 1)
            case "object":
                return dict[str, self._values(found.get("additionalProperties"), levels)]  # type: ignore[misc]
            case "array":
                return _bounded(list[self._values(found.get("items"), levels)], found)  # type: ignore[misc]
            case str(plain) if plain in PLAIN:
                return _bounded(PLAIN[plain], found) if PLAIN[plain] else None
        return Any

    def _values(self, schema: Any, levels: int) -> Any:
        return self._type(schema, levels - 1) if levels and isinstance(schema, Mapping) else Any

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """`schema` itself, or the definition that its `$ref` names."""
        name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
        return {**self._definitions.get(name, {}), **{k: v for k, v in schema.items() if k != "$ref"}} if name else schema


def _bounded(kind: Any, schema: Mapping[str, Any]) -> Any:
    bounds = {ours: schema[theirs] for theirs, ours in BOUNDS.items() if theirs in schema and _fits(kind, ours)}
    return Annotated[kind, Field(**bounds)] if bounds else kind


def _fits(kind: Any, bound: str) -> bool:
    """Whether pydantic takes the bound for values of that kind."""
    if bound in ("ge", "le", "gt", "lt"):
        return kind is int
    return bound == "description" or kind not in (int, bool)
