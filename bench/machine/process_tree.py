"""What a process and all that it started cost: CPU seconds, memory that is theirs, how many they are."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import psutil

PSS_SHARE = 1024 * 1024


@dataclass(frozen=True)
class Usage:
    """A tree at one moment. CPU counts processes that have ended too, as far as their parents waited for them."""

    cpu_s: float
    pss_mb: float
    processes: int


def usage(root: int) -> Usage:
    """Of the process `root` and its descendants. PSS counts a page that n processes share as an nth of it in each (proc(5), smaps)."""
    seen = []
    for process in _alive(root):
        with suppress(psutil.Error):  # it may end between two questions
            seen.append((cpu_s(process), process.memory_full_info().pss))
    return Usage(sum(cpu for cpu, _ in seen), sum(pss for _, pss in seen) / PSS_SHARE, len(seen))


def cpu_by_name(root: int) -> dict[str, float]:
    """CPU seconds of each process of the tree, children that it waited for included; those of one name are one."""
    found: dict[str, float] = {}
    for process in _alive(root):
        with suppress(psutil.Error):
            found[name(process)] = found.get(name(process), 0) + cpu_s(process)
    return found


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def name(process: psutil.Process) -> str:
    """What a person calls it: the function that it runs, or the module or file that Python was given."""
    called = str(process.name())
    words: list[str] = [word for word in process.cmdline()[1:] if not word.startswith("-")]
    return called if not called.startswith("python") or not words else words[0].rpartition("/")[2]


def _alive(root: int) -> Iterator[psutil.Process]:
    """The tree, without what ends meanwhile."""
    parent = psutil.Process(root)
    for process in (parent, *parent.children(recursive=True)):
        try:
            process.cpu_times()
            yield process
        except psutil.Error:
            continue
