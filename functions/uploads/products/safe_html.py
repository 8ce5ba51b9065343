"""HTML as suppliers send it becomes what any page may show as it is. The only file that knows nh3, by which Mozilla's ammonia decides."""

import re
from collections.abc import Iterable
from html import escape

from shared.goods.html_text import MOST_HTML, TAGS, html_text
from shared.trade.product import Product, Text

MOST_TEXT = 5000
"""Characters of a description."""

ROUNDS = 6
"""A page reads what is kept as HTML once more, and tags that stand where none may (a list's in a table) then move: until they stay. What
moves still is kept as its text."""


BLOCK = re.compile(
    r"<(/?)(?:div|section|article|header|footer|aside|main|figure|figcaption|address|center|pre|dl|dt|dd|h1|h5|h6)(?=[\s/>])", re.I
)
"""Tags that begin a line of their own and are not kept: without a paragraph in their place two lines are one word."""


def text_of(html: str, lines: Iterable[str], unseen: Iterable[str]) -> str:
    """`html` with the tags `lines` alone, balanced, and nothing of what is `unseen`: in the time that its length takes."""
    import nh3  # noqa: PLC0415 (as below)

    return nh3.clean(html, tags=set(lines), attributes={}, clean_content_tags=set(unseen), link_rel=None)


def safe_html(sent: str) -> str:
    """`sent` with the tags of TAGS alone: others go and leave their text, but scripts and styles go with it. Twice changes nothing."""
    kept = BLOCK.sub(r"<\1p", sent)
    for _ in range(ROUNDS):
        before, kept = kept, _cleaned(kept)
        if kept == before:
            return kept
    return escape(html_text(kept), quote=False)


def _cleaned(sent: str) -> str:
    import nh3  # noqa: PLC0415 (most products have no HTML, and the library takes 2 MB)

    return nh3.clean(sent, tags=set(TAGS), attributes={}, strip_comments=True, link_rel=None).replace("<p></p>", "").strip()


def with_safe_html(product: Product) -> Product:
    """The product, its HTML made safe; a description that its supplier left empty is the HTML's text."""
    if not any(text.description_html for text in product.texts.values()):
        return product
    return product.model_copy(update={"texts": {tag: _safe(text) for tag, text in product.texts.items()}})


def _safe(text: Text) -> Text:
    if not text.description_html:
        return text
    kept = safe_html(text.description_html)
    read = html_text(kept)
    told = {"description_html": kept if read else None, "description": text.description or _cut(read)}
    return text.model_copy(update=told)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"


def is_too_long(text: Text) -> bool:
    """Whether its HTML has become longer than is kept: an ampersand alone takes five characters."""
    return len(text.description_html or "") > MOST_HTML
