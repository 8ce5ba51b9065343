"""Which bytes a feed is made of: found out while it streams past, before any of it is read as text."""

import codecs

from functions.uploads.feeds.feed import MAX_BYTES, FeedHeld, FeedRefused
from functions.uploads.reading.container import Container, container_of
from functions.uploads.reading.guessed_encoding import guessed_encoding, shown
from functions.uploads.reading.mixed_encodings import counted

MAX_SAMPLE = 64 * 1024
MOST_READINGS = 6
PLAIN = "save the file as CSV, encoded in UTF-8"
WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Sniffer:
    """Looks at a file's bytes as they pass, keeps at most MAX_SAMPLE of them, and answers how they are encoded."""

    def __init__(self, said: str | None = None) -> None:
        self._said, self._size = said, 0
        self._tail = b""
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
        if not block.isascii() or self._tail:
            self._keep(block)

    def encoding(self) -> str:
        """The codec to read the file with. Raises FeedRefused if none fits."""
        if self.container in ("xlsx", "xml"):
            return "utf-8"
        if self._said:
            return self._as_said(self._said)
        if wide := self._wide():
            return wide
        self._decode(b"", final=True)
        if self._utf8 is not None:
            return "utf-8-sig" if self._head.startswith(codecs.BOM_UTF8) else "utf-8"
        in_utf8, others = counted(self._whole_lines().splitlines(keepends=True))
        if in_utf8 >= len(others):
            return "utf-8"
        sample = b"".join(others)
        guess = guessed_encoding(sample)
        if guess is None:
            raise FeedRefused("wrong-encoding", f"the file is in none of the encodings that are known here: {PLAIN}")
        if not guess.is_sure:
            readings = shown(sample, guess.readings[:MOST_READINGS])
            detail = f"the file is no UTF-8, and may be {', '.join(readings)}: confirm the encoding that reads right, or {PLAIN}"
            raise FeedHeld("encoding-unsure", detail, {"readings": readings})
        return guess.encoding

    def _as_said(self, encoding: str) -> str:
        """Raises FeedRefused if the bytes are not what they are said to be; UTF-16 is known by its mark alone."""
        try:
            if bool(self._wide()) != (encoding == "utf-16"):
                raise UnicodeError
            self._whole_lines().decode(encoding if encoding != "utf-16" else "utf-8")
        except UnicodeError:
            raise FeedRefused("wrong-encoding", f"the file is not {encoding}: leave the encoding out, or {PLAIN}") from None
        return "utf-8-sig" if encoding == "utf-8" else encoding

    def _whole_lines(self) -> bytes:
        """The sample without a line, and so a character, that is cut at its end."""
        sample = bytes(self._sample) or self._tail
        return sample if len(sample) < MAX_SAMPLE else sample[: sample.rfind(b"\n") + 1] or sample

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
        """Keep whole lines with bytes beyond ASCII: a line that a block cuts goes on in the next."""
        lines = (self._tail + block).splitlines(keepends=True)
        self._tail = lines.pop()[:MAX_SAMPLE] if not block.endswith(b"\n") and len(lines) > 1 else b""
        for line in lines:
            if not line.isascii() and len(self._sample) < MAX_SAMPLE:
                self._sample += line[: MAX_SAMPLE - len(self._sample)]
