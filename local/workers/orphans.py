"""What a function's process began ends with it: its children fall to the zygote when it ends, which ends them.

A child that its function left behind on purpose (a daemon of its own session) falls to the zygote at once, and ends with the next process
of any function. Linux alone knows who inherits children; on macOS they end when the hub does, unless they took a session of their own.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Set
from contextlib import suppress

import psutil

PR_SET_CHILD_SUBREAPER = 36
"""prctl(2)."""


def inherit() -> None:
    """From now on, whatever this process's descendants leave behind is this process's."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end(own: Set[int]) -> None:
    """End all children but its `own`. What those leave behind falls to this process in turn: whoever waits for children calls again."""
    for child in psutil.Process().children():
        if child.pid not in own:
            with suppress(OSError):  # it has ended, or is another user's by now
                os.kill(child.pid, signal.SIGKILL)
