"""The state's writing is the end: the exit status says whether all of it was written, whatever else would go on in the process."""

import logging
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ministack import app
from ministack.core import lambda_runtime, persistence

TRIES = 100
"""A state that changes while it is copied is copied again so often. It is a matter of microseconds which of the two is first."""


class Failures(logging.Handler):
    """What was not written, because the disk is full, perhaps: the emulator logs that and goes on."""

    found = False

    def emit(self, record: logging.LogRecord) -> None:
        self.found = True


def mend() -> None:
    save_all = app.save_all

    def save_and_end(services: Mapping[str, Callable[[], Any]]) -> None:
        failures = Failures(logging.ERROR)
        persistence.logger.addHandler(failures)
        save_all({name: _copied(get_state) for name, get_state in services.items()})
        with suppress(Exception):
            lambda_runtime.reset()
        os._exit(failures.found)

    app.save_all = save_and_end


def _copied(get_state: Callable[[], Any]) -> Callable[[], Any]:
    """`get_state` of a service, though somebody writes to it still: a function that was cut off says its last words to the logs."""

    def state() -> Any:
        for _ in range(TRIES):
            with suppress(RuntimeError):  # "changed size during iteration"
                return get_state()
        return get_state()

    return state
