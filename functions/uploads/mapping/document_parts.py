"""Parts of a product's document: its texts, labels, addresses of pictures, and codes that set variants apart."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from functions.uploads.mapping.cells import Cell, Fields
from functions.uploads.mapping.fields import OPERATOR, TEXT, WARNINGS
from functions.uploads.mapping.grouped import Grouped, bounded_code
from shared.pictures.by_address import MOST_FETCHED, written
from shared.trade.folding import fold

PARTS = {"address": "lines", "postcode": "postal_code", "email": "electronic_address"}
"""Our columns' names for an operator's parts, where the product's differ."""
MAX_URLS = 20_000
MOST_NAME, MOST_VALUE, MOST_ATTRIBUTES = 60, 100, 40
"""As a product's attributes are bounded."""
URL = re.compile(r"(?<![^|\s,])https?://")
"""Where an address begins: at the cell's beginning, or after what stands between addresses."""


def urls(cell: Cell | None) -> tuple[str, ...]:
    """Addresses of pictures, once each: as many of the first as MAX_URLS characters hold, and as a product may name."""
    found = dict.fromkeys(written(url) for text in (cell.texts if cell else ()) for url in _addresses(text))
    held, length = list[str](), 0
    for url in found:
        length += len(url)
        if length > MAX_URLS or len(held) == MOST_FETCHED:
            break
        held.append(url)
    return tuple(held)


def _addresses(text: str) -> Iterator[str]:
    """What stands before the first is told as it is: it may be an address without its scheme."""
    starts = [found.start() for found in URL.finditer(text)]
    for begin, end in pairwise([*dict.fromkeys((0, *starts)), len(text)]):
        if url := text[begin:end].strip("| \t\r\n,"):
            yield url


def texts(fields: Fields) -> dict[str, dict[str, Any]]:
    """The texts by language; a language with neither title nor description is left out."""
    texts: dict[str, dict[str, Any]] = {}
    for name, cell in fields.items():
        if found := TEXT.match(name):
            texts.setdefault(found[2], {"title": ""})[found[1]] = list(cell.texts) if found[1] == "bullets" else cell.text
    return texts


def attributes(group: Grouped) -> list[dict[str, Any]]:
    """What its rows name beside its options and agree upon, such as a colour that all have: it describes the product."""
    found: dict[str, dict[str, set[str]]] = {}
    for name, value in (pair for line in group.lines for pair in line.options):
        found.setdefault(fold(name), {}).setdefault(name, set()).add(value)
    options = {fold(name) for name in group.names}
    told = [(next(iter(names)), set().union(*names.values())) for key, names in found.items() if key not in options]
    return [
        {"name": name, "values": list(values)}
        for name, values in told
        if len(values) == 1 and not name.startswith("#") and len(name) <= MOST_NAME and len(next(iter(values))) <= MOST_VALUE
    ][:MOST_ATTRIBUTES]


def safety(fields: Fields) -> dict[str, Any] | None:
    """Who answers for it and what is to be known, as far as the fields say it; None where no more is said than a maker's name."""
    found: dict[str, dict[str, Any]] = {}
    for name, cell in fields.items():
        if said := OPERATOR.match(name):
            found.setdefault(said[1], {})[PARTS.get(said[2], said[2])] = _operators(said[2], cell.text)
        elif said := WARNINGS.match(name):
            found.setdefault("warnings", {})[said[1]] = cell.text
    return found if any(len(part) > 1 or role == "warnings" for role, part in found.items()) else None


def _operators(part: str, text: str) -> str | list[str]:
    if part == "address":
        return [line.strip() for line in re.split(r"[|\n]", text) if line.strip()]
    return text.upper() if part == "country" else text


def set_apart(variants: list[dict[str, Any]]) -> None:
    """Give variants that share one code, as shop systems let them, codes of their own by their options."""
    shared = {code for code, times in Counter(variant["sku"] for variant in variants).items() if times > 1}
    for variant in variants:
        if variant["sku"] in shared:
            variant["sku"] = bounded_code("-".join((variant["sku"], *variant["options"].values())))


def labels(texts: tuple[str, ...]) -> list[str]:
    """A shop system's tags as ours: small letters, a dash between words; the first 20 that are no longer than ours may be."""
    words = ("-".join(re.split(r"[\s,;|#]+", text.lower().strip(" ,;|#"))) for text in texts)
    return [word for word in dict.fromkeys(words) if 0 < len(word) <= 40][:20]


def several(cell: str) -> Iterator[str]:
    return (value.strip() for value in cell.replace(",", "|").split("|") if value.strip())
