"""What is left of memory is the least that the machine and its control groups leave; too little is said when it begins and when it ends."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from local.conditions.memory import MB, Left, left
from local.conditions.shortage import AT_WORK_MB, SHORT_MB, Shortage, before_start
from local.runner import looks_at, serve

MACHINE = Left(3000, "this machine")


def group(folder: Path, limit: str, used: int, cache: int = 0, *, version: int = 2) -> None:
    """A control group's files; numbers in MB."""
    names = ("memory.max", "memory.current") if version == 2 else ("memory.limit_in_bytes", "memory.usage_in_bytes")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / names[0]).write_text(limit if limit == "max" else str(int(limit) * MB))
    (folder / names[1]).write_text(f"{used * MB}\n")
    prefix = "" if version == 2 else "total_"
    (folder / "memory.stat").write_text(f"anon 5\n{prefix}inactive_file {cache * MB}\n{prefix}active_file 0\n")


def found(root: Path, groups: str) -> Left:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(groups)
    return left(root, lambda: 3000 * MB)


def test_a_container_that_leaves_less_than_its_machine_says_how_much_and_files_that_are_only_cached_count_as_left(tmp_path: Path):
    group(tmp_path / "sys/fs/cgroup/a/b", "1024", 900, 200)
    assert found(tmp_path, "0::/a/b\n") == Left(324, "the container that it runs in")


def test_a_group_that_holds_the_hubs_own_may_leave_the_least(tmp_path: Path):
    group(tmp_path / "sys/fs/cgroup/a/b", "max", 900)
    group(tmp_path / "sys/fs/cgroup/a", "2048", 1948)
    assert found(tmp_path, "0::/a/b\n").mb == 100


def test_a_group_of_version_1_is_read_too(tmp_path: Path):
    group(tmp_path / "sys/fs/cgroup/memory/docker/x", "512", 500, version=1)
    assert found(tmp_path, "5:cpu:/\n4:memory:/docker/x\n0::/\n").mb == 12


def test_a_group_that_is_used_up_leaves_nothing_and_not_less(tmp_path: Path):
    group(tmp_path / "sys/fs/cgroup/a", "512", 600)
    assert found(tmp_path, "0::/a\n").mb == 0


@pytest.mark.parametrize("groups", ["", "0::/\n", "0::/elsewhere\n", "4:memory:/gone\n"])
def test_without_a_limit_the_machines_word_counts(groups: str, tmp_path: Path):
    assert found(tmp_path, groups) == MACHINE


def test_a_machine_that_has_no_control_groups_counts_alone(tmp_path: Path):
    assert left(tmp_path, lambda: 3000 * MB) == MACHINE
    assert left().mb > 0


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone gives back what lies below other memory")
def test_memory_that_was_freed_is_given_back_though_other_memory_lies_above_it():
    code = """if True:
        import psutil
        from local.conditions.memory import give_back
        held = [bytes(100_000) for _ in range(1000)]
        del held[:-1]
        before = psutil.Process().memory_info().rss
        give_back()
        print(before - psutil.Process().memory_info().rss)"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(told.stdout) > 50_000_000


def test_less_than_the_hub_takes_is_said_before_it_starts_and_enough_is_not():
    assert before_start(Left(AT_WORK_MB, "this machine")) == ""
    said = before_start(Left(600, "this machine"))
    assert said.startswith("memory is short: 600 MB are left of this machine, and the hub takes about")
    assert "WORKERS=1" in said


def looked(*mb: int) -> tuple[list[str], int]:
    """What is said at so many looks, and how often idle processes were ended."""
    said, spared, answers = list[str](), list[int](), iter(mb)
    shortage = Shortage(lambda: Left(next(answers), "this machine"), lambda: spared.append(3) or 3, said.append)  # type: ignore[func-returns-value]
    for _ in mb:
        shortage.look()
    return said, len(spared)


def test_short_memory_is_said_once_idle_processes_are_ended_while_it_lasts_and_its_end_is_said():
    said, spared = looked(2000, SHORT_MB - 1, SHORT_MB - 50, SHORT_MB + 1, 2000, 2000)
    assert (len(said), spared) == (2, 2)
    assert said[0].startswith(f"memory is short: {SHORT_MB - 1} MB are left of this machine; where none is, the system ends something")
    assert "3 idle processes of functions were ended. What was answered is kept" in said[0]
    assert said[1] == "there is memory again: 2,000 MB"


def test_a_function_that_took_too_much_is_said():
    said, emulator = list[str](), SimpleNamespace(trouble=str, spare=int, news=lambda: ["OrdersApi grew"])
    looks_at(cast("Any", SimpleNamespace(emulator=emulator)), said.append, lambda: Left(2000, "this machine")).look()
    assert said == ["OrdersApi grew"]


def test_who_starts_a_hub_where_memory_is_short_is_told_before_anything_else():
    said, states = list[str](), iter([False])
    emulator = SimpleNamespace(trouble=str, spare=int, news=list, log_end=str)

    class Hub:
        api = "http://127.0.0.1:4566"
        mailbox = "http://127.0.0.1:4566/mailbox"

        def __init__(self) -> None:
            self.emulator = emulator

        def start(self) -> None:
            said.append("it starts")

        def set_up(self) -> None:
            said.append("it is set up")

        @property
        def running(self) -> bool:
            return next(states)

    serve(cast("Any", Hub()), cast("Any", SimpleNamespace(no_demo=True)), said.append, cast("Any", None), lambda: Left(100, "this machine"))
    assert said[0].startswith("memory is short: 100 MB are left of this machine")
    assert said[1:3] == ["it starts", "it is set up"]
