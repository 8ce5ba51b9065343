"""What a file is packed in, by its first bytes: its name is never believed."""

import zipfile
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
MAX_STRINGS = 80_000_000
"""Bytes of a workbook's shared texts, which are held in memory."""
MAX_PARTS = 2000


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


def check_workbook(file: BinaryIO) -> None:
    """Raises FeedRefused for a zip that is no workbook, and for one that unpacks to more than a feed may be."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FeedRefused("compressed", f"the file looks like a zip and cannot be opened: {SEND}") from error
    if "xl/workbook.xml" not in parts:
        raise FeedRefused("compressed", f"the file is a zip archive and no XLSX workbook; nothing else is unpacked: {SEND}")
    if len(parts) > MAX_PARTS or sum(parts.values()) > MAX_UNPACKED or parts.get("xl/sharedStrings.xml", 0) > MAX_STRINGS:
        raise FeedRefused("too-large", "the workbook unpacks to more than a feed may be: save the sheet as CSV, or split it into several")
