"""No event can be larger, by what its fields take at most, than what carries it."""

import re._parser as pattern_parser  # type: ignore[import-not-found]
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from functions.storefronts.configuration.storefront_routes import MAX_RULE
from functions.uploads.products.submission import MAX_PRODUCT
from shared.bounds.fields import MAX_EVENT, MAX_ID
from shared.messages import Message
from shared.subscribers import MESSAGES
from tests.contract.largest.sizes import ATTRIBUTES

ENVELOPE = 1_000
"""Bytes of the attributes of CloudEvents: two ids, a type, a subject, a time."""
DOORS = {"Product": MAX_PRODUCT + 1_000, "Selection": MAX_RULE, "PriceRule": MAX_RULE}
"""Models whose JSON a route bounds as a whole, with room for the defaults that it leaves out."""
WIDEST = 4
"""Bytes of a character; an id is of letters and digits."""


@pytest.mark.parametrize("message", MESSAGES.values(), ids=lambda message: message.type)
def test_an_event_with_all_its_fields_at_their_bounds_fits_into_a_message(message: type[Message]):
    schema = message.model_json_schema(mode="validation")
    assert most_bytes(schema, schema.get("$defs", {})) + ENVELOPE + ATTRIBUTES <= MAX_EVENT


def most_bytes(schema: Mapping[str, Any], models: Mapping[str, Any]) -> int:
    """Of a value as JSON, by the schema's bounds."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return DOORS.get(name) or most_bytes(models[name], models)
    options = [option for word in ("anyOf", "oneOf", "allOf") for option in schema.get(word, ())]
    if options:
        return max(most_bytes(option, models) for option in options)
    if "enum" in schema or "const" in schema:
        return max(len(str(value)) for value in schema.get("enum", [schema.get("const")])) + 2
    return BY_TYPE[schema["type"]](schema, models)


def text_bytes(schema: Mapping[str, Any], models: Mapping[str, Any]) -> int:
    if "maxLength" in schema:
        return 2 + (1 if schema["maxLength"] == MAX_ID else WIDEST) * int(schema["maxLength"])
    return 2 + int(pattern_parser.parse(schema["pattern"]).getwidth()[1])


def list_bytes(schema: Mapping[str, Any], models: Mapping[str, Any]) -> int:
    return 2 + int(schema["maxItems"]) * (1 + most_bytes(schema["items"], models))


def object_bytes(schema: Mapping[str, Any], models: Mapping[str, Any]) -> int:
    if "properties" in schema:
        return 2 + sum(len(name) + 4 + most_bytes(part, models) for name, part in schema["properties"].items())
    key = WIDEST * int(schema["propertyNames"]["maxLength"])
    return 2 + int(schema["maxProperties"]) * (key + 4 + most_bytes(schema["additionalProperties"], models))


NUMBER = 20
"""Digits of an integer, or the letters of a boolean."""
BY_TYPE: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], int]] = {
    "string": text_bytes, "array": list_bytes, "object": object_bytes, "integer": lambda *_: NUMBER, "boolean": lambda *_: NUMBER,
    "null": lambda *_: NUMBER,
}  # fmt: skip
