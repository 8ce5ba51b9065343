"""A count that is heard late may miss what was found after it, where the hub knows the hour alone; nothing else may miss."""

from datetime import datetime, timedelta
from typing import Any, cast

from hypothesis import given, settings, strategies

from functions.orders.counts.running_totals import KEPT, Move, RunningTotals
from simulation.actors.observed import Moved, Observed, Placing, RefundAsked, Span
from simulation.invariants.stock.late_counts import surely_added
from tests.examples import examples
from tests.fakes import NOON
from tests.unit.orders.given import MUG, TEA

COUNT = 40


def moved(number: int, after: float, offer_id: str = MUG) -> Moved:
    """A number of units that its supplier said so many seconds after noon, the moment of its count."""
    return Moved(offer_id, number, Span(at(after), at(after)))


def at(after: float) -> datetime:
    return NOON + timedelta(seconds=after)


def least(*adjusted: Moved) -> int:
    """The fewest units that orders may make of the count."""
    observed = Observed(adjusted=list(adjusted))
    return COUNT + sum(move.number for move in adjusted if move.number < 0 or surely_added(observed, moved(COUNT, 0), move))


def heard(*adjusted: Moved) -> int:
    """What orders make of the count if they hear of it a day late."""
    totals = RunningTotals()
    for move in adjusted:
        totals = totals.after(Move(move.number), move.span.start)
    return COUNT + totals.since(NOON, NOON + timedelta(days=1), on_hand=False)


def test_what_was_found_after_a_count_that_is_heard_a_day_late_may_be_missing_once_its_second_is_forgotten():
    moves = [moved(1, 2), *(moved(-1, 3 + n) for n in range(KEPT["s"]))]
    assert heard(*moves) == COUNT - KEPT["s"]
    assert least(*moves) == heard(*moves)


def test_it_is_not_missing_while_its_second_is_known():
    moves = [moved(1, 2), *(moved(-1, 3 + n) for n in range(KEPT["s"] - 1))]
    assert heard(*moves) == COUNT - KEPT["s"] + 2
    assert least(*moves) == heard(*moves)


@settings(max_examples=examples(300), deadline=None)
@given(strategies.lists(strategies.tuples(strategies.integers(1, 3_000), strategies.sampled_from([-1, 1])), max_size=12))
def test_orders_never_make_less_of_a_late_count_than_they_may(steps: list[tuple[int, int]]):
    after, moves = 0, []
    for gap, number in steps:
        after += gap
        moves.append(moved(number, after / 1000))
    assert least(*moves) <= heard(*moves)


def placing(wanted: int, after: float, offer_id: str = MUG) -> Placing:
    body: dict[str, Any] = {"lines": [{"offer_id": offer_id, "quantity": wanted}]}
    return Placing(cast("Any", None), "key", body, f"ord_{after}", moved(0, after).span)


def test_orders_of_the_offer_move_it_when_they_are_placed_and_when_their_units_leave_or_come_back():
    count, found = moved(COUNT, 0), moved(1, 2)
    observed = Observed(adjusted=[found, moved(1, 1), moved(1, 3, TEA)], placings=[placing(4, 3), placing(9, 3, TEA)])
    assert surely_added(observed, count, found)
    observed.refunds.append(RefundAsked("ord_3", restock=False))
    assert surely_added(observed, count, found)
    observed.refunds.append(RefundAsked("ord_3", restock=True))
    assert not surely_added(observed, count, found)


def test_an_order_of_before_moves_the_offer_by_what_leaves_of_it_alone():
    count, found = moved(COUNT, 0), moved(1, 2)
    assert surely_added(Observed(adjusted=[found], placings=[placing(5, 1)]), count, found)
    assert not surely_added(Observed(adjusted=[found], placings=[placing(5, 3)]), count, found)


def test_what_was_found_in_the_count_s_second_is_known_for_fewer_moves():
    count, found = moved(COUNT, 0.1), moved(1, 0.9)
    assert surely_added(Observed(adjusted=[found], placings=[placing(KEPT["m"] - 1, 0)]), count, found)
    assert not surely_added(Observed(adjusted=[found], placings=[placing(KEPT["m"], 0)]), count, found)


def test_what_may_have_been_found_before_a_count_is_never_surely_added():
    assert not surely_added(Observed(), moved(COUNT, 2), moved(1, 2))
