"""How large what travels may be: the types of events' and tickets' fields, and how what was kept under wider bounds is read again.

Every text, number and list that enters anywhere has a bound (tests/contract/test_bounds.py walks them all); a bound holds at the door.
What was let in before it was drawn must still load: `kept` reads our own words without upper bounds.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import SchemaValidator

M = TypeVar("M", bound=BaseModel)
MAX_EVENT = 256 * 1024
"""Bytes of an event with its envelope: an SNS or SQS message, a delivery to a client site."""
MAX_ITEM = 400 * 1024
"""Bytes of an item of DynamoDB, its attributes' names and its event included."""
MAX_ID = 128
MAX_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON keeps (RFC 8259, 6)."""
MAX_MINOR = 10**15
"""Minor units of a sum of many amounts, each of which is at most monsoon_plugin.money.MAX_AMOUNT."""
MOST_LINES = 50
"""Lines of an order, and so offers of a parcel."""
UPPER = ("max_length", "le", "lt")
"""What the core schemas of pydantic call an upper bound."""


def clipped(most: int) -> BeforeValidator:
    """Cuts a text of people's to `most` characters: whatever a provider says, the event that tells of money gets through."""
    return BeforeValidator(lambda text: text[: most - 1] + "…" if isinstance(text, str) and len(text) > most else text)


Id = Annotated[str, Field(max_length=MAX_ID)]
"""An id of ours, or a provider's that became one; a path takes no longer one."""
Code = Annotated[str, clipped(200), Field(max_length=200)]
"""A word of a list: a plug-in, a provider's reason."""
Reason = Annotated[str, clipped(2000), Field(max_length=2000)]
"""What people read."""
Moment = Annotated[str, Field(max_length=40)]
"""RFC 3339."""
Day = Annotated[str, Field(max_length=10)]
"""YYYY-MM-DD."""
Currency = Annotated[str, Field(max_length=3)]
Minor = Annotated[int, Field(ge=-MAX_MINOR, le=MAX_MINOR)]
"""Minor units of some currency."""
Units = Annotated[int, Field(ge=0, le=10_000)]
"""Of one offer in an order; or its shipments."""
Title = Annotated[str, clipped(200), Field(max_length=200)]
OfferIds = Annotated[list[Id], Field(max_length=MOST_LINES)]
Version = Annotated[int, Field(ge=1, le=MAX_INTEGER)]


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
