"""The items of payouts in the settlement table.

| pk | sk | item |
|---|---|---|
| account#storefront#due#EUR | payee#day#entry | a payable that is not claimed yet (payable_items.PayableItem) |
| account#storefront#batch#key | payee#day#entry | a payable that the batch claimed |
| account#storefront#batch#key | !plan, !file | whom the batch pays, and the file for the bank; both encrypted |
| account#storefront#batch#key | !payout#id | a payout |
| account#storefront#payouts | schedule, batch#key | when is paid; each batch |
| account#payout | account | where the account is paid |
| agenda#shard | time#account#storefront#what | what the sweep has to look at, and when |
"""

import json
from typing import cast

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute

from functions.settlement.ledger.ledger_items import JournalItem
from functions.settlement.payables.payable_items import PayableItem
from functions.settlement.payouts.appointments import Appointment
from functions.settlement.payouts.batches.payout_batch import BatchState, PayoutBatch, PayoutRecord, PayoutState, batch_key_of
from functions.settlement.payouts.payout_account import PayoutAccount
from functions.settlement.payouts.payout_schedule import Every, Minimum, PayoutSchedule
from monsoon_plugin.money import Money
from shared.aws.dynamo import IntegerAttribute, Item, Table

BATCH, PAYOUT = "batch#", "!payout#"
"""What their sort keys begin with."""


class BatchItem(Item):
    class Meta(Table):
        pass

    installation_id = UnicodeAttribute()
    plugin = UnicodeAttribute()
    currency = UnicodeAttribute()
    day = UnicodeAttribute()
    state = UnicodeAttribute()
    version = IntegerAttribute()
    total = IntegerAttribute()
    payouts = IntegerAttribute()
    tries = IntegerAttribute()
    changed_at = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    by_file = BooleanAttribute()
    lost_at = UnicodeAttribute(null=True)


class DocumentItem(Item):
    """The plan or the file of a batch: compressed, then encrypted; at most 380 KB."""

    class Meta(Table):
        pass

    sealed = BinaryAttribute(legacy_encoding=False)
    media_type = UnicodeAttribute(null=True)


class PayoutItem(Item):
    class Meta(Table):
        pass

    installation_id = UnicodeAttribute()
    plugin = UnicodeAttribute()
    payee = UnicodeAttribute()
    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    state = UnicodeAttribute()
    provider_ref = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    paid_line = UnicodeAttribute(null=True)
    returned_line = UnicodeAttribute(null=True)
    failed_before = BooleanAttribute()
    version = IntegerAttribute()


class ScheduleItem(Item):
    class Meta(Table):
        pass

    installation_id = UnicodeAttribute()
    every = UnicodeAttribute()
    on = IntegerAttribute()
    minimums = UnicodeAttribute()
    """JSON: currency → minor units."""
    version = IntegerAttribute()


class AccountItem(Item):
    class Meta(Table):
        pass

    sealed = BinaryAttribute(legacy_encoding=False)
    country = UnicodeAttribute(null=True)
    ways = UnicodeAttribute()
    blocked = UnicodeAttribute(null=True)
    version = IntegerAttribute()


class AppointmentItem(Item):
    class Meta(Table):
        pass

    tenant = UnicodeAttribute()
    what = UnicodeAttribute()
    """`payday#<version of the schedule>#<day>`, `begun#<key of a batch>` or `batch#<key>`."""


def account_item(account: PayoutAccount) -> AccountItem:
    return AccountItem(
        f"{account.account_id}#payout",
        "account",
        sealed=account.sealed,
        country=account.country or None,
        ways=" ".join(account.ways),
        blocked=account.blocked or None,
        version=account.version,
    )


def account_of(item: AccountItem) -> PayoutAccount:
    return PayoutAccount(
        account_id=item.pk.removesuffix("#payout"),
        sealed=item.sealed,
        country=item.country or "",
        ways=tuple(item.ways.split()),
        blocked=item.blocked or "",
        version=int(item.version),
    )


