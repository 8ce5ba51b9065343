"""Examples for the document: a schema's own, else one made from it, in words that people know."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from shared.ids import derived_id

KINDS = {
    "account": "acc", "storefront": "sf", "key": "key", "product": "prd", "offer": "off", "picture": "pic", "feed": "fd", "review": "rev",
    "order": "ord", "payment": "pay", "refund": "ref", "operation": "op", "installation": "ins", "quote": "qt", "shipment": "shp",
    "supplier": "acc", "verification": "ver",
}  # fmt: skip
"""The kind in front of each id."""
WORDS: dict[str, Any] = {
    "name": "Ada Lovelace", "title": "Linen shirt, white", "description": "Washed linen, regular cut.", "lines": ["12 St James's Square"],
    "city": "London", "region": "Greater London", "postal_code": "SW1Y 4JH", "country": "GB", "phone": "+44 20 7946 0018",
    "email": "ada@example.com", "password": "correct horse battery 1", "sku": "SHIRT-W-M", "hs_code": "610910", "origin": "PT",
    "category": "hg-3-2", "language": "en", "currency": "EUR", "price": 2450, "amount": 2450, "stock": 120, "quantity": 2, "weight": 350,
    "length": 300, "width": 220, "height": 40, "gtin": "4006381333931",
    "brand": "Fern & Field", "mpn": "FF-1042", "version": 1, "tracking_number": "1Z999AA10123456784",
    "url": "https://shop.example/hooks/monsoon", "reason": "Changed my mind", "code": "prohibited-goods", "status": "open",
    "sha256": hashlib.sha256(b"example").hexdigest(),
}  # fmt: skip
"""A good value for a field of this name, where the schema allows it."""
Components = Mapping[str, Any]


def examples_of(value: Any) -> dict[str, Any]:
    """The `example` member of a media type; nothing if there is no example."""
    return {} if value is None else {"example": value}


def id_example(name: str) -> str:
    """An id such as a path parameter called `name` holds."""
    kind = name.removesuffix("_id")
    return derived_id(KINDS[kind], "example") if kind in KINDS else kind


def example(schema: Mapping[str, Any], components: Components, name: str = "", owner: str = "") -> Any:
    """One value that `schema` allows: its own example, else one made of its required fields.

    `name` is the field's, `owner` the name of the schema it lies in. None for a pattern that nobody gave an example of.
    """
    if "$ref" in schema:
        owner = schema["$ref"].rsplit("/", 1)[1]
        schema = {**components[owner], **{key: value for key, value in schema.items() if key != "$ref"}}
    for given in (schema.get("examples"), schema.get("enum")):
        if given:
            return given[0]
    if "const" in schema:
        return schema["const"]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return example(choices[0], components, name, owner)
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, components, owner)
    if kind == "array":
        return _array(schema, components, name)
    return _scalar(schema, _owned_id(owner) if name == "id" else name)


def _owned_id(owner: str) -> str:
    """`order_id` for the field `id` of OrderView."""
    return next((f"{kind}_id" for kind in KINDS if kind in owner.lower()), "id")


def _object(schema: Mapping[str, Any], components: Components, owner: str) -> dict[str, Any]:
    fields = schema.get("properties", {})
    shown = schema.get("required") or fields
    found = {name: example(field, components, name, owner) for name, field in fields.items() if name in shown}
    for_others = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties"))
    if isinstance(for_others, dict) and not found:
        key = "en" if "patternProperties" in schema else id_example("offer_id")
        found = {key: example(for_others, components)}
    return {name: value for name, value in found.items() if value is not None}


def _array(schema: Mapping[str, Any], components: Components, name: str) -> list[Any]:
    told = WORDS.get(name)
    if isinstance(told, list) and schema.get("items", {}).get("type") == "string":
        return list(told)
    one = example(schema.get("items", {}), components, name.removesuffix("s"))
    return [] if one is None else [one]


def _scalar(schema: Mapping[str, Any], name: str) -> Any:
    kind = schema.get("type")
    if kind == "boolean":
        return True
    if kind in ("integer", "number"):
        return _number(schema, WORDS.get(name))
    if kind != "string":
        return None
    told = WORDS.get(name)
    wanted = [told if isinstance(told, str) else None, _dated(schema, name), id_example(name), name.replace("_", " ") or "text"]
    return next((text for text in wanted if text and _fits(text, schema)), None)


def _number(schema: Mapping[str, Any], told: Any) -> int:
    low = max(schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1)
    if isinstance(told, int) and low <= told <= schema.get("maximum", told):
        return told
    return int(low) or min(1, int(schema.get("maximum", 1)))


def _dated(schema: Mapping[str, Any], name: str) -> str | None:
    return "2026-11-01T12:00:00.000Z" if schema.get("format") == "date-time" or name.endswith("_at") else None


def _fits(text: str, schema: Mapping[str, Any]) -> bool:
    sized = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
    return sized and re.search(schema.get("pattern", ""), text) is not None
