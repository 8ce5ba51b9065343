"""Everything the emulator is told is kept: the redo log on one side, the emulator's services on the other."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ministack import app

from local.mendings import streams
from local.redo.files import RedoFiles
from local.redo.kept import Kept
from local.redo.log import RedoLog
from local.redo.stores import items, messages, objects, readers, services

log = logging.getLogger(__name__)
SMALL_BYTES = 64_000_000
LOOK_SECONDS = 5.0
FOLDER = "redo"


class Keeper:
    """What a start of the emulator does with what the last one kept, and what it keeps itself."""

    def __init__(self, state: Path) -> None:
        """Reads what is kept in the state's folder. Raises Unreadable."""
        self._state, self.files = state, RedoFiles(state / FOLDER)
        self._kept = Kept().apply(self.files.changes()) if self.files.there and not self.had_older else None
        self.redo = RedoLog(self.files)
        self._rebasing = threading.Lock()

    @property
    def had_older(self) -> bool:
        """Whether an earlier version left its data here, a file for each service, and it is not all in a base yet."""
        return not self.files.base and any(self._state.glob("*.json"))

    def watch(self) -> None:
        """Note what the emulator's services write, and let it begin with what is kept."""
        services.keep_code()
        items.watch(self.redo)
        messages.watch(self.redo)
        readers.watch(self.redo)
        objects.watch()
        self._states = services.States(self.redo)
        self._states.watch()
        load_older = app._load_persisted_state
        app._load_persisted_state = lambda: self._restore(load_older)

    def _restore(self, load_older: Callable[[], Any]) -> None:
        kept, self._kept = self._kept, None
        if kept is None:
            load_older()
            return
        with self.redo.silence():
            services.restore(kept)
            for store in (items, messages, readers):
                store.restore(kept)
        streams.forget_read()

    def begin(self) -> None:
        """From now on all is kept. Raises OSError."""
        older = list(self._state.glob("*.json")) if self.had_older else []
        self.redo.begin([] if older else services.everything())
        if older:
            self.rebase()
        for path in older:
            path.unlink()
        threading.Thread(target=self._rebase_when_large, daemon=True).start()

    def rebase(self) -> None:
        """Write what there is as a new base. Raises OSError; what is kept is kept then too."""
        with self._rebasing:
            self.redo.rebase(everything)
            services.forget_code()

    def _rebase_when_large(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            base = self.files.base
            size = self.files.path("base", base).stat().st_size if base else 0
            if self.files.bytes_since_base > SMALL_BYTES + size:
                try:
                    self.rebase()
                except OSError as error:
                    log.error("the redo log grows, for no new base can be written: %s", error)


def everything() -> Iterator[str]:
    """All there is now. A pause now and then lets calls be answered meanwhile."""
    since = time.monotonic()
    for part in (services, items, messages, readers):
        for change in part.everything():
            yield change
            if time.monotonic() - since > 0.005:
                time.sleep(0.005)
                since = time.monotonic()
