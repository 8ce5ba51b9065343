"""The items of what others told of offers and storefronts, of what was announced of stock, and of suppliers' corrections."""

import json
from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from functions.orders.inventory.offer import Offer
from functions.orders.inventory.stock_item import StockItem
from shared.aws.dynamo import IntegerAttribute, Item, Table
from shared.bounds.kept import kept


class ReplicaItem(Item):
    """What another service told: a storefront's rules, or an offer, which alone has the attributes from `supplier_id` on.

    And how often suppliers were suspended or reinstated, which is a version alone.
    """

    class Meta(Table):
        pass

    version = IntegerAttribute()
    facts = UnicodeAttribute(null=True)
    supplier_id = UnicodeAttribute(null=True)
    declared = IntegerAttribute(null=True)
    quantity = IntegerAttribute(null=True)
    sellable = BooleanAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    """Why an offer was recalled."""


class AvailabilityItem(Item):
    """What was last announced of an offer's stock, with its event."""

    class Meta(Table):
        pass

    version = IntegerAttribute()
    in_stock = BooleanAttribute()


class AdjustmentItem(Item):
    class Meta(Table):
        pass

    adjustment = UnicodeAttribute()
    """JSON."""


def stock_in_image(image: Mapping[str, Any] | None) -> StockItem | None:
    """The offer's stock in one image of a record of the table's stream. Raises KeyError, TypeError or ValueError for what is no offer's."""
    if image is None:
        return None
    item = ReplicaItem()
    item.deserialize(dict(image))
    return stock_of(item)


def stock_of(item: ReplicaItem) -> StockItem:
    return StockItem(
        offer_id=item.pk,
        version=int(item.version),
        quantity=int(item.quantity),
        declared=None if item.declared is None else int(item.declared),
        sellable=item.sellable,
        offer=kept(Offer, json.loads(item.facts) | {"supplier_id": item.supplier_id}) if item.facts else None,
        reason=item.reason or "",
    )


def replica_of(stock: StockItem) -> ReplicaItem:
    facts = stock.offer.model_dump_json(exclude={"supplier_id"}, exclude_defaults=True) if stock.offer else None
    return ReplicaItem(stock.offer_id, "offer", version=stock.version, facts=facts, declared=stock.declared, quantity=stock.quantity,
                       supplier_id=stock.offer.supplier_id if stock.offer else None, sellable=stock.sellable)  # fmt: skip
