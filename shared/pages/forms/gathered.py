"""Lists and objects out of a form's flat names: `zones.0.name` is the name of the first zone, `methods.page` a tick in a list,
`currencies.` a text of one currency a line.

Ticks that are not set are not sent: the bare `methods.` says that the list was asked for, so that what is empty is empty.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.pages.forms.shape import Shape

Values = Mapping[str, str]


def gathered(shapes: Mapping[str, Shape], values: Values, at: str = "") -> dict[str, Any]:
    """What `values` say of `shapes`, as their model reads it: fields that are left empty are not there. `at`: what stands before names."""
    told = {name: _told(shape, f"{at}{name}", values) for name, shape in shapes.items()}
    return {name: value for name, value in told.items() if value is not None}


def _told(shape: Shape, key: str, values: Values) -> Any:
    if shape.kind == "group":
        return gathered(shape.parts, values, f"{key}.") or None
    if shape.kind in ("choices", "lines", "rows"):
        found = _listed(shape, key, values)
        return found if found or f"{key}." in values else None
    return values.get(key, "").strip() or None


def _listed(shape: Shape, key: str, values: Values) -> list[Any]:
    if shape.kind == "choices":
        return [each for each in shape.choices if values.get(f"{key}.{each}")]
    if shape.kind == "lines":
        return [line.strip() for line in values.get(f"{key}.", "").split("\n") if line.strip()]
    return [gathered(shape.parts, values, f"{key}.{place}.") for place in filled(shape, key, values)]


def filled(shape: Shape, key: str, values: Values) -> Sequence[int]:
    """The rows in which something was typed: a row that is left as it was shown is none."""
    return [place for place in range(shape.most) if _is_filled(shape.parts, f"{key}.{place}.", values)]


def _is_filled(shapes: Mapping[str, Shape], at: str, values: Values) -> bool:
    groups = [name for name, shape in shapes.items() if shape.kind == "group"]
    told = {name: value for name, value in gathered(shapes, values, at).items() if name not in groups}
    return any(told[name] != shapes[name].shown for name in told) or any(
        _is_filled(shapes[name].parts, f"{at}{name}.", values) for name in groups
    )


def name_of(shapes: Mapping[str, Shape], place: Sequence[str | int], values: Values) -> str:
    """The form's name for a place in what was gathered, as pydantic tells it: `("zones", 0, "name")` is `zones.2.name`, where two rows
    before it were left empty. A list that is one field has no places."""
    name, inside = "", shapes
    steps = list(place)
    while steps:
        step = str(steps.pop(0))
        shape, name = inside.get(step), f"{name}{step}"
        if shape is None or not steps or shape.kind in ("choices", "lines"):
            return name
        if shape.kind == "rows":
            name = f"{name}.{filled(shape, name, values)[int(steps.pop(0))]}"
        name, inside = f"{name}." if steps else name, shape.parts
    return name
