"""The state's writing is the end, whatever else would go on in the process. What was answered is kept before: it is written as it happens
(local/redo). At a stop in order a new base is written, from which the next start is quicker; the exit status says whether that was done."""

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ministack import app
from ministack.core import lambda_runtime

from local.mendings.functions import forks

log = logging.getLogger(__name__)


def mend(write: Callable[[], None]) -> None:
    """`write` writes a base. It raises OSError."""

    def write_and_end(_services: Any) -> None:
        failed = False
        try:
            write()
        except OSError as error:
            failed = True
            log.error("no new base could be written: %s", error)
        with suppress(Exception):
            lambda_runtime.reset()
            forks.end_zygote()
        os._exit(failed)

    app.save_all = write_and_end
