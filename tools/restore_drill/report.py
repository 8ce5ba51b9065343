"""What a drill found, for people."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tools.restore_drill.comparison import Acknowledged
from tools.restore_drill.drill import Outcome

HOLDS = "the drill holds: nothing is lost but what came after the backup, and the hub itself is whole"
BESIDES = 'On AWS besides: TTL, point-in-time recovery, tags. How to go on: docs/operators.md, "When data is lost".'


def lines(outcome: Outcome) -> Iterator[str]:
    """The summary, line by line."""
    yield from _items(outcome)
    yield from _orders(outcome)
    yield from _gaps(outcome)
    yield ""
    yield "What a restore does not bring back, and is set anew:"
    for name, services in outcome.found.unset.items():
        yield f"  {name}: {', '.join(services)}"
    yield f"  {BESIDES}"
    yield ""
    yield from _switched(outcome)
    yield ""
    yield from (f"WRONG: {sentence}" for sentence in outcome.found.wrong)
    yield "the drill does not hold" if outcome.found.wrong else HOLDS


def _items(outcome: Outcome) -> Iterator[str]:
    yield f"Backups from first to last {outcome.span:.1f} s, restored in {outcome.restore_seconds:.1f} s."
    yield "The restored set beside the tables now, in items:"
    yield f"  {'table':<12}{'same':>8}{'lost':>8}{'older':>8}{'newer':>8}{'back':>8}"
    for service, found in outcome.found.differences.items():
        counts = (found.same, len(found.lost), len(found.older), len(found.newer), len(found.back))
        yield f"  {service:<12}" + "".join(f"{count:>8,}" for count in counts)


def _orders(outcome: Outcome) -> Iterator[str]:
    lacking = outcome.found.lacking
    online = [order for order in lacking if order.online]
    yield ""
    yield f"Of {len(outcome.acknowledged)} orders that a shopper was told to have the restored set lacks {len(lacking)}: {_money(lacking)}."
    yield f"  A provider holds the money of {len(online)} of those, {_money(online)}: its books know them, the hub does not."


def _gaps(outcome: Outcome) -> Iterator[str]:
    yield ""
    yield "Orders of which one restored table knows more than another:" + ("" if outcome.found.gaps else " none")
    for gap in outcome.found.gaps:
        yield f"  {len(gap.orders)}: {gap.what}. Remedy: {gap.remedy}."
        yield f"     {', '.join(gap.orders[:3])}{' …' if len(gap.orders) > 3 else ''}"


def _switched(outcome: Outcome) -> Iterator[str]:
    if outcome.switched is None:
        yield "The hub was not brought to the restored data: told of payments without orders it would try in vain."
        return
    left = outcome.switched.left
    yield f"The hub went on with the restored tables; {outcome.switched.published} events were published again. Left for people:"
    yield from (f"  {len(gap.orders)}: {gap.what}. Remedy: {gap.remedy}." for gap in left)
    yield from () if left else ("  nothing",)


def _money(orders: Sequence[Acknowledged]) -> str:
    sums: Counter[str] = Counter()
    for order in orders:
        sums[order.currency] += order.amount
    return " and ".join(f"{currency} {amount / 100:,.2f}" for currency, amount in sums.items()) or "nothing"
