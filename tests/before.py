"""What a release before had shown is held to what is shown now: fields may have come, at any depth; none may be gone or otherwise."""

from typing import Any


def with_fields_of(before: Any, after: Any) -> Any:
    """`after` with those fields alone that `before` has; a list of another length as it is."""
    if isinstance(before, dict) and isinstance(after, dict):
        return {name: with_fields_of(part, after.get(name)) for name, part in before.items()}
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [with_fields_of(one, other) for one, other in zip(before, after, strict=True)]
    return after
