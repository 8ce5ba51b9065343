"""Payables, payout accounts, schedules and batches in DynamoDB.

Two writes are transactions, for a payable must lie in one place only: a claim (from what is due into the batch, while the batch
collects) and the fixing of a batch (its plan, its state, what is carried over, and the sweep's appointment).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from functions.settlement.payouts.appointments import SHARDS, Appointment
from functions.settlement.payouts.batches.payout_batch import BatchState, PayoutBatch, PayoutRecord, PayoutState, prefix_of
from functions.settlement.payouts.payout_account import PayoutAccount
from functions.settlement.payouts.payout_items import (
    ALL,
    AccountItem,
    AgendaItem,
    BatchItem,
    PapersItem,
    PayableItem,
    PayoutItem,
    ScheduleItem,
)
from functions.settlement.payouts.payout_schedule import Every, Minimum, Schedule
from functions.settlement.posting_rules.payable import Payable
from monsoon_plugin.money import Money
from shared.aws.dynamo import bind, connection, put_if, reasons

BATCH = "batch#"


class PayoutStore:
    def __init__(self, table: str) -> None:
        bind(table, *ALL)

    # payout accounts

    def account(self, account_id: str) -> PayoutAccount | None:
        found = _get(AccountItem, f"{account_id}#payout", "account")
        return found and _account(found)

    def accounts(self, account_ids: Iterable[str]) -> dict[str, PayoutAccount]:
        keys = [(f"{account_id}#payout", "account") for account_id in account_ids]
        return {account.account_id: account for account in map(_account, AccountItem.batch_get(keys, consistent_read=True))}

    def keep_account(self, account: PayoutAccount) -> bool:
        """Keep it if the stored one is one version older; answers whether it was kept."""
        a = account
        item = AccountItem(
            f"{a.account_id}#payout", "account", sealed=a.sealed, country=a.country or None, ways=" ".join(a.ways),
            blocked=a.blocked or None, version=a.version,
        )  # fmt: skip
        return put_if(item, AccountItem.pk.does_not_exist() if a.version == 1 else AccountItem.version == a.version - 1)

    # schedules and the agenda

    def schedule(self, tenant: str) -> Schedule | None:
        found = _get(ScheduleItem, f"{tenant}#payouts", "schedule")
        if found is None:
            return None
        minimums = tuple(Minimum(currency, amount) for currency, amount in json.loads(found.minimums).items())
        return Schedule(tenant, found.installation_id, cast("Every", found.every), int(found.on), minimums, int(found.version))

    def keep_schedule(self, schedule: Schedule) -> bool:
        """Keep it if the stored one is one version older; answers whether it was kept."""
        s, first = schedule, schedule.version == 1
        item = ScheduleItem(
            f"{s.tenant}#payouts", "schedule", installation_id=s.installation_id, every=s.every, on=s.on, version=s.version,
            minimums=json.dumps({m.currency: m.amount for m in s.minimums}),
        )  # fmt: skip
        return put_if(item, ScheduleItem.pk.does_not_exist() if first else ScheduleItem.version == s.version - 1)

    def appoint(self, appointment: Appointment) -> None:
        _appointed(appointment).save()

    def forget(self, appointment: Appointment) -> None:
        AgendaItem(f"agenda#{appointment.shard}", appointment.key).delete()

    def appointments(self, now: str, limit: int) -> Iterator[Appointment]:
        """At most `limit` that are due, a share from each shard, the longest due first."""
        for shard in range(SHARDS):
            for item in AgendaItem.query(f"agenda#{shard}", AgendaItem.sk < f"{now}~", consistent_read=True, limit=limit // SHARDS):
                yield Appointment(item.sk.split("#", 1)[0], item.tenant, item.what)

    # payables

    def due(self, tenant: str, currency: str, day: str, most: int) -> list[Payable]:
        """What may be paid on `day`, of the first `most` that lie here."""
        found = PayableItem.query(f"{tenant}#due#{currency}", consistent_read=True, limit=most)
        return [payable for payable in (_payable(item, currency) for item in found) if payable.available_on <= day]

    def claimed(self, batch: PayoutBatch) -> list[Payable]:
        found = PayableItem.query(_papers(batch.tenant, batch.key), PayableItem.sk > "0", consistent_read=True)
        return [_payable(item, batch.currency) for item in found]

    def claim(self, batch: PayoutBatch, payables: Sequence[Payable]) -> PayoutBatch | None:
        """Move at most 49 payables into a collecting batch; None if somebody else changed either meanwhile."""
        claiming = replace(batch, version=batch.version + 1)
        due = f"{batch.tenant}#due#{batch.currency}"

        def write(transaction: TransactWrite) -> None:
            transaction.save(_batch_item(claiming), condition=BatchItem.version == batch.version)
            for payable in payables:
                transaction.delete(PayableItem(due, payable.key), condition=PayableItem.pk.exists())
                transaction.save(_payable_item(_papers(batch.tenant, batch.key), payable))

        return claiming if _transacted(write) else None

    # batches

    def batch(self, tenant: str, key: str) -> PayoutBatch | None:
        found = _get(BatchItem, f"{tenant}#payouts", BATCH + key)
        return found and _batch(found)

    def add_batch(self, batch: PayoutBatch) -> PayoutBatch:
        """Keep a new batch unless one of its key stands; answers what stands."""
        put_if(_batch_item(batch), BatchItem.pk.does_not_exist())
        return _batch(BatchItem.get(f"{batch.tenant}#payouts", BATCH + batch.key, consistent_read=True))

    def keep_batch(self, batch: PayoutBatch) -> PayoutBatch | None:
        """Keep a changed batch, as the version after the one that was read; None if somebody else changed it meanwhile."""
        changed = replace(batch, version=batch.version + 1)
        return changed if put_if(_batch_item(changed), BatchItem.version == batch.version) else None

    def fix(self, batch: PayoutBatch, plan: bytes, carried: Sequence[Payable], follow: Appointment) -> PayoutBatch | None:
        """Fix what a batch pays; None if somebody else changed it meanwhile."""
        fixed = replace(batch, version=batch.version + 1)

        def write(transaction: TransactWrite) -> None:
            transaction.save(_batch_item(fixed), condition=BatchItem.version == batch.version)
            transaction.save(PapersItem(_papers(batch.tenant, batch.key), "!plan", sealed=plan))
            transaction.save(_appointed(follow))
            for payable in carried:
                transaction.save(_payable_item(f"{batch.tenant}#due#{batch.currency}", payable))

        return fixed if _transacted(write) else None

    def batches(self, tenant: str, limit: int, after: str | None) -> tuple[list[PayoutBatch], str | None]:
        """A page of the storefront's batches, the newest first, and where the next begins."""
        start: Any = {"pk": {"S": f"{tenant}#payouts"}, "sk": {"S": after}} if after else None
        found = BatchItem.query(
            f"{tenant}#payouts", BatchItem.sk.startswith(BATCH), scan_index_forward=False, limit=limit, last_evaluated_key=start
        )
        batches = [_batch(item) for item in found]
        last = found.last_evaluated_key
        return batches, None if last is None else str(last["sk"]["S"])

    def plan(self, batch: PayoutBatch) -> bytes:
        return PapersItem.get(_papers(batch.tenant, batch.key), "!plan", consistent_read=True).sealed

    def keep_file(self, batch: PayoutBatch, sealed: bytes, media_type: str) -> None:
        PapersItem(_papers(batch.tenant, batch.key), "!file", sealed=sealed, media_type=media_type).save()

    def file(self, batch: PayoutBatch) -> tuple[bytes, str] | None:
        found = _get(PapersItem, _papers(batch.tenant, batch.key), "!file")
        return found and (found.sealed, found.media_type or "")

    # payouts

    def records(self, batch: PayoutBatch) -> dict[str, PayoutRecord]:
        found = PayoutItem.query(_papers(batch.tenant, batch.key), PayoutItem.sk.startswith("!payout#"), consistent_read=True)
        return {record.payout_id: record for record in (_record(item, batch.tenant) for item in found)}

    def record(self, tenant: str, payout_id: str) -> PayoutRecord | None:
        found = _get(PayoutItem, _papers(tenant, prefix_of(payout_id)), f"!payout#{payout_id}")
        return found and _record(found, tenant)

    def add_record(self, record: PayoutRecord) -> None:
        put_if(_record_item(record), PayoutItem.pk.does_not_exist())

    def keep_record(self, record: PayoutRecord) -> bool:
        """Keep it if the stored one is one version older; answers whether it was kept."""
        return put_if(_record_item(record), PayoutItem.version == record.version - 1)


