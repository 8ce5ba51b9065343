"""What is wrong with an operator's file, by its line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Flaw:
    """`line` counts from 1; 0 is the file as a whole."""

    line: int
    detail: str


class Flawed(ValueError):
    """A file that cannot be loaded; nothing of it is."""

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__(f"{len(flaws)} flaws")
        self.flaws = flaws


def text_of(raw: bytes) -> str:
    """The file as text, with or without a byte-order mark. Raises Flawed."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Flawed([Flaw(line, "not UTF-8: save the file in that encoding")]) from error
