"""Says what a person waits for."""

import time
from collections.abc import Callable

Say = Callable[[str], None]
SAYING_SECONDS = 3.0


class Sayer:
    """Says what takes long: at once or, with a `text`, after `first` seconds, and again every SAYING_SECONDS."""

    def __init__(self, say: Say, text: str = "", first: float = SAYING_SECONDS) -> None:
        self._say, self._text, self._next = say, text, time.monotonic() + (first if text else 0)

    def wait(self, text: str = "") -> None:
        if time.monotonic() >= self._next:
            self._say(text or self._text)
            self._next = time.monotonic() + SAYING_SECONDS