def _get(model: Any, pk: str, sk: str) -> Any:
    try:
        return model.get(pk, sk, consistent_read=True)
    except model.DoesNotExist:
        return None


def _transacted(write: Any) -> bool:
    """Whether the transaction that `write` fills was written, and not refused by a condition or a rival."""
    try:
        with TransactWrite(connection=connection()) as transaction:
            write(transaction)
    except TransactWriteError as error:
        if not {"ConditionalCheckFailed", "TransactionConflict"} & set(reasons(error)):
            raise
        return False
    return True


def _papers(tenant: str, key: str) -> str:
    return f"{tenant}#batch#{key}"


def _appointed(appointment: Appointment) -> AgendaItem:
    return AgendaItem(f"agenda#{appointment.shard}", appointment.key, tenant=appointment.tenant, what=appointment.what)


def _payable_item(pk: str, p: Payable) -> PayableItem:
    return PayableItem(pk, p.key, payee=p.payee, day=p.available_on, entry_id=p.entry_id, amount=p.amount)


def _payable(item: PayableItem, currency: str) -> Payable:
    return Payable(item.payee, currency, item.day, item.entry_id, int(item.amount))


def _account(item: AccountItem) -> PayoutAccount:
    account_id = item.pk.removesuffix("#payout")
    return PayoutAccount(account_id, item.sealed, item.country or "", tuple(item.ways.split()), item.blocked or "", int(item.version))


