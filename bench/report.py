"""Tables for people, and what was measured against what was to be reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Say = Callable[[str], None]


@dataclass(frozen=True)
class Target:
    """One number to reach. `at_most` unless it is to be at least."""

    name: str
    found: float | None
    limit: float
    unit: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        return self.found is not None and (self.found >= self.limit if self.at_least else self.found <= self.limit)


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Columns as wide as they must be; the first is aligned left, the others right."""
    texts = [[_text(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(heads))]
    first, *lines = ("  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in texts)
    return "\n".join([first, "  ".join("─" * w for w in widths), *lines])


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:.1f}" if cell % 1 else str(int(cell))
    return str(cell)


def counts_table(name: str, found: dict[str, Any]) -> str:
    """One scenario: a row an entry point, then the sum and the calls of each."""
    heads = [name, "WCU", "RCU", "items written", "CPU-ms"]
    rows = [[entry, t["wcu"], t["rcu"], t["writes"], f"{t['cpu_ms']:.2f}"] for entry, t in found["entries"].items()]
    label = "sum without the authorizer" if "authorizer" in found["entries"] else "sum"
    rows.append([label, found["wcu"], found["rcu"], found["writes"], f"{found['cpu_ms']:.2f}"])
    calls = [
        f"  {entry}: " + (", ".join(f"{n} × {call}" for call, n in t["calls"].items()) or "no AWS call")
        for entry, t in found["entries"].items()
    ]
    return "\n".join([table(heads, rows), *calls, f"  messages delivered to queues: {found['messages']}"])


def targets_table(targets: Sequence[Target]) -> str:
    rows = [[t.name, _found(t), f"{'≥' if t.at_least else '≤'} {t.limit:g}", t.unit, _mark(t)] for t in targets]
    return table(["number to reach", "found", "target", "unit", ""], rows)


def _found(target: Target) -> str:
    return "not measured" if target.found is None else f"{target.found:.1f}".removesuffix(".0")


def _mark(target: Target) -> str:
    return "–" if target.found is None else "✓" if target.reached else "✗"
