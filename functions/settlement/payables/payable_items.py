"""What is due, as a payday finds it. The journal entry it is part of says whether it was claimed; a copy put again changes nothing."""

from pynamodb.attributes import UnicodeAttribute

from functions.settlement.payables.payable import Payable
from shared.aws.dynamo import IntegerAttribute, Item, Table


class PayableItem(Item):
    """pk = `account#storefront#due#EUR`, sk = `payee#day#entry`; a batch that claims it moves it to itself (payout_items)."""

    class Meta(Table):
        pass

    payee = UnicodeAttribute()
    day = UnicodeAttribute()
    entry_id = UnicodeAttribute()
    amount = IntegerAttribute()
    book = UnicodeAttribute(null=True)
    slot = UnicodeAttribute(null=True)
    """Where the entry stands; none for what stands for itself."""


def payable_item(pk: str, payable: Payable) -> PayableItem:
    p = payable
    return PayableItem(
        pk, p.key, payee=p.payee, day=p.available_on, entry_id=p.entry_id, amount=p.amount, book=p.book or None, slot=p.slot or None
    )


def payable_of(item: PayableItem, currency: str) -> Payable:
    place = {"entry_id": item.entry_id, "book": item.book or "", "slot": item.slot or ""}
    return Payable(item.payee, currency, item.day, amount=int(item.amount), **place)


def due_partition(tenant: str, currency: str) -> str:
    return f"{tenant}#due#{currency}"
