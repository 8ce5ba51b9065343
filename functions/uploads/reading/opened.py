"""A file opened as its lines, whatever it is packed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from functions.uploads.mapping.recognise import KnownNames
from functions.uploads.reading.container import Container
from functions.uploads.reading.delimited import delimited
from functions.uploads.reading.json_lines import JsonLines
from functions.uploads.reading.line import Lines
from functions.uploads.reading.mixed_encodings import OfOneEncoding
from functions.uploads.reading.workbook import Workbook
from functions.uploads.reading.xml_items import XmlItems

UNICODE = ("utf-8", "utf-8-sig", "utf-16")


@contextmanager
def opened(path: Path, container: Container, encoding: str, known: KnownNames | None = None) -> Iterator[Lines]:
    """`encoding` is of text alone: XML and workbooks say their own. Raises FeedRefused, while it is read too."""
    known = known or KnownNames()
    if container == "xlsx":
        with path.open("rb") as file:
            yield Workbook(file, known)
    elif container == "xml":
        yield XmlItems(path)
    else:
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            read = text if encoding in UNICODE else OfOneEncoding(text, encoding)
            yield JsonLines(read) if container == "jsonl" else delimited(read, known)
