"""The items of the shipping table; see shipping_store.py for their keys."""

from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from shared.aws.dynamo import IntegerAttribute, Item, PackedAttribute, Table


class KnownItem(Item):
    """What a quote reads in one BatchGet: an offer's parcel facts, or a month's number of `shipments`."""

    class Meta(Table):
        pass

    version = IntegerAttribute(null=True)
    facts = UnicodeAttribute(null=True)
    """JSON of ParcelFacts; absent if the recall was heard first."""
    recalled = UnicodeAttribute(null=True)
    """Why, while it is."""
    gone = BooleanAttribute(null=True)
    """Present while its product has this variant no more: it is not quoted, and sent where it was ordered."""
    product = UnicodeAttribute(null=True)
    """Whose it was, while it is gone: a recall may name its product alone."""
    holds = BooleanAttribute(null=True)
    """Whether shipments may be held for it."""
    shipments = IntegerAttribute(null=True)
    owed = IntegerAttribute(null=True)
    """Units of a supplier's offer that were ordered beyond its count."""


class PlanItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    plan = UnicodeAttribute()
    """JSON of Plan."""


class UnsentIndex(GlobalSecondaryIndex["ShipmentItem"]):  # type: ignore[no-untyped-call]
    """Sparse: the shipments that are not sent yet, by supplier."""

    class Meta:
        index_name = "unsent"
        projection = IncludeProjection(["offers", "held"])

    unsent = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    offers = UnicodeSetAttribute()
    held = UnicodeSetAttribute(null=True)


class DueIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    """Sparse: the shipments, and the walks through an offer's, that the sweep looks at, by shard and moment."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_pk = UnicodeAttribute(hash_key=True)
    due_sk = UnicodeAttribute(range_key=True)


class ShipmentItem(Item):
    class Meta(Table):
        pass

    version = IntegerAttribute()
    shipment = PackedAttribute()
    """JSON of Shipment."""
    unsent = UnicodeAttribute(null=True)
    """Its supplier, while it may still be sent."""
    offers = UnicodeSetAttribute(null=True)
    """What it holds; none of a parcel from which all was taken back."""
    held = UnicodeSetAttribute(null=True)
    """Ids of the offers that it is held for: for people who look at the index, which a deployed table carries it in."""
    by_supplier = UnsentIndex()
    due_pk = UnicodeAttribute(null=True)
    due_sk = UnicodeAttribute(null=True)
    by_due = DueIndex()


class PointerItem(Item):
    """Leads from a courier's tracking number to the shipment."""

    class Meta(Table):
        pass

    supplier = UnicodeAttribute()
    shipment = UnicodeAttribute()


ITEMS = (KnownItem, PlanItem, ShipmentItem, PointerItem)
