"""The largest message of a kind, made from its schema: every text, number and list at its bound, every letter of four bytes that may be."""

import json
from bisect import bisect
from collections.abc import Mapping
from typing import Any

from functions.storefronts.configuration.storefront_routes import MAX_RULE
from shared.bounds.fields import MAX_ID
from shared.messages import Message
from shared.pictures.product_pictures import ShownLine
from tests.contract.largest.sizes import WIDE, answer_bytes
from tests.contract.largest.test_products import LARGEST
from tests.contract.largest.test_storefronts import PRICES, selection

SELECTION = selection(bisect(range(1, 101), MAX_RULE - answer_bytes(PRICES), key=lambda length: answer_bytes(selection(length))))
DOORS = {name: made.model_dump(mode="json") for name, made in {"Product": LARGEST, "PriceRule": PRICES, "Selection": SELECTION}.items()}
"""What a route bounds as a whole."""
PATTERNS = {
    r"^(itm_\w{1,36})?$": "itm_" + 36 * "Z",
    r"^[A-Z]{2}$": "GB", r"^[A-Z]{3}$": "KWD", r"^[^\s,;|#A-Z]{1,40}$": WIDE * 40, r"^[a-z]{2}(-\d{1,4}){0,9}$": "hg" + "-9999" * 9,
    r"^\d{6}(\d{2}){0,2}$": "9" * 10, r"^\d{8}(\d{4,6})?$": "9" * 14,
    r"^img_[0-9A-HJKMNP-TV-Z]{26}$": "img_" + "Z" * 26, r"^#[0-9a-f]{6}$": "#ffffff", r"^[A-Za-z0-9+/=]{1,400}$": "A" * 400,
    r"^[!-~]{1,2001}$": "h" * 2001,
    ShownLine.__metadata__[0].pattern: f"pic_{'Z' * 26} img_{'Z' * 26} {'9' * 5} {'9' * 5} #ffffff",  # type: ignore[attr-defined]
}  # fmt: skip
"""A pattern → a longest text that it takes."""
SHORT = {"KWD": 3, "2026-11-01": 10, "2026-11-01T12:00:00.000Z": 40}
"""What fields that hold no free text hold, by their bound."""


def largest(kind: type[Message]) -> Message:
    schema = kind.model_json_schema(mode="validation")
    return kind.model_validate_json(json.dumps(_value(schema, schema.get("$defs", {}), 0)))


def _value(schema: Mapping[str, Any], models: Mapping[str, Any], number: int) -> Any:
    """`number` keeps a list's members apart."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return DOORS[name] if name in DOORS else _value(models[name], models, number)
    options = [option for word in ("anyOf", "oneOf", "allOf") for option in schema.get(word, ())]
    if options:
        return max((_value(option, models, number) for option in options), key=lambda made: len(str(made)))
    if "enum" in schema or "const" in schema:
        return max(schema.get("enum", [schema.get("const")]), key=lambda made: len(str(made)))
    if schema["type"] == "object":
        return _object(schema, models, number)
    if schema["type"] == "array":
        return [_value(schema["items"], models, n) for n in range(schema["maxItems"])]
    return _plain(schema, number)


def _object(schema: Mapping[str, Any], models: Mapping[str, Any], number: int) -> dict[str, Any]:
    if "properties" in schema:
        return {name: _value(part, models, number) for name, part in schema["properties"].items()}
    return {f"{n:0{MAX_ID}}": _value(schema["additionalProperties"], models, n) for n in range(schema["maxProperties"])}


def _plain(schema: Mapping[str, Any], number: int) -> Any:
    if schema["type"] != "string":
        return {"boolean": True, "null": None}.get(schema["type"], schema.get("maximum"))
    if "pattern" in schema:
        return PATTERNS[schema["pattern"]]
    most = schema["maxLength"]
    code = next((text for text, length in SHORT.items() if length == most), None)
    return code or (f"{number:0{MAX_ID}}" if most == MAX_ID else WIDE * most)
