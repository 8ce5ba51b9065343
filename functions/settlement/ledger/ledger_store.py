"""Journal entries, statement lines and introductions in DynamoDB.

| pk | sk | item |
|---|---|---|
| account#storefront#order | entry#0000 … | a journal entry with all its postings |
| account#storefront#order | sent_back#refund | a payment without an order, sent back |
| account#statement | time#entry | what an entry changed for the account |
| day#date#shard | time#entry | what an entry changed for the trial balance |
| account#storefront#payout | paid, returned, failed | what a payout moved |
| account#storefront#order | dispute#ref#taken, …#given_back | what a shopper's bank took back, and gave back |
| account#introductions | supplier | the order that first brought the supplier |

An order of one line costs 1 WCU (journal, under 1 KB) + 2 (statements) + 1 (day) = 4. There is no transaction: the journal
entry is written first and is the truth; lines derive from it with fixed keys, and a delivery that fails between the two is
brought again by the queue and completes them. Only what an entry makes payable is written in a transaction with a mark on the
entry: a payable is taken away when it is paid, so writing it again would pay it twice.
"""

import json
from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.settlement.ledger.account_statement import Line, Page, lines_of
from functions.settlement.ledger.journal import JournalEntry, Posting
from functions.settlement.payouts.payout_items import PayableItem
from functions.settlement.posting_rules.order_payment import Booking, Terms
from functions.settlement.posting_rules.payable import Payable, tenant_of
from shared.aws.dynamo import IntegerAttribute, Item, Table, bind, connection, reasons, refused


class JournalItem(Item):
    class Meta(Table):
        pass

    entry_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    storefront_id = UnicodeAttribute()
    occurred_at = UnicodeAttribute()
    currency = UnicodeAttribute()
    postings = UnicodeAttribute()
    """JSON: [[account, kind, amount], …], all in `currency`."""
    per_mille = IntegerAttribute()
    introduced = UnicodeAttribute(null=True)
    """Supplier ids, separated by spaces."""
    commissionable = IntegerAttribute()
    payables = BooleanAttribute(null=True)
    """Whether what it makes payable has been written."""


class LineItem(Item):
    class Meta(Table):
        pass

    entry_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    storefront_id = UnicodeAttribute()
    occurred_at = UnicodeAttribute()
    currency = UnicodeAttribute()
    amounts = UnicodeAttribute()
    """JSON: kind → amount."""


class IntroductionItem(Item):
    class Meta(Table):
        pass

    order_id = UnicodeAttribute()


class LedgerStore:
    """The settlement table (settlement.Books, statement.Lines)."""

    def __init__(self, table: str) -> None:
        bind(table, JournalItem, LineItem, IntroductionItem, PayableItem)

    def bookings(self, book: str) -> list[Booking]:
        return [_booking(item) for item in JournalItem.query(book, JournalItem.sk.startswith("entry#"), consistent_read=True)]

    def whole_book(self, book: str) -> list[Booking]:
        """All that the order's book holds, payments that were sent back too."""
        return [_booking(item) for item in JournalItem.query(book)]

    def append(self, booking: Booking) -> Booking:
        item = _journal_item(booking)
        _booking(item)  # what is about to be written is read back: JournalEntry refuses what does not balance
        try:
            item.save(condition=JournalItem.pk.does_not_exist())
        except PutError as error:
            if not refused(error):
                raise
            return _booking(JournalItem.get(booking.book, booking.slot, consistent_read=True))
        return booking

    def write_lines(self, booking: Booking) -> None:
        with LineItem.batch_write() as batch:  # raises PutError if some stay unwritten
            for partition, line in lines_of(booking).items():
                batch.save(_line_item(partition, line))

    def write_payables(self, booking: Booking, payables: Sequence[Payable]) -> None:
        due = f"{tenant_of(booking.book)}#due#{booking.currency}"
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.update(
                    JournalItem(booking.book, booking.slot),
                    [JournalItem.payables.set(True)],
                    condition=JournalItem.payables.does_not_exist(),
                )
                for p in payables:
                    item = PayableItem(due, p.key, payee=p.payee, day=p.available_on, entry_id=p.entry_id, amount=p.amount)
                    transaction.save(item)
        except TransactWriteError as error:
            if "ConditionalCheckFailed" not in reasons(error):
                raise

    def introduced_by(self, account_id: str, supplier_id: str, order_id: str) -> str:
        item = IntroductionItem(f"{account_id}#introductions", supplier_id, order_id=order_id)
        try:
            item.save(condition=IntroductionItem.pk.does_not_exist())
        except PutError as error:
            if not refused(error):
                raise
            return str(IntroductionItem.get(item.pk, item.sk, consistent_read=True).order_id)
        return order_id

    def page(self, partition: str, since: str, until: str, *, after: str | None, limit: int, newest_first: bool) -> Page:
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
        return Page(lines, None if last is None else str(last["sk"]["S"]))


def _journal_item(booking: Booking) -> JournalItem:
    entry, terms = booking.entry, booking.terms
    return JournalItem(
        booking.book, booking.slot, entry_id=entry.id, order_id=entry.order_id, storefront_id=booking.storefront_id,
        occurred_at=entry.occurred_at, currency=booking.currency, per_mille=terms.per_mille,
        introduced=" ".join(sorted(terms.introduced)) or None, commissionable=booking.commissionable,
        postings=json.dumps([[p.account, p.kind, p.amount] for p in entry.postings], separators=(",", ":")),
    )  # fmt: skip


def _booking(item: JournalItem) -> Booking:
    postings = tuple(Posting(account, kind, amount, item.currency) for account, kind, amount in json.loads(item.postings))
    entry = JournalEntry(item.entry_id, item.order_id, item.occurred_at, postings)
    terms = Terms(int(item.per_mille), frozenset((item.introduced or "").split()))
    return Booking(item.pk, item.sk, entry, item.currency, item.storefront_id, terms, int(item.commissionable))


def _line_item(partition: str, line: Line) -> LineItem:
    return LineItem(
        partition, line.key, entry_id=line.entry_id, order_id=line.order_id, storefront_id=line.storefront_id,
        occurred_at=line.occurred_at, currency=line.currency, amounts=json.dumps(line.amounts, separators=(",", ":")),
    )  # fmt: skip


def _line(item: LineItem) -> Line:
    return Line(item.entry_id, item.order_id, item.storefront_id, item.occurred_at, item.currency, json.loads(item.amounts))
