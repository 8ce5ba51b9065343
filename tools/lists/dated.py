"""What a list says of itself: what it was made from, and on which day. One that came out the same is left as it is, with its day."""

import re
from datetime import date
from importlib.metadata import version
from pathlib import Path

TAIL = "; make data"
DAY = re.compile(rf"\d{{4}}-\d\d-\d\d(?={TAIL})")


def package(name: str, called: str = "") -> str:
    """An installed package with its version, by the name that people know it by."""
    return f"{called or name} {version(name)}"


def source(*made_from: str, today: date | None = None) -> str:
    """The line that says so."""
    return f"{', '.join(made_from)}; {today or date.today():%Y-%m-%d}{TAIL}"  # noqa: DTZ011 (the day where it is made)


def write(path: Path, text: str) -> bool:
    """Write `text`, unless nothing but the day is other than in what is there; whether it was written."""
    if path.exists() and DAY.sub("", path.read_text(encoding="utf-8")) == DAY.sub("", text):
        return False
    path.write_text(text, encoding="utf-8")
    return True
