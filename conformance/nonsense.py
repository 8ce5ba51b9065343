"""Bodies that no provider documents, and that one may sign all the same: a notice with each of its parts in turn of another kind."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

WHOLE = (b"null", b"[]", b"{}", b"7", b'"a text"', b"true", b"[" * 20_000, b'{"a":' * 20_000, b"", b"\xef\xbb\xbf{}", b"[null]", b"NaN")
PARTS: tuple[Any, ...] = (None, [], {}, 7, -1, 1.5, 10**30, True, "", "x", "\ud800", "x" * 5_000, [[]], [None], {"a": {"b": {}}})


def nonsense(body: bytes) -> Iterator[bytes]:
    """WHOLE, and `body`, if it is JSON, with one part after the other missing or replaced by each of PARTS."""
    yield from WHOLE
    try:
        document = json.loads(body)
    except ValueError:
        return
    for path in _paths(document):
        for part in PARTS:
            yield json.dumps(_changed(document, path, part)).encode()
        yield json.dumps(_without(document, path)).encode()


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield (*path, name)
        yield from _paths(part, (*path, name))


def _changed(document: Any, path: tuple[Any, ...], part: Any) -> Any:
    changed = deepcopy(document)
    holder = changed
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = part
    return changed


def _without(document: Any, path: tuple[Any, ...]) -> Any:
    changed = deepcopy(document)
    holder = changed
    for name in path[:-1]:
        holder = holder[name]
    del holder[path[-1]]
    return changed
