"""Currencies that were replaced: what is kept in one stays readable, and can be refunded; nothing new is asked for in it."""

import re
from collections.abc import Iterator
from typing import Any

from monsoon_plugin.money import WITHDRAWN
from shared.errors import FieldError

ONE, SEVERAL = "currency", "currencies"
"""Fields that name a currency, wherever they stand."""
MARK = re.compile(rb'"(?:' + "|".join(sorted(WITHDRAWN)).encode() + rb')"')
"""Without one of them in its bytes a body names none."""


def currency_flaws(value: Any) -> Iterator[FieldError]:
    """What is wrong with the currencies of a JSON value, by JSON pointer."""
    for pointer, code, now in replaced(value):
        yield FieldError(pointer, f"{code} was replaced by {now}: write it in {now}", f"{code} 已由 {now} 取代：请用 {now} 填写")


def replaced(value: Any, pointer: str = "") -> Iterator[tuple[str, str, str]]:
    """Where a JSON value names a currency that was replaced: by JSON pointer, which, and what replaced it."""
    for name, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        at = f"{pointer}/{name}"
        named = [(at, part)] if name == ONE else [(f"{at}/{i}", code) for i, code in enumerate(part)] if _lists(name, part) else []
        yield from ((place, code, WITHDRAWN[code].replaced_by) for place, code in named if isinstance(code, str) and code in WITHDRAWN)
        yield from replaced(part, at)


def _lists(name: str | int, part: Any) -> bool:
    return name == SEVERAL and isinstance(part, list)
