"""What a file is packed in, by its first bytes: its name is never believed."""

import zipfile
from collections.abc import Mapping
from typing import BinaryIO, Literal

from functions.uploads.feeds.feed import FeedRefused

Container = Literal["delimited", "jsonl", "xlsx", "xml"]
ARCHIVES = {
    b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"7z\xbc\xaf": "7z", b"\x28\xb5\x2f\xfd": "zstandard", b"Rar!": "rar",
    b"\xd0\xcf\x11\xe0": "an Excel file of before 2007 (xls)", b"%PDF": "a PDF",
}  # fmt: skip
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
SEND = "send it as CSV (UTF-8), XLSX, JSON lines or XML, and uncompressed"
MAX_UNPACKED = 400_000_000
"""Bytes that a workbook may unpack to, by its own directory."""
MAX_HELD = 80_000_000
"""Bytes of a workbook's parts that are held in memory: its shared texts, wherever they lie, its styles, all but its sheets."""
MAX_PARTS = 2000
CONTENTS, MAX_CONTENTS = "[Content_Types].xml", 1_000_000
BOOK, SHEET = "xl/workbook.xml", "worksheet+xml"


def container_of(head: bytes) -> Container:
    """What begins like `head`, 64 bytes or more of it. Raises FeedRefused for what is not read here."""
    for magic, name in ARCHIVES.items():
        if head.startswith(magic):
            raise FeedRefused("compressed", f"the file is {name}; that is not read here: {SEND}")
    if head.startswith(ZIP):
        return "xlsx"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[2:].replace(b"\0", b"").lstrip()
    if text.startswith(b"<"):
        return "xml"
    return "jsonl" if text.startswith((b"{", b"[")) else "delimited"


def _sheets(archive: zipfile.ZipFile, parts: Mapping[str, int]) -> set[str]:
    """The parts that are read row by row: what the workbook's list of contents says to be sheets, and to be nothing else."""
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415 (the splitter alone reads workbooks, and seldom)

    if not 0 < parts.get(CONTENTS, 0) <= MAX_CONTENTS:
        raise ValueError("there is no list of contents, or a very long one")
    entries = fromstring(archive.read(CONTENTS), forbid_dtd=True)
    listed = [(str(each.get("PartName")).lstrip("/"), str(each.get("ContentType"))) for each in entries]
    others = {name for name, kind in listed if not kind.endswith(SHEET)}
    return {name for name, _ in listed if name not in others and "sheet" in name}


def check_workbook(file: BinaryIO) -> None:
    """Raises FeedRefused for a zip that is no workbook, and for one that unpacks to more than a feed may be."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
            held = sum(parts.values()) - sum(parts.get(name, 0) for name in _sheets(archive, parts)) if BOOK in parts else 0
    except Exception as error:  # whatever the libraries make of bytes that no spreadsheet wrote
        raise FeedRefused("compressed", f"the file looks like a zip and cannot be opened: {SEND}") from error
    if BOOK not in parts:
        raise FeedRefused("compressed", f"the file is a zip archive and no XLSX workbook; nothing else is unpacked: {SEND}")
    if len(parts) > MAX_PARTS or sum(parts.values()) > MAX_UNPACKED or held > MAX_HELD:
        raise FeedRefused("too-large", "the workbook unpacks to more than a feed may be: save the sheet as CSV, or split it into several")
