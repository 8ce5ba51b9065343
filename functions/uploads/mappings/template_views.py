"""Empty files to fill, one of each format that can be written by hand."""

import json
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import Field

from shared.api.payload import View
from shared.errors import NotFound

TEMPLATES = Path(__file__).with_name("templates.json")


class TemplateView(View):
    name: str = Field(description="what to save it as", examples=["monsoon.csv"])
    content_type: str
    text: str = Field(description="the file")

    @classmethod
    def of(cls, format: str) -> Self:
        """Raises NotFound, which names those that there are."""
        found = _templates().get(format)
        if found is None:
            raise NotFound(f"there are templates of {', '.join(_templates())}")
        return cls(**found)


@cache
def _templates() -> dict[str, dict[str, str]]:
    held: dict[str, dict[str, str]] = json.loads(TEMPLATES.read_text(encoding="utf-8"))
    return held
