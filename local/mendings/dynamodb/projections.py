"""Attributes that a read asks for by their names: the emulator reads the names anew for each item, and compares each with all others."""

from functools import lru_cache
from typing import Any

from ministack.services import dynamodb

from local.mendings.dynamodb.expressions import MOST, once

Item = dict[str, Any]
Names = dict[str, str] | None


def take() -> None:
    """Let this process's emulator read each projection once."""
    asked = dynamodb._project_item

    @lru_cache(MOST)
    def plain(expression: str, names: tuple[tuple[str, str], ...]) -> tuple[str, ...] | None:
        """The attributes; None where the emulator shall say what is asked for: parts of some, or something wrong."""
        try:
            asked({}, expression, dict(names))
        except ValueError:
            return None
        paths = [dynamodb._parse_projection_path(path, dict(names)) for path in expression.split(",") if path.strip()]
        return tuple(path[0][1] for path in paths) if all(len(path) == 1 and path[0][0] == "name" for path in paths) else None

    def project(item: Item, expression: str | None, names: Names) -> Item:
        wanted = plain(expression, tuple((names or {}).items())) if expression else None
        if wanted is None:
            found: Item = asked(item, expression, names)
            return found
        return {name: item[name] for name in wanted if name in item}

    dynamodb._project_item = project
    dynamodb._projection_overlap_error = once(dynamodb._projection_overlap_error, _asked_for)


def _asked_for(expression: str, names: Names) -> tuple[Any, ...]:
    return (expression, *(names or {}).items())
