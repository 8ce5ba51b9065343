"""What moved an offer's stock, summed up: the totals of now, and what they were at the moves of the last hours.

A supplier's count is of a moment that is past when orders hear of it; sales went on. The difference of two totals is what was ordered
since, so that no order need be looked for. Each move notes the totals before it, for its millisecond, its second and its hour (`m…`, `s…`,
`h…`, of the epoch), unless an earlier move in there did. It is one write with the move, and at most 0.6 KB of the offer's item.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

HOURS = timedelta(hours=12)
"""A count may be of so long ago. Older moments are answered too, on the safe side: as of the oldest note."""
WIDTHS = {"m": timedelta(milliseconds=1), "s": timedelta(seconds=1), "h": timedelta(hours=1)}
KEPT = {"m": 3, "s": 6}
"""So many of the latest milliseconds and seconds with moves are told apart; hours, for as long as HOURS says."""
BASE = "0"
"""The note of what was before all others."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Move:
    """One change of an offer's stock: units that go on sale (negative: are taken off), and that begin (or cease) to wait for dispatch."""

    quantity: int = 0
    committed: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """Units ever taken off the stock, ever put back, and at this moment ordered and neither sent nor given up."""

    taken: int = 0
    returned: int = 0
    committed: int = 0

    def after(self, move: Move) -> "Totals":
        return Totals(self.taken + max(0, -move.quantity), self.returned + max(0, move.quantity), self.committed + move.committed)


@dataclass(frozen=True, slots=True)
class RunningTotals:
    """An offer's totals, and the notes of what they were."""

    now: Totals = Totals()
    past: Mapping[str, Totals] = field(default_factory=lambda: {BASE: Totals()})

    def after(self, move: Move, now: datetime) -> "RunningTotals":
        """With one more move, as the store's expression writes it."""
        dropped = outdated(self.past, now)
        kept = {key: totals for key, totals in self.past.items() if key not in dropped}
        return RunningTotals(self.now.after(move), dict.fromkeys(notes_of(now), self.now) | kept)

    def since(self, moment: datetime, now: datetime, *, on_hand: bool) -> int:
        """What to add to a count of `moment`: units put back since, less those taken since; never more than that.

        `on_hand`: less those, too, that were waiting for dispatch at `moment`. Exact where nothing moved in the millisecond of `moment`
        (in its second or hour, if the notes of milliseconds or seconds do not reach back to it); else whatever was taken in there counts
        as taken after `moment`, and whatever was put back as before it.
        """
        before, after = self._around(moment, now)
        gone = self.now.taken - max(totals.taken - (totals.committed if on_hand else 0) for totals in before)
        return self.now.returned - min(totals.returned for totals in after) - gone

    def counted(self, moment: datetime, now: datetime) -> "RunningTotals":
        """Without the notes that no count of `moment` or later asks for."""
        before, _ = self._around(moment, now)
        kept = {key: totals for key, totals in self.past.items() if key != BASE and _number(key) >= _at(moment, key[0])}
        return RunningTotals(self.now, {BASE: max(before, key=lambda totals: (totals.taken, totals.returned, -totals.committed))} | kept)

    def waited(self, units: int) -> "RunningTotals":
        """As if so many units more had waited for dispatch all along: those of orders that are older than the totals, and wait still."""

        def more(totals: Totals) -> Totals:
            return replace(totals, committed=totals.committed + units)

        return RunningTotals(more(self.now), {note: more(totals) for note, totals in self.past.items()})

    def _around(self, moment: datetime, now: datetime) -> tuple[list[Totals], list[Totals]]:
        """Totals of moments not after `moment`, and of moments not before it; those of `moment` itself in both, if they are known.

        A move is written some time after the moment that it bears, and another's write may come between: then the note of the earlier
        moment holds totals of later on. So totals are of no later moment only if they were written before every move that bears one.
        """
        after = [self.now, *(totals for key, totals in self.past.items() if key != BASE and _number(key) > _at(moment, key[0]))]
        first = min(after, key=_written)
        own = []
        for kind in WIDTHS:
            note = self.past.get(f"{kind}{_at(moment, kind)}")
            own += [note] if note else []
            if _at(moment, kind) >= self._reach(kind, now):
                until = min(_written(totals) for totals in (first, *own))
                before = [self.past[BASE], *(totals for totals in self.past.values() if _written(totals) <= until)]
                return (before, after) if note else ([*before, first], after)
        return [self.past[BASE]], after

    def _reach(self, kind: str, now: datetime) -> int:
        """From then on every millisecond, second or hour with a move has its note still: those dropped had KEPT later ones."""
        if kind == "h":
            return _at(now - HOURS, "h")
        known = sorted(_number(key) for key in self.past if key[0] == kind)
        return known[-min(KEPT[kind], len(known))] if known else _at(now, kind) + 1


def _written(totals: Totals) -> tuple[int, int]:
    """Rises with each move, in the order in which they were written: units that moved, and then those that were sent."""
    return totals.taken + totals.returned, -totals.committed


def notes_of(now: datetime) -> list[str]:
    """The notes that a move of this moment makes."""
    return [f"{kind}{_at(now, kind)}" for kind in WIDTHS]


def outdated(past: Mapping[str, Totals], now: datetime) -> frozenset[str]:
    """The notes of `past` that a move of this moment drops; none that it makes, even if its clock is behind: one write cannot do both."""
    dropped = {key for key in past if key[0] == "h" and _number(key) < _at(now - HOURS, "h")}
    for kind, most in KEPT.items():
        known = sorted({key for key in past if key[0] == kind} | {f"{kind}{_at(now, kind)}"}, key=_number)
        dropped.update(known[:-most])
    return frozenset((dropped & past.keys()) - set(notes_of(now)))


def _at(moment: datetime, kind: str) -> int:
    return (moment - EPOCH) // WIDTHS[kind]


def _number(key: str) -> int:
    return int(key[1:])