def _batch_item(b: PayoutBatch) -> BatchItem:
    return BatchItem(
        f"{b.tenant}#payouts", BATCH + b.key, installation_id=b.installation_id, plugin=b.plugin, currency=b.currency, day=b.day,
        state=b.state, version=b.version, total=b.total, payouts=b.count, tries=b.tries, changed_at=b.changed_at,
        reason=b.reason or None, by_file=b.by_file,
    )  # fmt: skip


def _batch(item: BatchItem) -> PayoutBatch:
    return PayoutBatch(
        item.sk.removeprefix(BATCH), item.pk.removesuffix("#payouts"), item.installation_id, item.plugin, item.currency, item.day,
        cast("BatchState", item.state), int(item.version), int(item.total), int(item.payouts), int(item.tries), item.changed_at,
        item.reason or "", item.by_file,
    )  # fmt: skip


def _record_item(r: PayoutRecord) -> PayoutItem:
    return PayoutItem(
        _papers(r.tenant, r.batch_key), f"!payout#{r.payout_id}", installation_id=r.installation_id, plugin=r.plugin, payee=r.payee,
        amount=r.amount.amount, currency=r.amount.currency, state=r.state, provider_ref=r.provider_ref or None, reason=r.reason or None,
        paid_line=r.paid_line or None, returned_line=r.returned_line or None, failed_before=r.failed_before, version=r.version,
    )  # fmt: skip


def _record(item: PayoutItem, tenant: str) -> PayoutRecord:
    known = item.sk.removeprefix("!payout#")
    return PayoutRecord(
        known, prefix_of(known), tenant, item.plugin, item.installation_id, item.payee, Money(int(item.amount), item.currency),
        cast("PayoutState", item.state), item.provider_ref or "", item.reason or "", item.paid_line or "", item.returned_line or "",
        item.failed_before, int(item.version),
    )  # fmt: skip
