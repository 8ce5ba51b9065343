"""Where a walk through a stage's tables stands, in a file: one that was cut goes on from there."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tools.restore_drill.table_difference import Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far one table was told. `after`: the key of the last item that was; None at its beginning, and at its end."""

    table: str
    told: int = 0
    after: Raw | None = None
    done: bool = False

    def reached(self, told: int, after: Raw | None) -> "Mark":
        """After `told` events more; at the table's end where nothing comes `after`."""
        return replace(self, told=self.told + told, after=after, done=after is None)


class Marks:
    """By service. Written whole, beside itself, and put in its place: who is killed meanwhile leaves the one before."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def mark(self, service: str, table: str) -> Mark:
        """Where the walk through this table stands; at its beginning, if the one begun was through another, as before a restore."""
        found = self._kept().get(service)
        return found if found and found.table == table else Mark(table=table)

    def keep(self, service: str, mark: Mark) -> None:
        self._write(self._kept() | {service: mark})

    def forget(self, services: Iterable[str]) -> None:
        """Begin anew with these."""
        gone = set(services)
        self._write({service: mark for service, mark in self._kept().items() if service not in gone})

    def _kept(self) -> dict[str, Mark]:
        """Nothing where none is kept. Raises ValueError for a file that is none of ours."""
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
            return {service: Mark(**mark) for service, mark in held.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"{self.path} is no mark of this command: remove it, and begin again") from error

    def _write(self, marks: dict[str, Mark]) -> None:
        if not marks:
            self.path.unlink(missing_ok=True)
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps({service: asdict(mark) for service, mark in marks.items()}), encoding="utf-8")
        beside.replace(self.path)
