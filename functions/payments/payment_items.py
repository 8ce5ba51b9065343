"""Payments' items as DynamoDB holds them."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from shared.aws.dynamo import IntegerAttribute, Item, Table


class OpenIndex(GlobalSecondaryIndex["PaymentItem"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "open"
        projection = KeysOnlyProjection()

    open_pk = UnicodeAttribute(hash_key=True)
    open_sk = UnicodeAttribute(range_key=True)


class PaymentItem(Item):
    """pk = `account#storefront`, sk = `<order id>/<attempt>`: two payments of one order can never be begun at once.

    Attributes at their usual value are left out, and names are short: a write is counted by the kilobyte.
    """

    class Meta(Table):
        pass

    id = UnicodeAttribute()
    ins = UnicodeAttribute()
    plugin = UnicodeAttribute()
    amount = IntegerAttribute()
    currency = UnicodeAttribute()
    state = UnicodeAttribute()
    at = UnicodeAttribute()
    print = UnicodeAttribute()
    ver = IntegerAttribute()
    ops = UnicodeAttribute()
    online = BooleanAttribute(null=True)
    disputes = UnicodeAttribute(null=True)
    rounds = UnicodeAttribute(null=True)
    """What disputes took in rounds before their last: JSON, by reference. By itself, so that a release without it reads the rest."""
    lost = UnicodeAttribute(null=True)
    """When operations were last sent and lost: JSON, by their ids. By itself, so that a release without it reads the rest."""
    elsewhere = UnicodeAttribute(null=True)
    late = BooleanAttribute(null=True)
    to_collect = BooleanAttribute(null=True)
    told_less = BooleanAttribute(null=True)
    uncancelled = UnicodeAttribute(null=True)
    test = BooleanAttribute(null=True)
    ref = UnicodeAttribute(null=True)
    until = UnicodeAttribute(null=True)
    action = UnicodeAttribute(null=True)
    due = IntegerAttribute(null=True)
    authorized = IntegerAttribute(null=True)
    captured = IntegerAttribute(null=True)
    refunded = IntegerAttribute(null=True)
    fee = IntegerAttribute(null=True)
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    open_index = OpenIndex()


class ReferenceItem(Item):
    """pk = `account#storefront#references`, sk = a creditor reference."""

    class Meta(Table):
        pass

    order_id = UnicodeAttribute()
    payment_id = UnicodeAttribute()
