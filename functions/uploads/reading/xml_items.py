"""Google Merchant XML (RSS 2.0 and Atom with `g:` elements), an item at a time.

A document type is refused, and with it every entity but XML's own five: nothing outside is read, nothing is expanded.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from functions.uploads.feeds.feed import FeedRefused
from functions.uploads.reading.line import MAX_COLUMNS, Line
from functions.uploads.reading.named_cells import NamedCells

ITEMS = ("item", "entry", "product", "offer")
MAX_DEPTH = 30
MAX_ITEM = 2000
ONE = "give each product an <item> of its own"
"""Elements in one item."""
GOOGLE = ("{http://base.google.com/ns/1.0}", "{http://base.google.com/cns/1.0}")
SEVERAL = "|"
"""Between the values of an element that comes several times."""


class XmlItems:
    """reading.line.Lines."""

    def __init__(self, path: Path) -> None:
        self._path, self._cells = path, NamedCells(MAX_COLUMNS)
        self.columns = self._cells.columns

    def __iter__(self) -> Iterator[Line]:
        from defusedxml.common import DefusedXmlException  # noqa: PLC0415 (the splitter alone reads XML, and seldom)
        from defusedxml.ElementTree import ParseError, iterparse  # noqa: PLC0415

        try:
            with self._path.open("rb") as file:
                yield from self._items(iterparse(file, events=("start", "end"), forbid_dtd=True))
        except DefusedXmlException as error:
            raise FeedRefused("unsafe-xml", "the file has a document type or entities: leave <!DOCTYPE …> and <!ENTITY …> out") from error
        except (ParseError, LookupError, ValueError) as error:
            raise FeedRefused("not-xml", f"the file is not well-formed XML ({str(error)[:100]}): export it anew") from error

    def _items(self, events: Any) -> Iterator[Line]:
        """Each item is let go when it has been read, and so is what stands between the items."""
        open_elements: list[Any] = []
        number = inside = held = 0
        for event, element in events:
            name = _local(element.tag)
            if event == "start":
                open_elements.append(element)
                inside += inside > 0 or name in ITEMS
                held = held + 1 if inside else 0
                if len(open_elements) > MAX_DEPTH or held > MAX_ITEM:
                    raise FeedRefused(
                        "unsafe-xml", f"an item has more than {MAX_ITEM} elements, or they lie deeper than {MAX_DEPTH}: {ONE}"
                    )
                continue
            open_elements.pop()
            inside -= inside > 0
            if not inside:
                held = 0
                if name in ITEMS:
                    number += 1
                    yield self._cells.line(number, _values(element))
                element.clear()
                if open_elements:
                    open_elements[-1].clear()


def _values(item: Any) -> dict[str, str]:
    """The item's elements by local name; what lies deeper by both names, such as `shipping.price`.

    Of `<id>` and `<g:id>` Google's own counts: Atom and RSS mean other things by these names.
    """
    found: dict[str, list[str]] = defaultdict(list)
    googles = {_local(child.tag) for child in item if _is_googles(child.tag)}
    for child in item:
        if _local(child.tag) in googles and not _is_googles(child.tag):
            continue
        name = _local(child.tag)
        inner = [(f"{name}.{_local(part.tag)}", part.text) for part in child] if len(child) else [(name, child.text)]
        for key, text in inner:
            if text and text.strip():
                found[key].append(text.strip())
    return {name: SEVERAL.join(values[:50]) for name, values in found.items()}


def _is_googles(tag: Any) -> bool:
    return str(tag).startswith(GOOGLE)


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2].lower()
