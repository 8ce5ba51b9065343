"""Everything that enters is bounded: each text, number, list and dict of requests, of tickets, of events, and of what an author's plug-in
is sent. The models say how much; nobody has to remember."""

import re._parser as pattern_parser  # type: ignore[import-not-found]
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic import BaseModel

from functions.shipping.documents.document_links import LinkContent
from monsoon_plugin.address import Address
from monsoon_plugin.courier import CarrierConfig
from shared.api.ticket_contents import PayableOrder, ShippingQuote
from shared.api.tickets import Cursor
from shared.buyers.followed_orders import FollowedOrder
from shared.subscribers import MESSAGES
from tests.contract.conftest import handler, services

WIDEST = 20_000
"""A pattern that takes no more characters than this bounds its text."""
EXCEPTIONS = {
    "ConfirmBody.data": "a plug-in's own fields, checked by its model; its route takes 16 KB",
    "StartBody.data": "a plug-in's own fields, checked by its model; its route takes 16 KB",
    "Install.config": "a plug-in's own form, checked by its model; 16 KB as it is kept",
    "ChangeInstallation.config": "a plug-in's own form, checked by its model; 16 KB as it is kept",
    "Cursor.at": "as Cursor.at{}",
    "Cursor.at{}": "signed by us, and a query parameter of at most 4,096 characters",
    "Cursor.scope": "signed by us, and a query parameter of at most 4,096 characters",
}
"""Where a bound lies elsewhere, and where."""


def requests() -> Iterator[type[BaseModel]]:
    for service in services():
        for operation in handler(service).app.operations:
            yield from (model for model in (operation.body, operation.query) if model is not None)


ENTERING = [
    *dict.fromkeys(requests()),
    ShippingQuote,
    PayableOrder,
    LinkContent,
    FollowedOrder,
    Cursor,
    Address,
    CarrierConfig,
    *MESSAGES.values(),
]


@pytest.mark.parametrize("model", ENTERING, ids=lambda model: model.__name__)
def test_every_text_number_and_list_that_enters_is_bounded(model: type[BaseModel]):
    schema = model.model_json_schema(mode="validation")
    found = unbounded(schema, schema.get("$defs", {}), model.__name__, frozenset())
    found = [where for where in found if where.split(":")[0] not in EXCEPTIONS]
    assert not found, "say max_length, ge and le, or why not in EXCEPTIONS"


def test_no_exception_is_left_over():
    schemas = [(model.__name__, model.model_json_schema(mode="validation")) for model in ENTERING]
    found = {where.split(":")[0] for name, schema in schemas for where in unbounded(schema, schema.get("$defs", {}), name, frozenset())}
    assert set(EXCEPTIONS) <= found


def unbounded(schema: Mapping[str, Any], models: Mapping[str, Any], at: str, within: frozenset[str]) -> Iterator[str]:
    """Where the schema lets in more than it says, as `Model.field: what lacks`."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in within:
            yield from unbounded(models[name], models, name, within | {name})
        return
    options = [option for word in ("anyOf", "oneOf", "allOf") for option in schema.get(word, ())]
    for option in options:
        yield from unbounded(option, models, at, within)
    if options or "enum" in schema or "const" in schema:
        return
    yield from WALK.get(schema.get("type"), anything)(schema, models, at, within)


def anything(schema: Mapping[str, Any], models: Mapping[str, Any], at: str, within: frozenset[str]) -> Iterator[str]:
    yield f"{at}: may be anything"


def text(schema: Mapping[str, Any], models: Mapping[str, Any], at: str, within: frozenset[str]) -> Iterator[str]:
    if "maxLength" not in schema and schema.get("format") not in ("date", "date-time") and not narrow(schema.get("pattern")):
        yield f"{at}: text without max_length"


def narrow(pattern: str | None) -> bool:
    whole = pattern is not None and pattern.startswith("^") and pattern.endswith("$")
    return whole and pattern_parser.parse(pattern).getwidth()[1] <= WIDEST


def number(schema: Mapping[str, Any], models: Mapping[str, Any], at: str, within: frozenset[str]) -> Iterator[str]:
    for ends in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if not any(end in schema for end in ends):
            yield f"{at}: number without {ends[0]}"


def array(schema: Mapping[str, Any], models: Mapping[str, Any], at: str, within: frozenset[str]) -> Iterator[str]:
    if "maxItems" not in schema:
        yield f"{at}: list without max_length"
    for part in (schema.get("items", {}), *schema.get("prefixItems", ())) if schema.get("maxItems") != 0 else ():
        yield from unbounded(part, models, f"{at}[]", within)


def thing(schema: Mapping[str, Any], models: Mapping[str, Any], at: str, within: frozenset[str]) -> Iterator[str]:
    for name, part in schema.get("properties", {}).items():
        yield from unbounded(part, models, f"{at}.{name}", within)
    values = schema.get("additionalProperties")
    if "properties" in schema and not isinstance(values, dict):
        return
    if "maxProperties" not in schema:
        yield f"{at}: dict without max_length"
    keyed = schema.get("patternProperties", {})
    if not all(map(narrow, keyed)) or (not keyed and "maxLength" not in schema.get("propertyNames", {}) and not narrow(
        schema.get("propertyNames", {}).get("pattern")
    )):  # fmt: skip
        yield f"{at}: dict whose keys have no max_length"
    for part in (*keyed.values(), *([values] if isinstance(values, dict) else ())):
        yield from unbounded(part, models, f"{at}{{}}", within)


WALK = {"string": text, "integer": number, "number": number, "array": array, "object": thing,
        "boolean": lambda *_: iter(()), "null": lambda *_: iter(())}  # fmt: skip
