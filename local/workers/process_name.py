"""What `ps` and `top` call a function's process: they share the zygote's command line, and would all be one."""

import ctypes
import sys

PR_SET_NAME = 15
"""prctl(2): of at most 15 bytes."""


def be_called(function: str) -> None:
    """Let this process bear the name of its function, `UploadsFeeds` of `monsoon-local-UploadsFeeds-1A2B`; on Linux alone."""
    if sys.platform == "linux":
        own = function.removeprefix("monsoon-local-").partition("-")[0]
        ctypes.CDLL(None).prctl(PR_SET_NAME, own.encode()[:15], 0, 0, 0)
