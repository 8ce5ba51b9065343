"""Journal entries, what derives from them, and introductions in DynamoDB.

An order of one line costs 1 WCU (journal, under 1 KB) + 2 (statements) + 1 (day) + 1 (what is due) = 5. There is no transaction:
the journal entry is written first and is the truth, of what it makes payable too; the rest derives from it with fixed keys, and a
delivery that fails between the two is brought again by the queue and completes them. A batch claims a payable in the entry, so
that a copy which is put again after it was paid is worth nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pynamodb.exceptions import UpdateError

from functions.settlement.ledger.account_statement import AccountLine, LinesPage, lines_of
from functions.settlement.ledger.booking import Booking
from functions.settlement.ledger.journal import JournalEntry, Posting
from functions.settlement.ledger.ledger_items import IntroductionItem, JournalItem, LineItem
from functions.settlement.payables.payable import Payable, tenant_of
from functions.settlement.payables.payable_items import PayableItem, due_partition, payable_item
from functions.settlement.posting_rules.first_introduction import CommissionTerms
from shared.aws.dynamo import Item, bind, put_if, refused


class LedgerStore:
    """The ledger in the settlement table (ledger_service.Ledger, ledger_queries.Ledger)."""

    def __init__(self, table: str) -> None:
        bind(table, JournalItem, LineItem, IntroductionItem, PayableItem)

    def bookings(self, book: str) -> list[Booking]:
        return [_booking(item) for item in JournalItem.query(book, JournalItem.sk.startswith("entry#"), consistent_read=True)]

    def whole_book(self, book: str, *, consistent: bool = False) -> list[Booking]:
        return [_booking(item) for item in JournalItem.query(book, consistent_read=consistent)]

    def append(self, booking: Booking) -> Booking:
        item = _journal_item(booking)
        _booking(item)  # what is about to be written is read back: JournalEntry refuses what does not balance
        if put_if(item, JournalItem.pk.does_not_exist()):
            return booking
        return self._standing(booking)

    def _standing(self, booking: Booking) -> Booking:
        return _booking(JournalItem.get(booking.book, booking.slot, consistent_read=True))

    def adopt(self, booking: Booking, payables: Sequence[Payable]) -> Booking:
        try:
            JournalItem(booking.book, booking.slot).update(
                [JournalItem.due.set(_due(payables))], condition=JournalItem.payables.does_not_exist()
            )
        except UpdateError as error:
            if not refused(error):
                raise
            return replace(booking, payables=())
        return self._standing(booking)

    def complete(self, booking: Booking) -> None:
        due = due_partition(tenant_of(booking.book), booking.currency)
        items: list[Item] = [_line_item(partition, line) for partition, line in lines_of(booking).items()]
        items += [payable_item(due, payable) for payable in booking.payables or ()]
        batch: Any = LineItem.batch_write()  # one call for items of all kinds; raises PutError if some stay unwritten
        with batch:
            for item in items:
                batch.save(item)

    def record_introduction(self, account_id: str, supplier_id: str, order_id: str) -> str:
        item = IntroductionItem(f"{account_id}#introductions", supplier_id, order_id=order_id)
        if put_if(item, IntroductionItem.pk.does_not_exist()):
            return order_id
        return str(IntroductionItem.get(item.pk, item.sk, consistent_read=True).order_id)

    def page(self, partition: str, since: str, until: str, *, after: str | None, limit: int, newest_first: bool) -> LinesPage:
        start: Any = {"pk": {"S": partition}, "sk": {"S": after}} if after else None
        found = LineItem.query(
            partition,
            LineItem.sk.between(since, until),
            scan_index_forward=not newest_first,
            limit=limit,
            last_evaluated_key=start,
        )
        lines = [_line(item) for item in found]
        last = found.last_evaluated_key
        return LinesPage(lines, None if last is None else str(last["sk"]["S"]))


def _journal_item(booking: Booking) -> JournalItem:
    entry, terms = booking.entry, booking.terms
    return JournalItem(
        booking.book,
        booking.slot,
        entry_id=entry.id,
        order_id=entry.order_id,
        storefront_id=booking.storefront_id,
        occurred_at=entry.occurred_at,
        currency=booking.currency,
        postings=json.dumps([[p.account, p.kind, p.amount] for p in entry.postings], separators=(",", ":")),
        per_mille=terms.per_mille,
        introduced=" ".join(sorted(terms.introduced)) or None,
        commissionable=booking.commissionable,
        test=booking.test or None,
        payment=booking.payment_id or None,
        due=_due(booking.payables or ()),
    )


def _due(payables: Sequence[Payable]) -> str:
    return json.dumps([[p.payee, p.available_on, p.amount] for p in payables], separators=(",", ":"))


def _unclaimed(item: JournalItem) -> tuple[Payable, ...] | None:
    if item.due is None:
        return None
    claimed, place = item.claimed or set(), {"entry_id": item.entry_id, "book": item.pk, "slot": item.sk}
    due = ((payee, day, amount) for payee, day, amount in json.loads(item.due) if payee not in claimed)
    return tuple(Payable(payee, item.currency, day, amount=amount, **place) for payee, day, amount in due)


def _booking(item: JournalItem) -> Booking:
    postings = tuple(Posting(account, kind, amount, item.currency) for account, kind, amount in json.loads(item.postings))
    return Booking(
        book=item.pk,
        slot=item.sk,
        entry=JournalEntry(item.entry_id, item.order_id, item.occurred_at, postings),
        currency=item.currency,
        storefront_id=item.storefront_id,
        terms=CommissionTerms(int(item.per_mille), frozenset((item.introduced or "").split())),
        commissionable=int(item.commissionable),
        test=bool(item.test),
        payment_id=item.payment or "",
        payables=_unclaimed(item),
    )


def _line_item(partition: str, line: AccountLine) -> LineItem:
    return LineItem(
        partition,
        line.key,
        entry_id=line.entry_id,
        order_id=line.order_id,
        storefront_id=line.storefront_id,
        occurred_at=line.occurred_at,
        currency=line.currency,
        amounts=json.dumps(line.amounts, separators=(",", ":")),
    )


def _line(item: LineItem) -> AccountLine:
    return AccountLine(
        entry_id=item.entry_id,
        order_id=item.order_id,
        storefront_id=item.storefront_id,
        occurred_at=item.occurred_at,
        currency=item.currency,
        amounts=json.loads(item.amounts),
    )
