"""The items of the ledger in the settlement table.

| pk | sk | item |
|---|---|---|
| account#storefront#order | entry#0000 … | a journal entry with all its postings |
| account#storefront#order | sent_back#refund | a payment without an order, sent back |
| account#statement | time#entry | what an entry changed for the account |
| day#date#shard | time#entry | what an entry changed for the trial balance |
| account#storefront#payout | paid, returned, failed | what a payout moved |
| account#storefront#order | dispute#ref#taken, …#given_back | what a shopper's bank took back, and gave back |
| account#introductions | supplier | the order that first brought the supplier |
"""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from functions.settlement.posting_rules.payable import Payable
from shared.aws.dynamo import IntegerAttribute, Item, Table


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


class PayableItem(Item):
    """pk = `account#storefront#due#EUR`, sk = `payee#day#entry`; a batch that claims it moves it to itself (payout_items)."""

    class Meta(Table):
        pass

    payee = UnicodeAttribute()
    day = UnicodeAttribute()
    entry_id = UnicodeAttribute()
    amount = IntegerAttribute()


def payable_item(pk: str, payable: Payable) -> PayableItem:
    p = payable
    return PayableItem(pk, p.key, payee=p.payee, day=p.available_on, entry_id=p.entry_id, amount=p.amount)


def payable_of(item: PayableItem, currency: str) -> Payable:
    return Payable(item.payee, currency, item.day, item.entry_id, int(item.amount))


def due_partition(tenant: str, currency: str) -> str:
    return f"{tenant}#due#{currency}"
