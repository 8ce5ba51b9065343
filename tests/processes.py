"""Whether processes that a test began, or that others began for it, have ended."""

import time

import psutil


def alive(pid: int) -> bool:
    """A process that nobody waited for yet, but has ended, is not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def ended(pid: int, seconds: float = 20) -> bool:
    """Whether it ends within so long."""
    until = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.01)
    return not alive(pid)
