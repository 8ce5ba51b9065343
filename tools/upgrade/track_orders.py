"""`python -m tools.upgrade.track_orders` lets counts of the shelf (`on_hand`) take off the open orders of before an upgrade.

Run it once after an upgrade from before 2026-11-29, with the hub running. It goes through the orders' table once, at some 100 read units a
second; each order of before with units that were not sent is counted among those that wait for dispatch, in one write with its offers.
What a count of the shelf since the upgrade has left on sale of them is taken off. Run again, it does what is left to do, and nothing twice.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from functions.orders.counts.untracked_orders_store import UntrackedOrderStore
from functions.orders.order import Order
from functions.orders.withdrawals.units import untracked
from shared.optimistic_retry import Busy, Retry
from tools.progress import Say, say, telling
from tools.redrive import which_hub
from tools.restore_drill.stage_tables import Unrestorable, tables_of

EXAMPLES = """examples:
  python -m tools.upgrade.track_orders --stage prod
  .venv/bin/python -m tools.upgrade.track_orders --laptop      (the hub that `make run` started)
"""
SAY_EACH = 1000
"""After so many orders of before it is said how far it is."""


@dataclass
class Tracked:
    """What was done: orders of before that were looked at, those that wait from now on, their units, those that could not be done."""

    seen: int = 0
    orders: int = 0
    units: int = 0
    left: int = 0

    def __str__(self) -> str:
        tracked = f"{self.orders:,} with {self.units:,} units wait for dispatch from now on"
        return f"{self.seen:,} orders of before: {tracked}, {self.left:,} could not be done"


def track_orders(store: UntrackedOrderStore, orders: Iterable[Order], retry: Retry, say: Say) -> Tracked:
    """Track each order with units that wait. One that changes too fast, or whose offer is not there, is named, and left."""
    done = Tracked()
    for order in telling(orders, SAY_EACH, lambda: done, say):
        done.seen += 1
        if untracked(order):
            _track(store, order, retry, done, say)
    return done


def _track(store: UntrackedOrderStore, order: Order, retry: Retry, done: Tracked, say: Say) -> None:
    try:
        units = retry(lambda: store.track(order))
    except (Busy, KeyError) as error:
        why = "it changes too fast" if isinstance(error, Busy) else f"there is no offer {error}"
        say(f"left: order {order.id} of storefront {order.storefront_id}: {why}")
        done.left += 1
        return
    done.orders += bool(units)
    done.units += sum(units.values())


def main(arguments: Sequence[str] | None = None) -> None:
    """Say, and do. Ends with status 1 if something is left, or if it could not be finished."""
    asked = parser().parse_args(arguments)
    stage, client = which_hub.enter(asked)
    try:
        store = UntrackedOrderStore(tables_of(stage, client("dynamodb")).names["orders"])
        done = track_orders(store, store.untracked(), Retry(), say)
    except (BotoCoreError, ClientError, PynamoDBException, Unrestorable) as error:
        sys.exit(f"{error}\ncheck --stage and your AWS credentials, and begin again: nothing is done twice")
    print(done)
    if done.left:
        sys.exit("run it again for those that are left")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m tools.upgrade.track_orders",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    which_hub.ask(made)
    return made


if __name__ == "__main__":
    main()
