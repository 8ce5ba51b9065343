"""What a count is owed of the moves since its moment: exactly, or less, and never a unit more."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings, strategies
from pynamodb.expressions.update import RemoveAction, SetAction

from functions.orders.counts.running_totals import HOURS, KEPT, Move, RunningTotals, Totals, notes_of, outdated
from functions.orders.counts.stock_moves_store import move_actions
from tests.examples import examples
from tests.fakes import NOON
from tests.unit.orders.given import stock_item

GAPS = strategies.sampled_from([0, 1, 40, 999, 1_000, 7_000, 61_000, 1_800_000, 3_600_000, 9_000_000])
"""Milliseconds between two moves."""
MOVES = strategies.lists(
    strategies.tuples(GAPS, strategies.sampled_from(["order", "cancel", "dispatch", "found", "lost"]), strategies.integers(1, 9)),
    max_size=30,
)
MOVED = {"order": (-1, 1), "cancel": (1, -1), "dispatch": (0, -1), "found": (1, 0), "lost": (-1, 0)}
"""What one unit of it does to what is left, and to what waits for dispatch."""
Moves = list[tuple[datetime, Move]]


def moves_of(steps: list[tuple[int, str, int]]) -> Moves:
    """No more units are dispatched or cancelled than wait."""
    now, waiting, moves = NOON, 0, []
    for gap, what, most in steps:
        now += timedelta(milliseconds=gap)
        sold, waits = MOVED[what]
        units = most if waits >= 0 else min(most, waiting)
        waiting += waits * units
        moves.append((now, Move(sold * units, waits * units)))
    return moves


def totals_of(moves: Moves, begun: RunningTotals | None = None) -> RunningTotals:
    totals = begun or RunningTotals()
    for at, move in moves:
        totals = totals.after(move, at)
    return totals


@settings(max_examples=examples(400), deadline=None)
@given(MOVES, strategies.integers(-1_000, 40_000_000), strategies.booleans())
def test_a_count_never_gains_a_unit_that_was_ordered_since_whatever_moved_and_when(steps, after_noon, on_hand) -> None:
    moves, moment = moves_of(steps), NOON + timedelta(milliseconds=after_noon)
    now = max([moment, *(at for at, _ in moves)])
    since = sum(move.quantity for at, move in moves if at > moment or (at == moment and move.quantity < 0))
    waiting = sum(move.committed for at, move in moves if at < moment)
    assert totals_of(moves).since(moment, now, on_hand=on_hand) <= since - (waiting if on_hand else 0)


@settings(max_examples=examples(600), deadline=None)
@given(strategies.lists(strategies.tuples(strategies.integers(-400, 900), strategies.sampled_from(["order", "found"])), max_size=8),
       strategies.integers(0, 3_000))  # fmt: skip
def test_nor_where_a_move_is_written_after_one_that_bears_a_later_moment(steps, after_noon) -> None:
    at, moves, moment = NOON, [], NOON + timedelta(milliseconds=after_noon)
    for gap, what in steps:
        at += timedelta(milliseconds=gap)
        moves.append((at, Move(*MOVED[what])))
    ordered_since = sum(move.quantity for at, move in moves if at > moment and move.quantity < 0)
    found = sum(move.quantity for _, move in moves if move.quantity > 0)
    assert totals_of(moves).since(moment, max([moment, *(at for at, _ in moves)]), on_hand=False) <= ordered_since + found


@settings(max_examples=examples(400), deadline=None)
@given(MOVES, strategies.integers(-1_000, 40_000_000), strategies.booleans())
def test_it_is_exact_where_nothing_moved_in_its_hour(steps, after_noon, on_hand) -> None:
    moment = NOON + timedelta(milliseconds=after_noon)
    moves = [(at, move) for at, move in moves_of(steps) if at.strftime("%d %H") != moment.strftime("%d %H")]
    now = max([moment, *(at for at, _ in moves)])
    if now - moment < HOURS:
        since = sum(move.quantity for at, move in moves if at > moment)
        waiting = sum(move.committed for at, move in moves if at < moment)
        assert totals_of(moves).since(moment, now, on_hand=on_hand) == since - (waiting if on_hand else 0)


@settings(max_examples=examples(300), deadline=None)
@given(MOVES, strategies.integers(0, 10_000), strategies.integers(1, 10_000), strategies.booleans())
def test_a_count_of_the_moment_is_exact_but_for_what_moved_in_its_own_millisecond(steps, before, after, on_hand) -> None:
    """Before it may lie whatever it will; at most two moves follow while it travels."""
    moves = moves_of(steps)
    moment = max([NOON, *(at for at, _ in moves)]) + timedelta(milliseconds=before + 1)
    later = [(moment + timedelta(milliseconds=after * n), Move(-n, n)) for n in (1, 2)]
    found = totals_of([*moves, *later]).since(moment, later[-1][0], on_hand=on_hand)
    waiting = sum(move.committed for _, move in moves)
    assert found == -3 - (waiting if on_hand else 0)


@settings(max_examples=examples(300), deadline=None)
@given(MOVES, MOVES, strategies.integers(0, 40_000_000), strategies.integers(0, 40_000_000), strategies.booleans())
def test_what_a_count_forgets_no_later_count_misses(first, then, counted, more, on_hand) -> None:
    moves, moment = moves_of(first), NOON + timedelta(milliseconds=counted)
    now = max([moment, *(at for at, _ in moves)])
    later = [(at - NOON + now, move) for at, move in moves_of(then) if move.committed >= 0]
    kept = totals_of(later, totals_of(moves).counted(moment, now))
    asked = moment + timedelta(milliseconds=more)
    every = [*moves, *later]
    since = sum(move.quantity for at, move in every if at > asked or (at == asked and move.quantity < 0))
    waiting = sum(move.committed for at, move in every if at < asked)
    assert kept.since(asked, max([asked, now, *(at for at, _ in later)]), on_hand=on_hand) <= since - (waiting if on_hand else 0)


@settings(max_examples=examples(200), deadline=None)
@given(MOVES)
def test_an_offer_keeps_a_bounded_number_of_notes(steps) -> None:
    most = 1 + sum(KEPT.values()) + HOURS // timedelta(hours=1) + 1
    assert len(totals_of(moves_of(steps * 3)).past) <= most


@settings(max_examples=examples(300), deadline=None)
@given(strategies.sets(strategies.integers(0, 20), min_size=1), strategies.integers(0, 20), strategies.sampled_from([1, 1_000, 3_600_000]))
def test_no_move_drops_a_note_that_it_makes_however_far_its_clock_is_behind(moments, behind, width) -> None:
    """Several may have been written by whoever had not seen the others' notes, and so dropped none. DynamoDB refuses a write that does
    both."""
    past = {note: Totals(n) for n in sorted(moments) for note in notes_of(NOON + timedelta(milliseconds=n * width))}
    now = NOON + timedelta(milliseconds=behind * width)
    held = RunningTotals(Totals(max(moments) + 1), RunningTotals().past | past)
    assert not outdated(past, now) & set(notes_of(now))
    kept = held.after(Move(-1, 1), now).past
    assert {note: kept[note] for note in notes_of(now) if note in past} == {note: past[note] for note in notes_of(now) if note in past}
    actions = move_actions(Move(-1, 1), replace(stock_item(), totals=held), now)
    made, dropped = ({str(action.values[0]) for action in actions if isinstance(action, kind)} for kind in (SetAction, RemoveAction))
    assert not made & dropped
