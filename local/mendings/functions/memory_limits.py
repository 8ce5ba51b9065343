"""A function's process may hold as much memory as the template's MemorySize says, as on Lambda. One that grows beyond it is ended: after
its call, or within it if it goes on. The next call begins with a fresh one. It is said, for on AWS its calls would fail.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psutil
from ministack.core import lambda_runtime

from local.conditions.memory import MB
from local.mendings.deliveries import short

LOOK_SECONDS = 1.0
log = logging.getLogger(__name__)
_news: dict[str, str] = {}
"""What nobody was told yet, by function."""


def limit_mb(worker: Any) -> int:
    return int(worker.config.get("MemorySize", 128))


def end_grown(worker: Any, held_mb: float, when: str) -> str:
    """End the worker's process if it holds more than it may; what is to be said of that, or nothing."""
    limit = limit_mb(worker)
    if held_mb <= limit:
        return ""
    name = short(worker.func_name)
    told = f"{name} grew to {held_mb:,.0f} MB, and has {limit:,} MB (MemorySize): its process was ended {when}; Lambda waits for nothing"
    log.warning(told)
    _news[name] = told
    worker._proc.terminate()
    return f"{told}\n"


def news() -> list[str]:
    """What was done since it was asked last: a sentence for each function."""
    told = list(_news.values())
    _news.clear()
    return told


def look() -> None:
    """End those that hold too much in the middle of a call."""
    for worker, pid in list(_at_work()):
        with suppress(psutil.Error):
            end_grown(worker, psutil.Process(pid).memory_info().rss / MB, "in the middle of a call")


def _at_work() -> Iterator[tuple[Any, int]]:
    with lambda_runtime._lock:
        workers = [worker for pool in lambda_runtime._workers.values() for worker in pool if worker.in_use]
    for worker in workers:
        if (process := worker._proc) is not None:
            yield worker, process.pid
