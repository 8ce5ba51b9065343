"""The steps of a drill: orders, backups, more orders, a restore beside the hub's own tables, a comparison, the switch."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from local.stack import Stack
from tools.redrive.dead_letters import topic_of
from tools.replay.calls import Stalled
from tools.replay.shops import open_shops
from tools.republish.publishing import events_in
from tools.republish.publishing import publish as publish_again
from tools.restore_drill.comparison import Acknowledged, Comparison, Switched, after_switch, compared, not_brought_back, unset
from tools.restore_drill.stage_tables import Backup, StageTables, tables_of
from tools.restore_drill.switch import Switch
from tools.restore_drill.trade import Trade, publish

QUIET_SECONDS = 120


@dataclass(frozen=True)
class Outcome:
    """What the drill did and found."""

    backups: Mapping[str, Backup]
    restore_seconds: float
    acknowledged: Sequence[Acknowledged]
    found: Comparison
    switched: Switched | None
    """None if the backups were taken along the way: payments of orders that are not there would be told, and die in the orders' queue."""

    @property
    def span(self) -> float:
        """Seconds from the first backup to the last."""
        taken = list(self.backups.values())
        return taken[-1].answered - taken[0].asked


@dataclass(frozen=True)
class Plan:
    """How to drill: orders of each phase, seconds from one backup to the next, and whether along the way of the data."""

    number: int
    apart: float
    along: bool


def run(stack: Stack, plan: Plan, say: Callable[[str], None]) -> Outcome:
    """Drill at a hub that has its reference lists and no more.

    Raises Unrestorable, Stalled, Declined.
    """
    people, tables = stack.people(), tables_of("local", stack.client("dynamodb"))
    supplier, product_id = publish(people)
    with open_shops(people, supplier.account_id) as shops:
        trade = Trade(list(shops.values()), product_id)
        trade.place(plan.number)
        _quiet(stack)
        say(f"{plan.number} orders are placed, paid or promised, planned and booked; from now on orders come in without a pause")
        with trade:
            backups, restored, seconds = _while_trading(tables, trade, plan, say)
        _quiet(stack)
        acknowledged = list(trade.acknowledged)
        say(f"{len(acknowledged)} orders are acknowledged in all; comparing {len(backups)} tables")
        found = _compared(tables, restored, acknowledged, backups["orders"].asked)
        switched = None if plan.along else _switched(stack, trade, backups, plan.number, say)
    dead = [f"{count} messages died in {queue}" for queue, count in stack.queues.dead_letters().items()]
    return Outcome(
        backups, seconds, acknowledged, replace(found, wrong=[*found.wrong, *(switched.wrong if switched else ()), *dead]), switched
    )


def _switched(stack: Stack, trade: Trade, backups: Mapping[str, Backup], number: int, say: Callable[[str], None]) -> Switched:
    """The hub on its restored tables: what they hold is told again, and new orders come in."""
    Switch(stack.client("dynamodb"), stack.client("lambda")).to(backups)
    say("the hub's own tables are deleted, restored under their names, set anew, and joined to their readers")
    tables, sns = tables_of("local", stack.client("dynamodb")), stack.client("sns")
    topic = topic_of("local", sns)
    published = sum(publish_again(sns, topic, events_in(tables.scan(service))) for service in ("payments", "orders"))
    _quiet(stack)
    trade.place(number)
    _quiet(stack)
    say(f"{published} events of payments and orders are published again, and {number} new orders went their way")
    return after_switch(tables.items(), trade.acknowledged[-number:], published)


def _while_trading(
    tables: StageTables, trade: Trade, plan: Plan, say: Callable[[str], None]
) -> tuple[Mapping[str, Backup], StageTables, float]:
    trade.until(1)
    backups = tables.back_up("restore-drill", plan.apart, along=plan.along)
    say(f"{len(backups)} tables are backed up, {plan.apart:g} s apart, from {next(iter(backups))} on")
    trade.until(plan.number)
    began = time.monotonic()
    restored = tables.restore(backups)
    seconds = time.monotonic() - began
    say(f"they are restored beside the hub's own tables in {seconds:.1f} s, and orders still come in")
    trade.until(1)
    return backups, restored, seconds


def _compared(tables: StageTables, restored: StageTables, acknowledged: Sequence[Acknowledged], asked: float) -> Comparison:
    found = compared(tables.items(), restored.items(), acknowledged, asked)
    changed = unset(tables.settings(), restored.settings())
    return replace(found, unset=changed, wrong=[*found.wrong, *not_brought_back(changed)])


def _quiet(stack: Stack) -> None:
    if not stack.quiet(QUIET_SECONDS):
        raise Stalled(f"messages are still on their way after {QUIET_SECONDS} s: the machine is too busy for a drill")
