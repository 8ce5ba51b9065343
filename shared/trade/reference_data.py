"""Operator's data (taxonomy, word lists, dangerous goods): versioned JSON documents in one bucket, read through a small cache.

`reference/<name>/current.json` says `{"version": "…"}`, and `reference/<name>/<version>.json` is the document. `python -m
tools.load` writes the document first and the pointer last, so that a reader sees the old list or the new one, never half.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from shared.errors import Unavailable
from shared.trade.fx import NO_RATES, REFERENCE, Rates

MAX_AGE = 60.0
"""Seconds until a newly loaded list is seen."""


class Objects(Protocol):
    """Where documents lie: S3 in the cloud, a dict in a test."""

    def get(self, key: str) -> bytes | None:
        """The object's bytes, or None if there is none."""
        ...

    def put(self, key: str, body: bytes) -> None: ...


class Reference:
    """Reads the current version of each document; at most one look at the pointer a minute and document."""

    def __init__(self, objects: Objects, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._objects, self._monotonic = objects, monotonic
        self._kept: dict[str, tuple[float, str, Any]] = {}

    def document(self, name: str, read: Callable[[Any], Any] = lambda found: found) -> Any:
        """The document `name` as `read` turns it into something quick to ask; `read` runs once a version.

        Raises Unavailable if the operator has not loaded it: no rule is skipped because its list is missing.
        """
        looked, version, kept = self._kept.get(name, (0.0, "", None))
        if version and self._monotonic() < looked + MAX_AGE:
            return kept
        pointer = self._objects.get(f"reference/{name}/current.json")
        if pointer is None:
            raise Unavailable(f"the operator has not loaded {name}: see `python -m tools.load --help`")
        current = str(json.loads(pointer)["version"])
        if current != version:
            kept = read(json.loads(self._objects.get(f"reference/{name}/{current}.json") or b"null"))
        self._kept[name] = (self._monotonic(), current, kept)
        return kept

    def in_language(self, kind: str, language: str, read: Callable[[str, Any], Any]) -> Any:
        """The document of this kind in `language`, else in its base language, else in English, as `read(tag, rows)` turns it.

        Raises Unavailable if none of them is loaded.
        """
        *wished, last = dict.fromkeys((language, language.split("-")[0], "en"))
        for tag in wished:
            try:
                return self._told_in(tag, kind, read)
            except Unavailable:
                continue
        return self._told_in(last, kind, read)

    def _told_in(self, tag: str, kind: str, read: Callable[[str, Any], Any]) -> Any:
        return self.document(f"{kind}/{tag}", lambda rows: read(tag, rows))


def day_rates(reference: Reference) -> Rates:
    """The exchange rates that the operator loaded last, known within a minute; NO_RATES if none are loaded."""
    try:
        found: Rates = reference.document(REFERENCE, Rates.of)
    except Unavailable:
        return NO_RATES
    return found


def load(objects: Objects, name: str, version: str, document: Mapping[str, Any] | list[Any]) -> None:
    """Make `document` the current version of `name`."""
    objects.put(f"reference/{name}/{version}.json", json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    objects.put(f"reference/{name}/current.json", json.dumps({"version": version}).encode())