def schedule_item(schedule: PayoutSchedule) -> ScheduleItem:
    return ScheduleItem(
        payouts_partition(schedule.tenant),
        "schedule",
        installation_id=schedule.installation_id,
        every=schedule.every,
        on=schedule.on,
        minimums=json.dumps({m.currency: m.amount for m in schedule.minimums}),
        version=schedule.version,
    )


def schedule_of(item: ScheduleItem) -> PayoutSchedule:
    return PayoutSchedule(
        tenant=item.pk.removesuffix("#payouts"),
        installation_id=item.installation_id,
        every=cast("Every", item.every),
        on=int(item.on),
        minimums=tuple(Minimum(currency, amount) for currency, amount in json.loads(item.minimums).items()),
        version=int(item.version),
    )


def appointment_item(appointment: Appointment) -> AppointmentItem:
    return AppointmentItem(f"agenda#{appointment.shard}", appointment.key, tenant=appointment.tenant, what=appointment.what)


def appointment_of(item: AppointmentItem) -> Appointment:
    return Appointment(item.sk.split("#", 1)[0], item.tenant, item.what)


def batch_item(batch: PayoutBatch) -> BatchItem:
    return BatchItem(
        payouts_partition(batch.tenant),
        BATCH + batch.key,
        installation_id=batch.installation_id,
        plugin=batch.plugin,
        currency=batch.currency,
        day=batch.day,
        state=batch.state,
        version=batch.version,
        total=batch.total,
        payouts=batch.count,
        tries=batch.tries,
        changed_at=batch.changed_at,
        reason=batch.reason or None,
        by_file=batch.by_file,
        lost_at=batch.lost_at or None,
    )


def batch_of(item: BatchItem) -> PayoutBatch:
    return PayoutBatch(
        key=item.sk.removeprefix(BATCH),
        tenant=item.pk.removesuffix("#payouts"),
        installation_id=item.installation_id,
        plugin=item.plugin,
        currency=item.currency,
        day=item.day,
        state=cast("BatchState", item.state),
        version=int(item.version),
        total=int(item.total),
        count=int(item.payouts),
        tries=int(item.tries),
        changed_at=item.changed_at,
        reason=item.reason or "",
        by_file=item.by_file,
        lost_at=item.lost_at or "",
    )


def payout_item(record: PayoutRecord) -> PayoutItem:
    return PayoutItem(
        batch_partition(record.tenant, record.batch_key),
        PAYOUT + record.payout_id,
        installation_id=record.installation_id,
        plugin=record.plugin,
        payee=record.payee,
        amount=record.amount.amount,
        currency=record.amount.currency,
        state=record.state,
        provider_ref=record.provider_ref or None,
        reason=record.reason or None,
        paid_line=record.paid_line or None,
        returned_line=record.returned_line or None,
        failed_before=record.failed_before,
        version=record.version,
    )


def payout_of(item: PayoutItem, tenant: str) -> PayoutRecord:
    payout_id = item.sk.removeprefix(PAYOUT)
    return PayoutRecord(
        payout_id=payout_id,
        batch_key=batch_key_of(payout_id),
        tenant=tenant,
        plugin=item.plugin,
        installation_id=item.installation_id,
        payee=item.payee,
        amount=Money(int(item.amount), item.currency),
        state=cast("PayoutState", item.state),
        provider_ref=item.provider_ref or "",
        reason=item.reason or "",
        paid_line=item.paid_line or "",
        returned_line=item.returned_line or "",
        failed_before=item.failed_before,
        version=int(item.version),
    )


def payouts_partition(tenant: str) -> str:
    return f"{tenant}#payouts"


def batch_partition(tenant: str, key: str) -> str:
    return f"{tenant}#batch#{key}"


ALL: tuple[type[Item], ...] = (PayableItem, JournalItem, BatchItem, DocumentItem, PayoutItem, ScheduleItem, AccountItem, AppointmentItem)
