"""What a product's model refuses, told by the column that it came from."""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.uploads.feeds.feed import Fault
from functions.uploads.mapping.document_parts import PARTS
from functions.uploads.mapping.fields import TARGETS
from functions.uploads.values.words import fault, has
from shared.trade.product import Text

WHOLE = {
    "texts": "title_en", "size": "length_mm", "tiers": "tier1_min", "variants": "option1_value", "options": "option1_value",
    "sale": "sale_price",
}  # fmt: skip
COLUMN_OF = {part: name for name, part in PARTS.items()}
BY_PATH: dict[tuple[int | str, ...], str] = {(*target.path,): name for name, target in reversed(TARGETS.items())}


def fault_of(error: Mapping[str, Any], columns: Mapping[tuple[int, str], str], rows: Sequence[int], said: set[str]) -> Fault:
    """The fault of one error of the model. `rows`: the numbers of the variants' lines."""
    place = tuple(error["loc"])
    variant, row = -1, None
    if len(place) > 2 and place[0] == "variants" and isinstance(place[1], int):
        variant, place = place[1], place[2:]
        row = rows[variant] if variant < len(rows) else None
    name = field_at(place)
    column = columns.get((variant, name)) or columns.get((-1, name)) or name
    if error["type"] == "missing" or (name.startswith("title_") and error["type"] == "string_too_short"):
        key = "missing" if name in said or (variant, name) in columns else "missing-field"
        return fault(column, key, "missing", row, field=name)
    return fault(column, _key(name), "invalid", row, **_values(name, str(error["msg"]), error["type"]))


def field_at(place: tuple[int | str, ...]) -> str:
    """The field, by its name in our own columns, that lies at `place` of a product's document."""
    match place:
        case ("texts", str(language), "title" | "description" | "description_html" | "bullets" as part, *_):
            return f"{part}_{language}"
        case ("stock_mode", _, "units" | "days" as part):
            return f"backorder_{part}"
        case ("safety", *more):
            return _of_safety(more)
        case ("tiers", int(i), part, *_):
            return f"tier{i + 1}_{'min' if part == 'min_quantity' else 'price'}"
    if place[:2] == ("price", "currency"):
        return "currency"
    first = str(place[0]) if place else ""
    return BY_PATH.get(place[:2]) or BY_PATH.get(place[:1]) or WHOLE.get(first, first)


def _of_safety(place: Sequence[int | str]) -> str:
    """The field of who answers for its safety, or of what is to be known."""
    role, *more = (*map(str, place), "name") if len(place) < 2 else map(str, place)
    return f"{role}_{COLUMN_OF.get(more[0], more[0])}"


def _key(name: str) -> str:
    word = name.partition("_")[0]
    if word in ("title", "description", "bullets"):
        return word
    if word.startswith("tier"):
        return "tiers"
    if word.startswith("option"):
        return "general"
    key = TARGETS[name].says or name if name in TARGETS else name
    return key if has(key) and key not in ("weight", "length", "price", "category") else "general"


def _values(name: str, message: str, kind: str) -> dict[str, Any]:
    """What fills the text; a pattern is never shown."""
    title = Text.model_json_schema()["properties"]["title"]["maxLength"]
    most = title if name.startswith("title") else Text.model_json_schema()["properties"]["description"]["maxLength"]
    what = "this is not in the form that is asked for" if kind == "string_pattern_mismatch" else message.removeprefix("Value error, ")
    return {"most": most, "what": what, "field": name}
