"""Who is paid how much by a batch. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from functions.settlement.posting_rules.payable import Payable


@dataclass(frozen=True, slots=True)
class Share:
    """One payee's part of a batch."""

    payee: str
    amount: int
    payables: tuple[Payable, ...]


def shares(due: Iterable[Payable], claimed: Iterable[Payable], payable_to: Mapping[str, bool], minimum: int, most: int) -> list[Share]:
    """Who is paid: whoever can be and is owed at least `minimum`, the most owed first, at most `most`; all that each is due counts.

    Who has something claimed already stays in, or a crash between two claims would leave it behind.
    """
    owed: dict[str, list[Payable]] = {}
    begun = set()
    for payable in claimed:
        owed.setdefault(payable.payee, []).append(payable)
        begun.add(payable.payee)
    for payable in due:
        owed.setdefault(payable.payee, []).append(payable)
    found = [Share(payee, sum(p.amount for p in all_), tuple(all_)) for payee, all_ in owed.items()]
    wanted = [s for s in found if s.payee in begun or (s.amount >= max(minimum, 1) and payable_to.get(s.payee, False))]
    return sorted(wanted, key=lambda s: (s.payee not in begun, -s.amount, s.payee))[: max(most, len(begun))]


def carried_over(unpaid: Sequence[Share], currency: str, batch_key: str, day: date) -> list[Payable]:
    """What claimed shares that cannot be paid after all leave due for the next batch."""
    return [Payable(s.payee, currency, day.isoformat(), f"{batch_key}-carried", s.amount) for s in unpaid if s.amount]
