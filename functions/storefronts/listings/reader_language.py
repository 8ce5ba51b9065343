"""Which of a storefront's languages a shopper reads (RFC 9110, 12.5.4; lookup of RFC 4647)."""

import re
from collections.abc import Iterable, Sequence

RANGE = re.compile(r"^\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3}|\*)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$")
CONSIDERED = 10
"""Ranges of the header that are looked at; browsers send fewer."""


def language_of(wished: str | None, accept: str, offered: Sequence[str]) -> str:
    """The language to answer in: `wished` as it is, else the best of `offered` for an Accept-Language header, else the first."""
    if wished:
        return wished
    by_lower = {tag.lower(): tag for tag in offered}
    for tag in _ranges(accept):
        parts = tag.lower().split("-")
        for length in range(len(parts), 0, -1):
            found = by_lower.get("-".join(parts[:length])) or _longer(parts[:length], offered)
            if found:
                return found
    return offered[0]


def _longer(parts: list[str], offered: Iterable[str]) -> str | None:
    start = "-".join(parts) + "-"
    return next((tag for tag in offered if tag.lower().startswith(start)), None)


def _ranges(accept: str) -> list[str]:
    """The header's language ranges, the most wished first; what cannot be read is passed over, `q=0` and `*` too."""
    read = [RANGE.match(part) for part in accept.split(",")[:CONSIDERED]]
    weighted = [((found[2] or "1").ljust(5, "0") if found[2] != "1" else "1", found[1]) for found in read if found]
    return [tag for weight, tag in sorted(weighted, key=lambda pair: pair[0], reverse=True) if tag != "*" and weight.strip("0.")]
