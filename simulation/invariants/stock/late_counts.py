"""What a count that is heard late still finds out: whether units that were found since were found after it.

Such a count was among the dead letters for a day, say (seed 751). Orders know the last seconds in which an offer's stock moved, and of
earlier ones the hour alone: then what was put back counts as put back before the count, on the safe side
(functions/orders/counts/running_totals.py).
"""

from functions.orders.counts.running_totals import KEPT
from simulation.actors.observed import Moved, Observed, Placing


def surely_added(observed: Observed, count: Moved, found: Moved) -> bool:
    """Whether `found` is added to an earlier `count` of its offer, however late that is heard: its note was not dropped for later moves."""
    if not count.span.surely_before(found.span):
        return False
    same_second = count.span.end.replace(microsecond=0) == found.span.start.replace(microsecond=0)
    return _moves_since(observed, found) <= KEPT["m" if same_second else "s"]


def _moves_since(observed: Observed, found: Moved) -> int:
    """The most moves that there can be from `found` on: each unit of an order may leave, or be given up, by itself."""
    moves = sum(move.offer_id == found.offer_id and not move.span.surely_before(found.span) for move in observed.adjusted)
    for placing in observed.placings:
        if wanted := units_wanted(placing, found.offer_id):
            sold_again = sum(refund.order_id == placing.order_id and refund.restock for refund in observed.refunds)
            moves += wanted + sold_again + (not placing.span.surely_before(found.span))
    return moves


def units_wanted(placing: Placing, offer_id: str) -> int:
    """Units of the offer that an order wanted."""
    return sum(line["quantity"] for line in placing.body["lines"] if line["offer_id"] == offer_id)
