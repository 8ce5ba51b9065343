"""What happened in one schedule, short enough to be read, and its fingerprint: the same seed must give the same."""

import hashlib
from collections import deque
from collections.abc import Callable
from datetime import datetime

KEPT = 300
"""Lines of the end of a history."""


class History:
    """Lines with their times."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self._digest = now, hashlib.sha256()
        self.lines: deque[str] = deque(maxlen=KEPT)

    def add(self, text: str, *, shown: bool = True) -> None:
        """`shown`: whether a reader needs the line, with its time; the fingerprint holds it in any case."""
        if shown:
            text = f"{self._now().isoformat(' ', 'microseconds')[5:26]} {text}"
            self.lines.append(text)
        self._digest.update(text.encode())

    @property
    def fingerprint(self) -> str:
        """Of all lines, those that are not kept included."""
        return self._digest.hexdigest()[:16]
