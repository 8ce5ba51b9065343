"""The folder of a hub on this machine: who runs there, to which port its data belongs, what may be forgotten."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from local.conditions.refusals import CannotStart
from local.redo.files import RedoFiles, Unreadable

DATA = ("state", "s3", "tmp", "code", "mail", "plugins", "port", "demo.json")
OWN = (*DATA, "emulator.log", "stripe.log")
"""What a hub makes there; --fresh deletes nothing else."""
ENDING_SECONDS = 60.0


class HubRuns(CannotStart):
    """A hub runs at this folder already."""


class NewerData(CannotStart):
    """What is kept was written by a version that this one does not know, or is damaged."""


class OtherPort(CannotStart):
    """The kept data belongs to another port."""


@dataclass
class DataFolder:
    """A lock says who runs there: the kernel lets go of it when its last holder dies, so no guess is ever needed.

    The emulator inherits it, so that the folder stays taken until the state is written, whatever became of the runner.
    """

    path: Path
    _lock: TextIO | None = field(default=None, repr=False)

    @property
    def has_state(self) -> bool:
        """Whether an earlier hub left its state here: one that was deployed. An older version kept a file for each service."""
        return self.kept.there or (self.path / "state" / "cloudformation.json").exists()

    @property
    def kept(self) -> RedoFiles:
        """What is kept here."""
        return RedoFiles(self.path / "state" / "redo")

    @property
    def lock(self) -> int | None:
        """The file descriptor that a child inherits to hold the folder too."""
        return None if self._lock is None else self._lock.fileno()

    def check(self, port: int, beside: Callable[[], object]) -> None:
        """Whether a hub may start here; `beside` makes the command that starts one elsewhere. Writes nothing.

        Raises HubRuns, OtherPort, NewerData.
        """
        if (self.path / "lock").exists():
            with (self.path / "lock").open() as lock:
                self._wait_for(lock, beside)
        try:
            self.kept.check()
        except Unreadable as error:
            raise NewerData(f"{error}; start another hub beside it: {beside()}, or forget the data with ARGS=--fresh") from None
        kept = self.port
        if kept and kept != port:
            raise OtherPort(f"the data in {self.path} belongs to port {kept}: start with PORT={kept}, or forget it with ARGS=--fresh")

    def _wait_for(self, lock: TextIO, beside: Callable[[], object]) -> None:
        """Take the lock; a hub whose runner was killed is given time to write its state. Raises HubRuns."""
        until = time.monotonic() + ENDING_SECONDS
        while True:
            try:
                return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = _read(lock)
                if _alive(holder.get("pid", 0)):
                    raise HubRuns(
                        f"a hub runs at {self.path} already: process {holder['pid']}, port {holder['port']}; stop it with "
                        f"`kill {holder['pid']}`, or start this one beside it: {beside()}"
                    ) from None
                if time.monotonic() > until:
                    raise HubRuns(f"the hub that ran at {self.path} is still writing its data: try again in a minute") from None
            time.sleep(0.1)

    def hold(self, port: int, *, fresh: bool, beside: Callable[[], object]) -> None:
        """Take the folder for a hub at `port`; forget what it holds if `fresh`, and what a hub left that was never deployed.

        Raises HubRuns.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        lock = (self.path / "lock").open("a+")
        try:
            self._wait_for(lock, beside)
        except HubRuns:
            lock.close()
            raise
        lock.truncate(0)
        json.dump({"pid": os.getpid(), "port": port}, lock)
        lock.flush()
        self._lock = lock
        for name in OWN if fresh else ("tmp",) if self.has_state else DATA:
            _delete(self.path / name)

    def release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @property
    def port(self) -> int:
        """The port that the kept state belongs to, for its addresses name it; 0 if there is no state."""
        kept = self.path / "port"
        return int(kept.read_text()) if self.has_state and kept.exists() else 0

    @port.setter
    def port(self, port: int) -> None:
        (self.path / "port").write_text(str(port))


def _read(lock: TextIO) -> dict[str, int]:
    lock.seek(0)
    try:
        holder: dict[str, int] = json.load(lock)
    except ValueError:
        return {}
    return holder


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return pid > 0


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
