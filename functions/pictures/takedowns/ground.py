"""On what ground somebody asks that a picture be shown no more: a closed list, in words for whoever sent it."""

import json
from functools import cache
from pathlib import Path
from typing import Literal

TEXTS = Path(__file__).with_name("grounds.json")
Ground = Literal["copyright", "trademark", "likeness", "privacy", "unlawful"]


def words_of(ground: Ground, language: Literal["en", "zh"]) -> str:
    """What is said of the picture."""
    return _texts()[ground][language]


@cache
def _texts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(TEXTS.read_text(encoding="utf-8"))
    return found
