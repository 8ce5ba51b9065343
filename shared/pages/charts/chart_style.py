"""The style of charts: pages that have none do not carry it."""

from functools import cache
from pathlib import Path


@cache
def chart_css() -> str:
    """Behind the style of every page."""
    lines = Path(__file__).with_name("charts.css").read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in lines if not line.startswith("/*"))
