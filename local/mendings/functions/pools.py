"""How many processes a function has: a few, the last used first; who comes when all are at work waits, and idle ones end."""

import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import psutil
from ministack.core import lambda_runtime

MOST = int(os.environ.get("MONSOON_WORKERS", "2"))
"""Processes of one function."""
STUCK_MOST = 20
"""If they hang: one merchant's provider that does not answer shall stop nobody else."""
PATIENCE_SECONDS = 0.25
IDLE_SECONDS, LOOK_SECONDS = 20.0, 5.0
_calls = WeakKeyDictionary[Any, int]()
"""How many each worker has done."""
_given_back = Counter[str]()
"""How often a worker was, by pool."""
_free: dict[str, threading.Condition] = defaultdict(lambda: threading.Condition(lambda_runtime._lock))
"""By pool: tells one who waits that a worker is given back."""


def done(pool: list[Any]) -> list[float]:
    """What each worker's process has done so far, in CPU seconds, to a hundredth; 0 of one that has none. Busy is not stuck."""
    return [_cpu_s(getattr(worker._proc, "pid", None)) for worker in pool]


def _cpu_s(pid: int | None) -> float:
    if pid is not None:
        with suppress(psutil.Error):
            times = psutil.Process(pid).cpu_times()
            return float(times.user + times.system)
    return 0.0


def acquire(func_name: str, config: dict[str, Any], code_zip: bytes, qualifier: str = "$LATEST",
            max_concurrency: int | None = None, *, look: Callable[[list[Any]], list[float]] = done,
            ) -> tuple[lambda_runtime.Worker | None, str]:  # fmt: skip
    """A worker of the function that has nothing to do, the last that had, or a new one. Where there are as many as may be, whoever comes
    waits for one that is given back; where none is, for a while, and none of them does anything, all of them hang, and one more is made,
    up to `STUCK_MOST`. `look`: what each has done so far.

    `(None, "func_cap")`, a throttle, after the function's timeout.
    """
    key, most = lambda_runtime._worker_key(func_name, config, qualifier), max_concurrency or MOST
    until, before = time.monotonic() + float(config.get("Timeout", 30)), None
    with lambda_runtime._lock:
        while True:
            pool = lambda_runtime._workers.setdefault(key, [])
            idle = max((worker for worker in pool if not worker.in_use), key=lambda worker: worker.last_used, default=None)
            if idle is not None or len(pool) < most:
                return _taken(idle, pool, lambda_runtime._worker_class_for(config), (func_name, config, code_zip))
            if _one_is_given_back(key, min(PATIENCE_SECONDS / 2, max(0.0, until - time.monotonic()))):
                before = None
            else:
                now = look(pool)
                most = min(len(pool) + 1, max_concurrency or STUCK_MOST) if now == before else most
                before = now
            if time.monotonic() > until:
                return None, "func_cap"


def _one_is_given_back(key: str, seconds: float) -> bool:
    """Whether that happens within so long."""
    before = _given_back[key]
    return _free[key].wait_for(lambda: _given_back[key] != before, seconds)


def _taken(idle: Any, pool: list[Any], kind: type[lambda_runtime.Worker], told: tuple[str, dict[str, Any], bytes]) -> tuple[Any, str]:
    """The idle worker, or a new one, at work."""
    found = idle or kind(*told)
    if idle is None:
        pool.append(found)
    found.in_use, found.last_used = True, time.time()
    return found, "spawn" if idle is None else "reused"


def release(worker: lambda_runtime.Worker | None) -> None:
    """Give a worker back."""
    if worker is not None:
        with lambda_runtime._lock:
            worker.in_use, worker.last_used = False, time.time()
            _calls[worker] = _calls.get(worker, 0) + 1
            _given_back[_key(worker)] += 1
            _free[_key(worker)].notify()


def _key(worker: lambda_runtime.Worker) -> str:
    return str(lambda_runtime._worker_key(worker.func_name, worker.config, worker.config.get("Version", "$LATEST")))


def end_idle(seconds: float = IDLE_SECONDS) -> int:
    """End every worker that has had nothing to do for so long, or a quarter of it if it was called but once, as sweeps are; how many."""
    now, ended = time.time(), []
    with lambda_runtime._lock:
        for pool in lambda_runtime._workers.values():
            ended += [worker for worker in pool if not worker.in_use and now - worker.last_used >= _enough(worker, seconds)]
            pool[:] = [worker for worker in pool if worker not in ended]
    lambda_runtime.kill_workers(ended)
    return len(ended)


def _enough(worker: lambda_runtime.Worker, seconds: float) -> float:
    return seconds if _calls.get(worker, 0) > 1 else seconds / 4
