"""How many processes a function has: a few, the last used first; who comes when all are at work waits, and idle ones end."""

import os
import threading
import time
from typing import Any

from ministack.core import lambda_runtime

MOST = int(os.environ.get("MONSOON_WORKERS", "2"))
"""Processes of one function."""
IDLE_SECONDS = 20.0
_free = threading.Condition(lambda_runtime._lock)
"""Told when a worker is given back."""


def acquire(func_name: str, config: dict[str, Any], code_zip: bytes, qualifier: str = "$LATEST",
            max_concurrency: int | None = None) -> tuple[lambda_runtime.Worker | None, str]:  # fmt: skip
    """A worker of the function that has nothing to do, the last that had, or a new one; where there are as many as may be, whoever comes
    waits for one. `(None, "func_cap")`, a throttle, after the function's timeout."""
    key, most = lambda_runtime._worker_key(func_name, config, qualifier), max_concurrency or MOST
    with _free:
        pool = lambda_runtime._workers.setdefault(key, [])
        if not _free.wait_for(lambda: len(pool) < most or any(not worker.in_use for worker in pool), float(config.get("Timeout", 30))):
            return None, "func_cap"
        idle = max((worker for worker in pool if not worker.in_use), key=lambda worker: worker.last_used, default=None)
        found = idle or lambda_runtime._worker_class_for(config)(func_name, config, code_zip)
        if idle is None:
            pool.append(found)
        found.in_use, found.last_used = True, time.time()
        return found, "spawn" if idle is None else "reused"


def release(worker: lambda_runtime.Worker | None) -> None:
    """Give a worker back."""
    if worker is not None:
        with _free:
            worker.in_use, worker.last_used = False, time.time()
            _free.notify()


def end_idle(seconds: float = IDLE_SECONDS) -> int:
    """End every worker that has had nothing to do for so long; how many."""
    now, ended = time.time(), []
    with _free:
        for pool in lambda_runtime._workers.values():
            ended += [worker for worker in pool if not worker.in_use and now - worker.last_used >= seconds]
            pool[:] = [worker for worker in pool if worker not in ended]
    lambda_runtime.kill_workers(ended)
    return len(ended)
