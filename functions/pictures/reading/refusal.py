"""Why a picture is not shown, told so that its supplier can mend it: a code that stays, and words in English and Chinese."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

TEXTS = Path(__file__).with_name("refusals.json")
Code = Literal[
    "wrong-type", "not-a-picture", "too-large", "too-many-pixels", "too-long", "animated", "damaged", "too-heavy", "other-bytes",
    "unreadable", "address", "not-served", "no-answer", "redirects",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusal:
    """`found`: what it is instead, or how many pixels it has, as far as the code's words ask for it."""

    code: Code
    found: str = ""

    def words(self, language: Literal["en", "zh"]) -> str:
        """What is wrong, and what to do."""
        return _texts()[self.code][language].format(found=self.found)


class Refused(Exception):
    """The file is no picture that can be shown."""

    def __init__(self, code: Code, found: str = "") -> None:
        super().__init__(code)
        self.refusal = Refusal(code, found)


@cache
def _texts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(TEXTS.read_text(encoding="utf-8"))
    return found
