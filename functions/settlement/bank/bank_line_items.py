"""The lines of banks' statements in the settlement table: pk = `account#storefront#bank#installation`, sk = `day#line`."""

from pynamodb.attributes import UnicodeAttribute

from shared.aws.dynamo import IntegerAttribute, Item, Table


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
