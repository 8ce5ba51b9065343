"""The redo log of a running hub: what a call changed is written before the call is answered."""

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from local.redo.files import BASE, LOG, RedoFiles, write_all
from local.redo.lines import line


class NotWritten(Exception):
    """A change could not be written: the call is not answered as done."""


class RedoLog:
    """Writes by write(2): what the kernel has survives the death of every process, not that of the machine.

    Until `begin`, changes wait in memory: what is done before belongs to a deployment, which counts when it is whole. A change that could
    not be written, because the disk is full, say, is written before any other as soon as that is possible; till then each call is refused
    before it changes anything.
    """

    def __init__(self, files: RedoFiles) -> None:
        self.files = files
        self._file = -1
        self._size = 0
        self._waiting: list[str] | None = []
        self._unwritten = b""
        self._trouble = ""
        self._turn = threading.RLock()
        self._call = threading.local()

    @property
    def begun(self) -> bool:
        return self._waiting is None

    @property
    def trouble(self) -> str:
        """Why it cannot write, for people; empty if it can."""
        return self._trouble

    def begin(self, states: Iterable[str]) -> None:
        """From now on every change is kept: those that waited, and what the services hold, are the first line. Raises OSError."""
        with self._turn:
            number = self.files.last + 1
            file = self.files.begin(LOG, number)
            write_all(file, line([*(self._waiting or ()), *states]))
            self.files.finish(LOG, number)
            self._file, self._size, self._waiting = file, os.fstat(file).st_size, None

    @contextmanager
    def silence(self) -> Iterator[None]:
        """What is noted within is kept already."""
        self._call.changes = []
        try:
            yield
        finally:
            self._call.changes = None

    def ready(self) -> None:
        """Raises NotWritten while it cannot write."""
        if self._unwritten:
            with self._turn:
                self._write(b"", refuse=True)

    @contextmanager
    def call(self) -> Iterator[None]:
        """What is noted within is written at its end as one line. Raises NotWritten: before anything is done, or when all is done."""
        if getattr(self._call, "changes", None) is not None:
            yield
            return
        self.ready()
        changes: list[str] = []
        self._call.changes = changes
        try:
            yield
        finally:
            self._call.changes = None
            if changes:
                self._keep(changes, refuse=True)

    @property
    def in_call(self) -> bool:
        return getattr(self._call, "changes", None) is not None

    def note(self, *change: Any, refuse: bool = True) -> None:
        """A change, as JSON can say it. `refuse`: raises NotWritten if it cannot be written now; else it is written later."""
        text = json.dumps(change, separators=(",", ":"))
        changes = getattr(self._call, "changes", None)
        if changes is None:
            self._keep([text], refuse=refuse)
        else:
            changes.append(text)

    def _keep(self, changes: list[str], *, refuse: bool) -> None:
        with self._turn:
            if self._waiting is None:
                self._write(line(changes), refuse=refuse)
            else:
                self._waiting += changes

    def _write(self, lines: bytes, *, refuse: bool) -> None:
        """Write what is left of before, and these; where that fails, all of it is left, and nothing of it in the file."""
        lines = self._unwritten + lines
        try:
            write_all(self._file, lines)
        except OSError as error:
            os.ftruncate(self._file, self._size)
            self._unwritten, self._trouble = lines, str(error)
            if refuse:
                raise NotWritten(f"the hub cannot write what it is told: {error}") from error
        else:
            self._size += len(lines)
            self._unwritten, self._trouble = b"", ""

    def rebase(self, everything: Callable[[], Iterator[str]]) -> None:
        """Write what is there now as a new base, while calls go on into a new log, and forget what came before. Raises OSError.

        A change that happens meanwhile is in the log, perhaps in the base too: applying it once more leaves what it made.
        """
        number = self.files.last + 1
        with self._turn:
            before, self._file = self._file, self.files.begin(LOG, number)
            self._size = os.fstat(self._file).st_size
            self.files.finish(LOG, number)
        if before >= 0:
            os.close(before)
        base = self.files.begin(BASE, number)
        try:
            for change in everything():
                write_all(base, line([change]))
            os.fsync(base)
        finally:
            os.close(base)
        self.files.finish(BASE, number)
        self.files.forget_before(number)
