"""The services' artefacts, kept for the next hub that starts from the same files: building them is a third of a first start's CPU time."""

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from infra.templates import ROOT

PLACE = ROOT / "build" / "laptop"
MOST = 3
"""Sets of them that are kept: of this branch, the one before, and what somebody compares them to."""


@dataclass(frozen=True)
class KeptArtefacts:
    """Those made from files that `fingerprint` stands for, in a folder of `place` that has its name only when it is whole."""

    fingerprint: str
    place: Path = PLACE

    @property
    def _folder(self) -> Path:
        return self.place / self.fingerprint

    def read(self, services: Sequence[str]) -> dict[str, bytes]:
        """By service; empty unless all are there."""
        with suppress(OSError):
            found = {service: (self._folder / f"{service}.zip").read_bytes() for service in services}
            os.utime(self._folder)
            return found
        return {}

    def keep(self, artefacts: Mapping[str, bytes]) -> None:
        """Keep them, and let go of those that nobody has asked for the longest. Where that cannot be, they are built anew each time."""
        with suppress(OSError):
            self.place.mkdir(parents=True, exist_ok=True)
            half = Path(tempfile.mkdtemp(dir=self.place))
            for service, body in artefacts.items():
                (half / f"{service}.zip").write_bytes(body)
            try:
                half.rename(self._folder)
            except OSError:  # another start was first
                shutil.rmtree(half, ignore_errors=True)
            for folder in sorted(self.place.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[MOST:]:
                shutil.rmtree(folder, ignore_errors=True)
