"""An operator's list, from its files to the hub: read and checked as a whole, named, and loaded under a version that is its content."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hubclient.reference.attributes import add_attributes
from hubclient.reference.dangerous_goods import dangerous_goods
from hubclient.reference.flaw import Flawed
from hubclient.reference.fx import Day, rates
from hubclient.reference.google_categories import add_google_categories
from hubclient.reference.taxonomy import categories
from hubclient.reference.words import terms
from shared.trade.reference_data import Objects, load

ADDING = {"attributes": add_attributes, "google-categories": add_google_categories}
"""Kinds of several files, each of which adds to the ones before."""
SHOWN = 20
"""Flaws of one file that are printed."""


class Unreadable(Exception):
    """A file cannot be loaded; the text names each flaw by file and line."""


def document(kind: str, files: Sequence[Path], weight: str = "review", day: str = "") -> list[Any] | Day:
    """The reference document in `files`; later files of words add to the earlier. Raises Unreadable."""
    rows: list[Any] = []
    words: dict[str, str] = {}
    if kind == "fx" and len(files) > 1:
        raise Unreadable("fx: name one file")
    for file in files:
        try:
            raw = file.read_bytes()
            if kind == "fx":
                return rates(raw, day)
            if kind == "words":
                words |= terms(raw, weight)
            elif kind in ADDING:
                ADDING[kind](rows, raw)
            else:
                rows += categories(raw) if kind == "taxonomy" else dangerous_goods(raw)
        except OSError as error:
            raise Unreadable(f"{file}: {error.strerror}") from error
        except Flawed as error:
            shown = [f"{file}:{flaw.line}: {flaw.detail}" for flaw in error.flaws[:SHOWN]]
            more = len(error.flaws) - len(shown)
            raise Unreadable("\n".join(shown + ([f"{file}: and {more} more lines"] if more else []))) from error
    return rows or [[term, own] for term, own in words.items()]


def name_of(kind: str, language: str) -> str:
    """The document's name in the hub."""
    return kind if kind in ("dangerous-goods", "fx", "google-categories") else f"{kind}/{language}"


def version_of(rows: list[Any] | Day) -> str:
    """A short text that is the same for the same content."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:16]


def load_document(objects: Objects, kind: str, language: str, rows: list[Any] | Day) -> str:
    """Make `rows` the hub's document of this kind; answers its version."""
    version = version_of(rows)
    load(objects, name_of(kind, language), version, rows)
    return version
