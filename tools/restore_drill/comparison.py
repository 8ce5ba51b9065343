"""What a restored set of tables lacks, and what must never be so. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.restore_drill.order_gaps import HEALED, Gap, gaps, orders_in
from tools.restore_drill.table_difference import Raw, TableDifference, difference

Tables = Mapping[str, Sequence[Raw]]
"""Service → the items of its table."""
Settings = Mapping[str, Mapping[str, Any]]
"""Service → its table's settings by name."""
BROUGHT_BACK = ("keys", "indexes")
"""What of a table's settings a restore brings back; the rest is set anew."""


@dataclass(frozen=True)
class Acknowledged:
    """An order that a shopper was told to have, `at` epoch seconds of the drill's clock; the amount in minor units."""

    order_id: str
    at: float
    amount: int
    currency: str
    online: bool
    """Whether a provider holds its money."""


@dataclass(frozen=True)
class Comparison:
    """A restored set beside the tables as they are now."""

    differences: Mapping[str, TableDifference]
    lacking: Sequence[Acknowledged]
    """Orders that the restored set does not know."""
    gaps: Sequence[Gap]
    unset: Mapping[str, Sequence[str]]
    """Setting → the services whose restored table lacks it."""
    wrong: Sequence[str]
    """What must not be, a sentence each."""


def compared(now: Tables, restored: Tables, acknowledged: Sequence[Acknowledged], asked: float) -> Comparison:
    """`asked`: when the orders' backup was asked for; what was acknowledged before must be in it."""
    mine, theirs = orders_in(now), orders_in(restored)
    lacking = [one for one in acknowledged if one.order_id not in theirs.states]
    early = [one.order_id for one in lacking if one.at <= asked]
    gone = [one.order_id for one in acknowledged if one.order_id not in mine.states]
    wrong = [f"{order} was acknowledged before the backup, and the restored set lacks it" for order in early]
    wrong += [f"{order} was acknowledged, and the hub's own tables lack it" for order in gone]
    wrong += [f"the hub's own tables disagree: {gap.what}: {', '.join(gap.orders)}" for gap in gaps(mine)]
    differences = {service: difference(items, restored[service]) for service, items in now.items()}
    return Comparison(differences, lacking, gaps(theirs), {}, wrong)


@dataclass(frozen=True)
class Switched:
    """A hub that goes on with restored tables."""

    published: int
    """Events that were published again."""
    left: Sequence[Gap]
    wrong: Sequence[str]


def after_switch(tables: Tables, placed: Sequence[Acknowledged], published: int) -> Switched:
    """`tables`: once the events were heard and the orders `placed` went their way. What an event was to heal must be healed."""
    orders = orders_in(tables)
    left = gaps(orders)
    wrong = [f"not healed by publishing again: {gap.what}: {', '.join(gap.orders)}" for gap in left if gap.remedy in HEALED]
    known = orders.states.keys() & orders.plans.keys() & orders.payments.keys()
    wrong += [f"{one.order_id} was placed after the switch, and did not go its way" for one in placed if one.order_id not in known]
    return Switched(published, left, wrong)


def unset(now: Settings, restored: Settings) -> dict[str, list[str]]:
    """Setting → the services whose restored table has another one than its own table."""
    found: dict[str, list[str]] = {}
    for service, settings in now.items():
        for name, value in settings.items():
            if restored[service][name] != value:
                found.setdefault(name, []).append(service)
    return found


def not_brought_back(changed: Mapping[str, Sequence[str]]) -> list[str]:
    """A sentence for each setting that a restore should have brought back."""
    return [f"the restored tables' {name} differ: {', '.join(changed[name])}" for name in BROUGHT_BACK if name in changed]
