"""Ids as they come in a path."""

import re

from shared.errors import NotFound
from shared.ids import ID_PATTERN

ID = re.compile(ID_PATTERN)


def named(*ids: str) -> None:
    """Raises NotFound for what cannot be an id: it might be too long for a key, or the key of another thing than is asked for."""
    if not all(ID.fullmatch(text) for text in ids):
        raise NotFound("this is not an id of the hub")
