"""Payables in DynamoDB, and how batches claim them.

Whether a payable was claimed is said by its journal entry, whose item takes each payee's claim once: of two batches that read the same
payable one gets it. What lies under `due` only says where to look; a copy that a late delivery put there again is dropped by the claim
that fails. A payable without an entry (a carry-over, or of before 2026-11-29) is claimed by taking its own item away.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.settlement.ledger.ledger_items import JournalItem
from functions.settlement.payables.payable import Payable
from functions.settlement.payables.payable_items import PayableItem, due_partition, payable_item, payable_of
from functions.settlement.payouts.batches.payout_batch import PayoutBatch
from functions.settlement.payouts.payout_items import BatchItem, batch_item, batch_partition
from shared.aws.dynamo import connection, reasons


class PayableStore:
    """The part of payout_context.Store about payables; its table is bound by PayoutStore."""

    def has_payables(self, tenant: str, currency: str) -> bool:
        """Whether anything waits for a payday, this one or a later."""
        return any(True for _ in PayableItem.query(due_partition(tenant, currency), consistent_read=True, limit=1))

    def due_payables(self, tenant: str, currency: str, day: str, most: int) -> list[Payable]:
        """At most `most` that may be paid on `day`."""
        due = due_partition(tenant, currency)
        found = PayableItem.query(due, filter_condition=PayableItem.day <= day, consistent_read=True, limit=most)
        return [payable_of(item, currency) for item in found]

    def page_of_due(self, tenant: str, currency: str, limit: int, after: str | None) -> tuple[list[Payable], str | None]:
        """At most `limit` that no batch has claimed, a payee's together, and the key of the last if more follow."""
        due = due_partition(tenant, currency)
        start: Any = {"pk": {"S": due}, "sk": {"S": after}} if after else None
        found = PayableItem.query(due, limit=limit, last_evaluated_key=start)
        payables = [payable_of(item, currency) for item in found]
        last = found.last_evaluated_key
        return payables, None if last is None else str(last["sk"]["S"])

    def payables_in(self, batch: PayoutBatch) -> list[Payable]:
        """Those that the batch has claimed."""
        found = PayableItem.query(batch_partition(batch.tenant, batch.key), PayableItem.sk > "0", consistent_read=True)
        return [payable_of(item, batch.currency) for item in found]

    def claim_payables(self, batch: PayoutBatch, payables: Sequence[Payable]) -> PayoutBatch | None:
        """Move at most 33 payables into a collecting batch; None if somebody else changed it, or claimed one of them, meanwhile."""
        claiming = replace(batch, version=batch.version + 1)
        due, claimed = due_partition(batch.tenant, batch.currency), batch_partition(batch.tenant, batch.key)

        def write(transaction: TransactWrite) -> None:
            transaction.save(batch_item(claiming), condition=BatchItem.version == batch.version)
            for (book, slot), payees in _by_entry(payables).items():
                unclaimed = JournalItem.pk.exists()
                for payee in payees:
                    unclaimed &= ~JournalItem.claimed.contains(payee)
                transaction.update(JournalItem(book, slot), [JournalItem.claimed.add(payees)], condition=unclaimed)
            for payable in payables:
                transaction.delete(PayableItem(due, payable.key), condition=PayableItem.pk.exists())
                transaction.save(payable_item(claimed, payable))

        if write_together(write):
            return claiming
        self._drop_claimed(due, payables)
        return None

    def carry_over(self, batch: PayoutBatch, unpaid: Sequence[Payable]) -> PayoutBatch | None:
        """Leave at most 49 sums due to a later batch, and take them off what this one has claimed; None if somebody else changed it."""
        carrying = replace(batch, version=batch.version + 1)
        due, claimed = due_partition(batch.tenant, batch.currency), batch_partition(batch.tenant, batch.key)

        def write(transaction: TransactWrite) -> None:
            transaction.save(batch_item(carrying), condition=BatchItem.version == batch.version)
            for payable in unpaid:
                transaction.save(payable_item(due, payable))
                taken_off = replace(payable, entry_id=f"{payable.entry_id}-off", amount=-payable.amount)
                transaction.save(payable_item(claimed, taken_off))

        return carrying if write_together(write) else None

    def _drop_claimed(self, due: str, payables: Sequence[Payable]) -> None:
        """Take away the copies of what was claimed before, or each later claim would fail at them."""
        found = JournalItem.batch_get(list(_by_entry(payables)), consistent_read=True)
        claimed = {(item.pk, item.sk): item.claimed or set() for item in found}
        with PayableItem.batch_write() as batch:
            for payable in payables:
                if payable.payee in claimed.get((payable.book, payable.slot), ()):
                    batch.delete(PayableItem(due, payable.key))


def _by_entry(payables: Sequence[Payable]) -> dict[tuple[str, str], set[str]]:
    """Each entry's place → the payees of its payables; a transaction takes an item once."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for payable in payables:
        if payable.book:
            found[payable.book, payable.slot].add(payable.payee)
    return found


def write_together(write: Callable[[TransactWrite], None]) -> bool:
    """Whether the transaction that `write` fills was written, and not refused by a condition or a rival."""
    try:
        with TransactWrite(connection=connection()) as transaction:
            write(transaction)
    except TransactWriteError as error:
        if not {"ConditionalCheckFailed", "TransactionConflict"} & set(reasons(error)):
            raise
        return False
    return True
