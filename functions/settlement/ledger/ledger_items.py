"""The items of the ledger in the settlement table.

| pk | sk | item |
|---|---|---|
| account#storefront#order | entry#0000 … | a journal entry with all its postings |
| account#storefront#order | sent_back#refund | a payment without an order, sent back |
| account#statement | time#entry | what an entry changed for the account |
| day#date#shard | time#entry | what an entry changed for the trial balance |
| account#test-statement, test-day#date#shard | time#entry | the same, of orders that were paid in test mode |
| account#storefront#payout | paid, returned, failed | what a payout moved |
| account#storefront#order | dispute#ref#taken, …#given_back | what a shopper's bank took back, and gave back |
| account#introductions | supplier | the order that first brought the supplier |
"""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UnicodeSetAttribute

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
    test = BooleanAttribute(null=True)
    payment = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    """JSON: [[payee, day, amount], …]: what it makes due. Items older than 2026-11-29 lack it."""
    claimed = UnicodeSetAttribute(null=True)
    """The payees whose part of `due` a batch has claimed, for good."""
    payables = BooleanAttribute(null=True)
    """Of items older than 2026-11-29: what it makes due was written beside it, and is claimed where it lies."""


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
