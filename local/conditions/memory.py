"""How much memory is left for the hub: what the system says, and the control groups that it runs in, a container's say.

Linux tells both. Of macOS the system's word alone is known; what it will compress or swap first, it does not say.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

MB = 1024 * 1024
NAMES = {
    "": ("memory.max", "memory.current", ("inactive_file", "active_file")),
    "memory": ("memory.limit_in_bytes", "memory.usage_in_bytes", ("total_inactive_file", "total_active_file")),
}
"""By controller as /proc/self/cgroup names it, none for version 2: the files of a limit and of what is used, and what of that the kernel
takes back first. Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst."""


@dataclass(frozen=True)
class Left:
    """So much, in MB, and whose limit comes first."""

    mb: int
    of: str


def left(root: Path = Path("/"), machine: Callable[[], int] = lambda: int(psutil.virtual_memory().available)) -> Left:
    """What the hub may take before the system ends something. `root`: where /proc and /sys lie; `machine`: bytes that it has left."""
    return min([Left(machine() // MB, "this machine"), *_groups(root)], key=lambda found: found.mb)


def _groups(root: Path) -> Iterator[Left]:
    """What each control group with a limit has left, those that hold it included."""
    with suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers in NAMES:
                place = root / "sys/fs/cgroup" / controllers
                inside = place / path.lstrip("/")
                for folder in (inside, *inside.parents):
                    if folder.is_relative_to(place):
                        yield from _group(folder, *NAMES[controllers])


def _group(folder: Path, limit: str, used: str, kept: tuple[str, ...]) -> Iterator[Left]:
    with suppress(OSError, ValueError):  # the outermost has no such files, `max` is no number
        stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        caches = sum(int(stat.get(name, 0)) for name in kept)
        free = int((folder / limit).read_text()) - int((folder / used).read_text()) + caches
        yield Left(max(free, 0) // MB, "the container that it runs in")


def give_back() -> None:
    """Give memory that this process has freed back to the system, where the C library can: malloc_trim(3) of glibc."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
