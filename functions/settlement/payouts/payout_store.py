"""Payables, payout accounts, schedules and batches in DynamoDB.

Claims are in payable_store. A schedule is kept with its first payday, and a batch is fixed with its plan and the sweep's appointment: each
in one transaction.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from functions.settlement.payables.payable_store import PayableStore, write_together
from functions.settlement.payouts.appointments import SHARDS, Appointment
from functions.settlement.payouts.batches.payout_batch import PayoutBatch, PayoutRecord, batch_key_of
from functions.settlement.payouts.batches.payout_failure import failure_of
from functions.settlement.payouts.payout_account import PayoutAccount
from functions.settlement.payouts.payout_items import (
    ALL,
    BATCH,
    PAYOUT,
    AccountItem,
    AppointmentItem,
    BatchItem,
    DocumentItem,
    PayoutItem,
    ScheduleItem,
    account_item,
    account_of,
    appointment_item,
    appointment_of,
    batch_item,
    batch_of,
    batch_partition,
    payout_item,
    payout_of,
    payouts_partition,
    schedule_item,
    schedule_of,
)
from functions.settlement.payouts.payout_schedule import PayoutSchedule
from shared.aws.dynamo import bind, put_if
from shared.bus import envelope
from shared.iteration import each_read


class PayoutStore(PayableStore):
    """The store that paying works with (payout_context.Store)."""

    def __init__(self, table: str) -> None:
        bind(table, *ALL)

    # payout accounts

    def account(self, account_id: str) -> PayoutAccount | None:
        found = _get(AccountItem, f"{account_id}#payout", "account")
        return found and account_of(found)

    def accounts(self, account_ids: Iterable[str]) -> dict[str, PayoutAccount]:
        keys = [(f"{account_id}#payout", "account") for account_id in account_ids]
        return {account.account_id: account for account in map(account_of, AccountItem.batch_get(keys, consistent_read=True))}

    def keep_account(self, account: PayoutAccount) -> bool:
        """Keep it if the stored one is one version older; answers whether it was kept."""
        return put_if(account_item(account), _is_next(AccountItem, account.version))

    # schedules and appointments

    def schedule(self, tenant: str) -> PayoutSchedule | None:
        found = _get(ScheduleItem, payouts_partition(tenant), "schedule")
        return found and schedule_of(found)

    def keep_schedule(self, schedule: PayoutSchedule, payday: Appointment) -> bool:
        """Keep it, and the appointment of its first payday, if the stored one is one version older; answers whether both were kept."""

        def write(transaction: TransactWrite) -> None:
            transaction.save(schedule_item(schedule), condition=_is_next(ScheduleItem, schedule.version))
            transaction.save(appointment_item(payday))

        return write_together(write)

    def add_appointment(self, appointment: Appointment) -> None:
        appointment_item(appointment).save()

    def remove_appointment(self, appointment: Appointment) -> None:
        appointment_item(appointment).delete()

    def due_appointments(self, now: str, limit: int) -> Iterator[Appointment]:
        """At most `limit` that are due, a share from each shard, the longest due first. Raises at its end as `each_read` does."""
        due = AppointmentItem.sk < f"{now}~"
        items = [
            item
            for shard in range(SHARDS)
            for item in AppointmentItem.query(f"agenda#{shard}", due, consistent_read=True, limit=limit // SHARDS)
        ]
        return each_read(items, appointment_of, "appointments")

    # batches

    def batch(self, tenant: str, key: str) -> PayoutBatch | None:
        found = _get(BatchItem, payouts_partition(tenant), BATCH + key)
        return found and batch_of(found)

    def add_batch(self, batch: PayoutBatch) -> PayoutBatch:
        """Keep a new batch unless one of its key stands; answers what stands."""
        put_if(batch_item(batch), BatchItem.pk.does_not_exist())
        return batch_of(BatchItem.get(payouts_partition(batch.tenant), BATCH + batch.key, consistent_read=True))

    def keep_batch(self, batch: PayoutBatch) -> PayoutBatch | None:
        """Keep a changed batch, as the version after the one that was read; None if somebody else changed it meanwhile."""
        changed = replace(batch, version=batch.version + 1)
        return changed if put_if(batch_item(changed), BatchItem.version == batch.version) else None

    def fix_batch(self, batch: PayoutBatch, plan: bytes, follow: Appointment) -> PayoutBatch | None:
        """Fix what a batch pays; None if somebody else changed it meanwhile."""
        fixed = replace(batch, version=batch.version + 1)

        def write(transaction: TransactWrite) -> None:
            transaction.save(batch_item(fixed), condition=BatchItem.version == batch.version)
            transaction.save(DocumentItem(batch_partition(batch.tenant, batch.key), "!plan", sealed=plan))
            transaction.save(appointment_item(follow))

        return fixed if write_together(write) else None

    def batches(self, tenant: str, limit: int, after: str | None) -> tuple[list[PayoutBatch], str | None]:
        """A page of the storefront's batches, the newest first, and where the next begins."""
        pk = payouts_partition(tenant)
        start: Any = {"pk": {"S": pk}, "sk": {"S": after}} if after else None
        found = BatchItem.query(pk, BatchItem.sk.startswith(BATCH), scan_index_forward=False, limit=limit, last_evaluated_key=start)
        batches = [batch_of(item) for item in found]
        last = found.last_evaluated_key
        return batches, None if last is None else str(last["sk"]["S"])

    def plan(self, batch: PayoutBatch) -> bytes:
        return DocumentItem.get(batch_partition(batch.tenant, batch.key), "!plan", consistent_read=True).sealed

    def keep_file(self, batch: PayoutBatch, sealed: bytes, media_type: str) -> None:
        DocumentItem(batch_partition(batch.tenant, batch.key), "!file", sealed=sealed, media_type=media_type).save()

    def file(self, batch: PayoutBatch) -> tuple[bytes, str] | None:
        found = _get(DocumentItem, batch_partition(batch.tenant, batch.key), "!file")
        return found and (found.sealed, found.media_type or "")

    # payouts

    def payouts_in(self, batch: PayoutBatch) -> dict[str, PayoutRecord]:
        found = PayoutItem.query(batch_partition(batch.tenant, batch.key), PayoutItem.sk.startswith(PAYOUT), consistent_read=True)
        return {record.payout_id: record for record in (payout_of(item, batch.tenant) for item in found)}

    def payout(self, tenant: str, payout_id: str) -> PayoutRecord | None:
        found = _get(PayoutItem, batch_partition(tenant, batch_key_of(payout_id)), PAYOUT + payout_id)
        return found and payout_of(found, tenant)

    def add_payout(self, record: PayoutRecord) -> None:
        """Keep it unless it stands already."""
        put_if(payout_item(record), PayoutItem.pk.does_not_exist())

    def keep_payout(self, record: PayoutRecord, now: datetime) -> bool:
        """Keep it if the stored one is one version older, with the event that tells of a failure; answers whether it was kept."""
        item, failure = payout_item(record), failure_of(record)
        item.event = envelope(failure, now) if failure else None
        return put_if(item, PayoutItem.version == record.version - 1)


def _get(model: Any, pk: str, sk: str) -> Any:
    try:
        return model.get(pk, sk, consistent_read=True)
    except model.DoesNotExist:
        return None


def _is_next(model: type[AccountItem] | type[ScheduleItem], version: int) -> Condition:
    """That the stored item is one version older, or that none is stored and this is the first."""
    return model.pk.does_not_exist() if version == 1 else model.version == version - 1
