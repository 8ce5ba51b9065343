"""Which pictures stand beside the lines of a cart, as a form's hidden field from page to page: `img_… - img_…`, in the order of the lines.

By it orders shows them without asking anybody. It is not signed: whatever is written there, a page loads pictures of the hub's own alone.
"""

import re
from collections.abc import Iterable, Sequence

from shared.pictures.shown_picture import SIZES, media_key

CONTENT = re.compile(r"img_[0-9A-HJKMNP-TV-Z]{26}")
NONE = "-"
MOST_FIELD = 2000
"""Characters: fifty lines."""
THUMB = SIZES[0]


def as_field(contents: Iterable[str | None]) -> str:
    """`contents`: the content of each line's picture, None for a line without one; empty where no line has one."""
    told = [each or NONE for each in contents]
    return " ".join(told) if set(told) - {NONE} else ""


def thumbs(field: str, lines: int, media_url: str) -> Sequence[str]:
    """The address of each line's picture, empty for none; what is no picture, or of another cart, is none."""
    told = field[:MOST_FIELD].split()
    if len(told) != lines:
        return [""] * lines
    return [f"{media_url}/{media_key(each, THUMB)}" if CONTENT.fullmatch(each) else "" for each in told]
