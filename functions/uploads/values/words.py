"""What is told of a cell that cannot be read, in English and Chinese: what to write, never a pattern."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from functions.uploads.feeds.feed import Fault

TEXTS = Path(__file__).with_name("words.json")
REFUSALS = Path(__file__).with_name("refusals.json")


class Unreadable(ValueError):
    """A cell does not say what its field asks for. `key` names the text in words.json, `values` fill it."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(text_of(key, "en", values))
        self.key, self.values = key, values


@cache
def _texts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(TEXTS.read_text(encoding="utf-8"))
    return found


@cache
def refusals() -> dict[str, str]:
    """Why a whole file was not read, by its code, in Chinese."""
    found: dict[str, str] = json.loads(REFUSALS.read_text(encoding="utf-8"))
    return found


def text_of(key: str, language: str, values: dict[str, Any]) -> str:
    return _texts()[key][language].format(**values)


def has(key: str) -> bool:
    return key in _texts()


def fault(column: str, key: str, code: str = "invalid", row: int | None = None, **values: Any) -> Fault:
    """The fault of a column, in both languages."""
    return Fault(column=column, code=code, detail=text_of(key, "en", values), detail_zh=text_of(key, "zh", values), row=row)
