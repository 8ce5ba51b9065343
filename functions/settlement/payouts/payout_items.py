"""The items of payouts in the settlement table.

| pk | sk | item |
|---|---|---|
| account#storefront#due#EUR | payee#day#entry | a payable that is not claimed yet |
| account#storefront#batch#key | payee#day#entry | a payable that the batch claimed |
| account#storefront#batch#key | !plan, !file | whom the batch pays, and the file for the bank; both encrypted |
| account#storefront#batch#key | !payout#id | a payout |
| account#storefront#payouts | schedule, batch#key | when is paid; each batch |
| account#storefront#bank#installation | day#line | a line of a bank's statement |
| account#payout | account | where the account is paid |
| agenda#shard | time#account#storefront#what | what the sweep has to look at, and when |
"""

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute

from shared.aws.dynamo import IntegerAttribute, Item, Table


class PayableItem(Item):
    class Meta(Table):
        pass

    payee = UnicodeAttribute()
    day = UnicodeAttribute()
    entry_id = UnicodeAttribute()
    amount = IntegerAttribute()


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


class PapersItem(Item):
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


class AgendaItem(Item):
    class Meta(Table):
        pass

    tenant = UnicodeAttribute()
    what = UnicodeAttribute()
    """`payday#<version of the schedule>#<day>`, `begun#<key of a batch>` or `batch#<key>`."""


class BankLineItem(Item):
    """Its event, StatementLineBooked, rides in it."""

    class Meta(Table):
        pass

    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    reference = UnicodeAttribute(null=True)
    counterparty = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute()
    payout_id = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)


ALL: tuple[type[Item], ...] = (
    PayableItem, BatchItem, PapersItem, PayoutItem, ScheduleItem, AccountItem, AgendaItem, BankLineItem,
)  # fmt: skip
