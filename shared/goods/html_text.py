"""The text of a description's HTML, as it is kept: the few tags of TAGS, none with an attribute, and everything else escaped."""

import html
import re

TAGS = frozenset(
    "p br ul ol li h2 h3 h4 blockquote table thead tbody tr th td b strong i em u s sub sup".split()  # noqa: SIM905 (read as one line)
)
"""What makes paragraphs, lists, headings, tables and stress; no link, no picture, nothing that runs or loads."""
MOST_HTML = 10_000
"""Characters of it, as it is kept."""
_CELL = re.compile(r"</?(?:th|td)>")
_LINE = re.compile(r"</?(?:p|br|ul|ol|li|h2|h3|h4|blockquote|table|thead|tbody|tr)>")
_OTHER = re.compile(r"</?[a-z0-9]+>")


def html_text(kept: str) -> str:
    """Its words in lines, as people read it. What stands within a word, as <b> may, leaves the word whole."""
    lines = _OTHER.sub("", _LINE.sub("\n", _CELL.sub(" ", " ".join(kept.split())))).split("\n")
    return "\n".join(line for each in lines if (line := " ".join(html.unescape(each).split())))
