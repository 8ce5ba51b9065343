"""How a move of stock is written: the quantity, the running totals and their notes, in one update of the offer's item."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from functions.orders.counts.running_totals import BASE, Move, RunningTotals, Totals, notes_of, outdated
from functions.orders.inventory.inventory_items import ReplicaItem, kept_totals, stock_of
from functions.orders.inventory.stock_item import StockItem
from shared.aws.dynamo import refused

NOTHING = kept_totals(Totals())


def move_actions(move: Move, held: StockItem, now: datetime) -> list[Action]:
    """What a move of this moment writes on the offer, which has totals; `held` may be stale: it says which notes can go."""
    totals = held.totals or RunningTotals()
    moved = enumerate(kept_totals(Totals().after(move)))
    return [
        *([ReplicaItem.quantity.add(move.quantity)] if move.quantity else []),
        *(ReplicaItem.totals[at].set(ReplicaItem.totals[at] + by) for at, by in moved if by),
        *(ReplicaItem.past[note].set(ReplicaItem.past[note] | ReplicaItem.totals) for note in notes_of(now)),
        *(ReplicaItem.past[note].remove() for note in sorted(outdated(totals.past, now))),
    ]


def begin_totals(offer_id: str) -> None:
    """Let an offer that is older than totals have them, from now on; once in its life. Raises Contended."""
    try:
        ReplicaItem(offer_id, "offer").update(
            actions=[ReplicaItem.totals.set(NOTHING), ReplicaItem.past.set({BASE: NOTHING})],
            condition=ReplicaItem.pk.exists() & ReplicaItem.totals.does_not_exist(),
        )
    except UpdateError as error:
        if not refused(error):
            raise


def with_totals(offer_ids: Iterable[str]) -> Mapping[str, StockItem]:
    """The offers, as last heard, all with totals in the table from now on. Raises Contended."""
    found = {item.pk: stock_of(item) for item in ReplicaItem.batch_get([(offer_id, "offer") for offer_id in offer_ids])}
    for offer_id, stock in found.items():
        if stock.totals is None:
            begin_totals(offer_id)
    return found


def forget_actions(before: Collection[str], after: RunningTotals) -> list[Action]:
    """What drops the notes of `before` that a count has made needless."""
    return [
        ReplicaItem.past[BASE].set(kept_totals(after.past[BASE])),
        *(ReplicaItem.past[note].remove() for note in sorted(set(before) - after.past.keys())),
    ]
