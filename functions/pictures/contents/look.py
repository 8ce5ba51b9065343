"""What pictures look like, as 64 bits: those that differ in a few are likely one picture, made anew. Hints for people, never a verdict.

A content lies under three bands of its bits. Two that differ in at most REACH bits differ in at most one within some band, so that
looking under each band as it is and with each of its bits turned finds them all: 67 keys, which are read and never written.
"""

from collections.abc import Iterator

BANDS = (21, 21, 22)
"""Bits of each, from the first."""
REACH = 5


def bands(look: str) -> list[str]:
    """Under which keys a content of this look lies."""
    return [_key(n, value) for n, (value, _) in enumerate(_split(look))]


def neighbours(look: str) -> Iterator[str]:
    """Under which keys all lie that look alike within REACH bits."""
    for n, (value, size) in enumerate(_split(look)):
        yield _key(n, value)
        yield from (_key(n, value ^ 1 << bit) for bit in range(size))


def distance(one: str, other: str) -> int:
    """Bits in which two looks differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _split(look: str) -> Iterator[tuple[int, int]]:
    left, rest = int(look, 16), sum(BANDS)
    for size in BANDS:
        rest -= size
        yield left >> rest & (1 << size) - 1, size


def _key(band: int, value: int) -> str:
    return f"look#{band}#{value:06x}"
