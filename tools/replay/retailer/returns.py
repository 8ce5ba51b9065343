"""Cancellations as refunds: which units of which earlier order each line of a cancellation gives back. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tools.replay.retailer.sales_file import Invoice, Part

NOBODY = "its customer is missing"
NOT_SOLD = "bought before the file's first invoice, or refused"


@dataclass(frozen=True, slots=True)
class Return:
    """What one cancellation gives back of one order. `key` is the same in every replay."""

    part: Part
    key: str
    units: dict[str, int]


@dataclass
class Left:
    """An order with the units that were not given back."""

    part: Part
    units: dict[str, int]

    def take(self, code: str, wanted: int) -> int:
        """Take up to `wanted` units; answers how many there were."""
        taken = min(self.units.get(code, 0), wanted)
        if taken:
            self.units[code] -= taken
        return taken


def returns_of(invoices: Iterable[Invoice], placed: Mapping[str, list[Part]]) -> tuple[list[Return], Counter[str]]:
    """The refunds of all cancellations among `invoices`, and how many of their lines find no order, by reason.

    `placed`: invoice number → its orders that stand, each with the units it has. The latest order gives back first. Only what
    comes earlier in the file counts, so a replay of more invoices gives the same refunds for those it shares with a shorter one.
    """
    found: list[Return] = []
    lost: Counter[str] = Counter()
    bought: dict[str, list[Left]] = {}
    for invoice in invoices:
        if not invoice.is_cancellation:
            bought.setdefault(invoice.customer, []).extend(Left(part, dict(part.units)) for part in placed.get(invoice.number, []))
        elif not invoice.customer:
            lost[NOBODY] += len(invoice.units)
        else:
            given, missing = _given_back(invoice, bought.get(invoice.customer, []))
            found += given
            lost[NOT_SOLD] += missing
    return found, +lost


def _given_back(cancellation: Invoice, orders: list[Left]) -> tuple[list[Return], int]:
    """One cancellation's refunds, and how many of its lines are not covered in full."""
    taken: dict[str, Return] = {}
    missing = 0
    for code, units in cancellation.units.items():
        wanted = units
        for order in reversed(orders):
            got = order.take(code, wanted)
            if got:
                key = f"{order.part.key}-{cancellation.number}"
                taken.setdefault(key, Return(order.part, key, {})).units[code] = got
                wanted -= got
        missing += wanted > 0
    return list(taken.values()), missing
