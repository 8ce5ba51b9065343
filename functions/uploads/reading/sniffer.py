"""Which bytes a feed is made of: found out while it streams past, before any of it is read as text."""

import codecs

from charset_normalizer import from_bytes

from functions.uploads.feeds.feed import MAX_BYTES, FeedRefused
from functions.uploads.reading.container import Container, container_of

MAX_SAMPLE = 64 * 1024
CANDIDATES = ["gb18030", "cp1252"]
"""What is considered once a file is not UTF-8. Windows-1252 holds every printable character of Latin-1."""
PLAIN = "save the file as CSV, encoded in UTF-8"
WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Sniffer:
    """Looks at a file's bytes as they pass, keeps at most MAX_SAMPLE of them, and answers how they are encoded."""

    def __init__(self) -> None:
        self._size = 0
        self.container: Container = "delimited"
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        self._head = b""
        self._sample = bytearray()

    def see(self, block: bytes) -> None:
        """Look at the next block. Raises FeedRefused for an archive, for what is no text, and beyond MAX_BYTES."""
        if not self._size:
            self._head = block[:4096]
            self.container = container_of(self._head)
        self._size += len(block)
        if self._size > MAX_BYTES:
            raise FeedRefused("too-large", f"a feed may have {MAX_BYTES} bytes; split it into several")
        if self.container == "xlsx" or self._wide():
            return
        if b"\0" in block:
            raise FeedRefused("not-text", f"the file holds zero bytes, so it is binary or UTF-16: {PLAIN}")
        self._decode(block)
        if not block.isascii():
            self._keep(block)

    def encoding(self) -> str:
        """The codec to read the file with. Raises FeedRefused if none fits."""
        if self.container == "xlsx":
            return "utf-8"
        if wide := self._wide():
            return wide
        self._decode(b"", final=True)
        if self._utf8 is not None:
            return "utf-8-sig" if self._head.startswith(codecs.BOM_UTF8) else "utf-8"
        best = from_bytes(bytes(self._sample), cp_isolation=CANDIDATES, enable_fallback=False).best()
        if best is None:
            raise FeedRefused("wrong-encoding", f"the file is neither UTF-8 nor GB18030 nor Windows-1252: {PLAIN}")
        return str(best.encoding)

    def _wide(self) -> str:
        """UTF-16, as Excel's "Unicode text" is; by its mark alone."""
        return WIDE.get(self._head[:2], "")

    def _decode(self, block: bytes, *, final: bool = False) -> None:
        if self._utf8 is not None:
            try:
                self._utf8.decode(block, final)
            except UnicodeDecodeError:
                self._utf8 = None

    def _keep(self, block: bytes) -> None:
        for line in block.splitlines(keepends=True):
            if not line.isascii() and len(self._sample) < MAX_SAMPLE:
                self._sample += line[: MAX_SAMPLE - len(self._sample)]
