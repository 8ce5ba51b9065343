"""Part numbers, as they are compared."""

from shared.trade.words import words


def part_number(mpn: str) -> str:
    """A part number by `shared.trade.words`: `WH-1000XM4`, `wh 1000 xm4` are `wh1000xm4`; empty for signs alone."""
    return "".join(words(mpn))
