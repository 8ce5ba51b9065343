"""The files of a redo log: `base-N` holds what was there when `log-N` began, and logs from N on hold all changes since.

A file bears its name only when it is whole, so at any moment a kill leaves one base and its logs. The first log needs no base.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from local.redo.lines import Change, changes_of, line

VERSION = 1
"""Of what the lines say. A higher one is not guessed at."""
HEAD = line([f'["redo",{VERSION}]'])
BASE, LOG, UNFINISHED = "base", "log", ".unfinished"


class Unreadable(Exception):
    """What is kept cannot be read; nothing of it was changed."""


@dataclass
class RedoFiles:
    """The redo log in one folder."""

    folder: Path
    cut: int = field(default=0, init=False)
    """Bytes of a last line whose writing was cut off: `changes` found and removed them."""

    @property
    def there(self) -> bool:
        """Whether anything is kept here."""
        return bool(self._numbers(LOG))

    def path(self, kind: str, number: int) -> Path:
        return self.folder / f"{kind}-{number:08}"

    def _numbers(self, kind: str) -> list[int]:
        names = (path.name.partition("-") for path in self.folder.glob(f"{kind}-*"))
        return sorted(int(number) for _, _, number in names if number.isdecimal())

    @property
    def base(self) -> int:
        """The newest base's number; 0 if there is none."""
        return max(self._numbers(BASE), default=0)

    @property
    def last(self) -> int:
        """The newest log's number; 0 if there is none."""
        return max(self._numbers(LOG), default=0)

    def paths(self) -> list[Path]:
        """What a start reads, in order."""
        base = [self.path(BASE, self.base)] if self.base else []
        return base + [self.path(LOG, number) for number in self._numbers(LOG) if number >= self.base]

    @property
    def bytes_since_base(self) -> int:
        return sum(self.path(LOG, number).stat().st_size for number in self._numbers(LOG) if number >= self.base)

    def check(self) -> None:
        """Raises Unreadable if a newer version wrote it, by the first line of the newest file alone."""
        for path in self.paths()[-1:]:
            with path.open("rb") as file:
                _check_head(changes_of(file.readline()), path)

    def changes(self) -> Iterator[Change]:
        """All that is kept, in order. A last line that was cut off is removed. Raises Unreadable."""
        paths = self.paths()
        for path in paths:
            yield from self._changes(path, may_be_cut=path == paths[-1])

    def _changes(self, path: Path, *, may_be_cut: bool) -> Iterator[Change]:
        with path.open("r+b") as file:
            _check_head(changes_of(file.readline()), path)
            whole = file.tell()
            for raw in file:
                found = changes_of(raw)
                if found is None:
                    break
                yield from found
                whole += len(raw)
            size = os.fstat(file.fileno()).st_size
            if whole < size:
                file.seek(whole)
                if not may_be_cut or any(changes_of(raw) is not None for raw in file):
                    raise Unreadable(f"{path} is damaged after byte {whole:,} of {size:,}")
                file.truncate(whole)
                self.cut = size - whole

    def begin(self, kind: str, number: int) -> int:
        """Start a file that has no name yet; its descriptor. `finish` names it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = os.open(f"{self.path(kind, number)}{UNFINISHED}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        write_all(file, HEAD)
        return file

    def finish(self, kind: str, number: int) -> None:
        os.replace(f"{self.path(kind, number)}{UNFINISHED}", self.path(kind, number))

    def forget_before(self, base: int) -> None:
        """Delete what a newer base holds, and what was never finished."""
        for kind in (BASE, LOG):
            for number in self._numbers(kind):
                if number < base:
                    self.path(kind, number).unlink()
        for path in self.folder.glob(f"*{UNFINISHED}"):
            path.unlink()


def _check_head(head: list[Change] | None, path: Path) -> None:
    if not head or head[0][:1] != ["redo"]:
        raise Unreadable(f"{path} is damaged at its beginning")
    if head[0][1] > VERSION:
        raise Unreadable(f"{path} was written by a newer version of Monsoon (format {head[0][1]}, this one reads {VERSION})")


def write_all(file: int, data: bytes) -> None:
    """Raises OSError, perhaps after a part of it was written."""
    while data:
        data = data[os.write(file, data) :]
