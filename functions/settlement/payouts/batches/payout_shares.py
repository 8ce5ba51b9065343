"""Who is paid how much by a batch. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from functions.settlement.payables.payable import Payable
from functions.settlement.payouts.batches.payout_batch import PayoutBatch


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


def carried_over(unpaid: Sequence[Share], batch: PayoutBatch) -> list[Payable]:
    """What claimed shares that cannot be paid after all leave due for the next batch, named by the version of `batch` that leaves it."""
    name = f"{batch.key}-carried-{batch.version}"
    return [Payable(s.payee, batch.currency, batch.day, name, s.amount) for s in unpaid]
