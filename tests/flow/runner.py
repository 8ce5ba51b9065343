"""`make run` as a process of its own, for tests: what it prints, what it leaves running, what it keeps."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.templates import ROOT
from local.conditions.ports import free_port

READY_SECONDS, STOP_SECONDS = 120, 90
"""Far beyond what a free machine takes: the other tests run beside this one."""


@dataclass(frozen=True)
class Place:
    """Where one hub runs and keeps its data."""

    folder: Path
    port: int
    stripe_port: int

    @classmethod
    def at(cls, folder: Path) -> "Place":
        return cls(folder, free_port(), free_port())

    def command(self, *options: str) -> list[str]:
        ports = ["--port", str(self.port), "--stripe-port", str(self.stripe_port)]
        return [sys.executable, "-u", "-m", "local.run", *ports, "--folder", str(self.folder), *options]

    def demo(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "demo.json").read_text())
        return found

    def left_running(self) -> list[str]:
        """The processes of this place: the runner, the emulator, its functions, Stripe's stand-in."""
        marks = (str(self.folder).encode(), f"--port\0{self.stripe_port}\0".encode())
        return [name for name, told in processes() if any(mark in told for mark in marks)]


def processes() -> Iterator[tuple[str, bytes]]:
    """Every process of this machine: its number and command line, and both with its environment."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with suppress(OSError):
                command = (folder / "cmdline").read_bytes()
                yield f"{folder.name} {command.decode(errors='replace')}", command + (folder / "environ").read_bytes()


@dataclass
class Runner:
    """A runner that was started."""

    place: Place
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def printed(self) -> str:
        return self.log.read_text()

    def until(self, text: str) -> None:
        """Wait until it has printed `text`."""
        self._wait(lambda: text in self.printed, READY_SECONDS)

    def hear(self, *signals: signal.Signals) -> None:
        """Send it signals, a moment apart, and wait for its end."""
        for number in signals:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)
            time.sleep(0.15)
        self.process.wait(STOP_SECONDS)

    def _wait(self, done: Callable[[], bool], seconds: float) -> None:
        until = time.monotonic() + seconds
        while not done():
            assert self.process.poll() is None, self.printed
            assert time.monotonic() < until, self.printed
            time.sleep(0.02)

    def nothing_is_left(self) -> None:
        """Whatever ended it, all of it is gone soon: what writes the state may take a few seconds."""
        until = time.monotonic() + STOP_SECONDS
        while left := self.place.left_running():
            assert time.monotonic() < until, left
            time.sleep(0.1)


@contextmanager
def started(place: Place, *options: str) -> Iterator[Runner]:
    """A runner just started. Ends whatever is left of it."""
    place.folder.parent.mkdir(parents=True, exist_ok=True)
    log = place.folder.parent / f"printed-{time.monotonic_ns()}"
    with log.open("w") as printed:
        process = subprocess.Popen(place.command(*options), stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT, cwd=ROOT)
    try:
        yield Runner(place, process, log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)


@contextmanager
def running(place: Place, *options: str) -> Iterator[Runner]:
    """The hub while it runs, ready. Ends it by Ctrl-C, upon which it must say 0 and that the data is kept."""
    with started(place, *options) as runner:
        runner.until("ready;")
        yield runner
        runner.hear(signal.SIGINT)
        assert runner.process.returncode == 0, runner.printed
        assert "stopped; the data is kept" in runner.printed  # the demo's pictures may be on the way still: it says so then
        assert place.left_running() == []


def refusal(place: Place, *options: str) -> str:
    """What it says on stderr when it does not start; it ends with 1 and prints no stack trace."""
    done = subprocess.run(place.command(*options), capture_output=True, text=True, timeout=60, check=False, cwd=ROOT)
    assert done.returncode == 1, done
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr
