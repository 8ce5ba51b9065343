"""The fields that a JSON Schema asks for, as pydantic writes it (2020-12, with its own `$defs`).

It says of a field what HTML can say: a title and a description, bounds, what is needed, a list to choose from. `format` chooses the
input (`email`, `tel`, `password`, `multiline`), `x-autocomplete` is HTML's, the first of `examples` stands in the empty field. What is
`writeOnly` is a secret: it is never shown again.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from markupsafe import Markup
from pydantic import BaseModel, Field

from shared.pages.forms.html_pattern import html_pattern
from shared.pages.forms.shape import Kind, Shape

LONG, MOST_ROWS = 1000, 50
"""A text that may be so long has several lines."""
TEXTS = {"minLength": "minlength", "maxLength": "maxlength"}
NUMBERS = {"minimum": "min", "maximum": "max", "multipleOf": "step"}
Schema = Mapping[str, Any]


@cache
def asked(model: type[BaseModel]) -> Mapping[str, Shape]:
    """The fields of a form's model, by name."""
    return shapes_of(model.model_json_schema())


def email_field(title: str) -> Any:
    """Of a model: an address of a mailbox that is needed. `title`: marked by `worded`."""
    return Field(min_length=3, max_length=254, title=title, json_schema_extra={"format": "email", "x-autocomplete": "email"})


def shapes_of(schema: Schema) -> dict[str, Shape]:
    """The fields of an object, by name. Raises ValueError for what no form can ask: see `_kind`."""
    return _parts(schema, schema.get("$defs", {}))


def _parts(schema: Schema, defs: Schema) -> dict[str, Shape]:
    needed = schema.get("required", ())
    return {name: _shape(name, _plain(part, defs), name in needed, defs) for name, part in schema.get("properties", {}).items()}


def _plain(part: Schema, defs: Schema) -> Schema:
    """A field's schema with what it refers to in its place; of what may be null, what else it may be."""
    if "$ref" in part:
        return _plain({**defs[part["$ref"].rpartition("/")[2]], **{name: told for name, told in part.items() if name != "$ref"}}, defs)
    if len(part.get("allOf", ())) == 1:
        return _plain({**part["allOf"][0], **{name: told for name, told in part.items() if name != "allOf"}}, defs)
    some = [each for each in part.get("anyOf", ()) if each.get("type") != "null"]
    return _plain({**some[0], **{name: told for name, told in part.items() if name != "anyOf"}}, defs) if len(some) == 1 else part


def _shape(name: str, part: Schema, needed: bool, defs: Schema) -> Shape:
    inner = _plain(part.get("items", {}), defs)
    kind = _kind(name, part, inner)
    inside = part if kind == "group" else inner if kind == "rows" else {}
    examples = part.get("examples", ())
    return Shape(
        name, kind, title=part.get("title", ""), hint=part.get("description", ""), needed=needed, bounds=_bounds(kind, part),
        pattern=html_pattern(part.get("pattern", "")) if kind == "text" else "", complete=part.get("x-autocomplete", ""),
        like=str(examples[0]) if examples and kind in ("text", "number") else "", usual=_usual(kind, part), long=_is_long(part),
        choices=tuple(map(str, _choices(inner if kind == "choices" else part))), parts=_parts(inside, defs),
        most=min(part.get("maxItems", MOST_ROWS), MOST_ROWS),
    )  # fmt: skip


def _kind(name: str, part: Schema, inner: Schema) -> Kind:
    """Raises ValueError: no form has a field for a map of free keys, nor for several kinds of thing in one place."""
    if part.get("writeOnly"):
        return "secret"
    if _choices(part):
        return "choice"
    kinds: dict[str, Kind] = {"string": "text", "integer": "number", "boolean": "check"}
    told = part.get("type")
    if told == "array":
        return "rows" if "properties" in inner else "choices" if _choices(inner) else "lines"
    if told == "object" and "properties" in part:
        return "group"
    if told not in kinds:
        raise ValueError(f"no form asks for {name}: {told or 'several kinds of thing'}")
    return kinds[told]


def _choices(part: Schema) -> tuple[Any, ...]:
    return (part["const"],) if "const" in part else tuple(part.get("enum", ()))


def _usual(kind: Kind, part: Schema) -> str:
    """Of a secret nothing is told, its usual value neither."""
    told = part.get("default")
    if told is None or kind in ("secret", "group", "rows"):
        return ""
    return "\n".join(map(str, told)) if isinstance(told, list | tuple) else str(told).lower() if kind == "check" else str(told)


def _is_long(part: Schema) -> bool:
    return part.get("format") == "multiline" or part.get("maxLength", 0) >= LONG


def _bounds(kind: Kind, part: Schema) -> str:
    """What the input's element says; a text of several lines has no type. One character at the least is what `required` says already."""
    names = NUMBERS if kind == "number" else TEXTS if kind in ("text", "secret") else {}
    own = {"number": "number", "secret": "password"}.get(kind) or (part["format"] if part.get("format") in ("email", "tel") else "")
    told = ([("type", own)] if own else []) + ([("inputmode", "numeric")] if kind == "number" else [])
    told += [(names[name], bound) for name, bound in part.items() if name in names and (name, bound) != ("minLength", 1)]
    return Markup("").join(Markup(' {}="{}"').format(name, bound) for name, bound in told)
