"""Something is done over and over, in a thread of its own."""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)


def every(seconds: float, do: Callable[[], object], sleep: Callable[[float], None] = time.sleep) -> None:
    """Do it, for ever, after each pause of `seconds`; what fails is logged, and done again after the next."""

    def go_on() -> None:
        while True:
            sleep(seconds)
            try:
                do()
            except Exception:
                log.exception("what is done every %s seconds failed", seconds)

    threading.Thread(target=go_on, daemon=True).start()
