"""The items of what others told of offers and storefronts, of what was announced of stock, and of suppliers' corrections."""

import json
from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, MapAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from functions.orders.counts.running_totals import RunningTotals, Totals
from functions.orders.inventory.offer import Offer
from functions.orders.inventory.stock_item import Counted, StockItem
from shared.aws.dynamo import IntegerAttribute, Item, Table, item_of
from shared.bounds.kept import kept


class ReplicaItem(Item):
    """What another service told: a storefront's rules, or an offer, which alone has the attributes from `supplier_id` on.

    And how often suppliers were suspended or reinstated, which is a version alone; and of a product whose variants are gone in such numbers
    that they are named no more, under its id and `product`, whether it is recalled, by its `reason`.
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
    gone = BooleanAttribute(null=True)
    """Present on a variant that its product has no more."""
    counted = UnicodeAttribute(null=True)
    """The supplier's count that the stock stands on: number, moment, and what it counts; absent if there is none."""
    count_version = IntegerAttribute(null=True)
    """Of `counted`."""
    floor = IntegerAttribute(null=True)
    """Where it is sold beyond its stock: orders may take `quantity` down to here; absent: to 0."""
    totals: Any = ListAttribute(null=True)
    """Running totals of the offer's moves: taken, returned, committed; absent in items of before there were counts."""
    past: Any = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    """What `totals` were, by running_totals.py's notes."""


class AvailabilityItem(Item):
    """What was last announced of an offer's stock, with its event."""

    class Meta(Table):
        pass

    version = IntegerAttribute()
    in_stock = BooleanAttribute()
    full = BooleanAttribute(null=True)
    """Present where as much was ordered beyond the stock as may be."""


class AdjustmentItem(Item):
    class Meta(Table):
        pass

    adjustment = UnicodeAttribute()
    """JSON."""


def stock_in_image(image: Mapping[str, Any] | None) -> StockItem | None:
    """The offer's stock in one image of a record of the table's stream. Raises KeyError, TypeError or ValueError for what is no offer's."""
    return None if image is None else stock_of(item_of(ReplicaItem, image))


def stock_of(item: ReplicaItem) -> StockItem:
    return StockItem(
        offer_id=item.pk,
        version=int(item.version),
        quantity=int(item.quantity),
        declared=None if item.declared is None else int(item.declared),
        sellable=item.sellable,
        offer=kept(Offer, json.loads(item.facts) | {"supplier_id": item.supplier_id}) if item.facts else None,
        reason=item.reason or "",
        counted=_count_of(item),
        totals=_totals_of(item),
        gone=bool(item.gone),
        floor=int(item.floor or 0),
    )


def _totals_of(item: ReplicaItem) -> RunningTotals | None:
    if item.totals is None:
        return None
    return RunningTotals(Totals(*item.totals), {note: Totals(*kept) for note, kept in item.past.as_dict().items()})


def kept_totals(totals: Totals) -> list[int]:
    """Totals as an item keeps them: without names, for each note has them."""
    return [totals.taken, totals.returned, totals.committed]


def kept_past(totals: RunningTotals) -> dict[str, list[int]]:
    """What is noted of earlier moments, as an item keeps it."""
    return {note: kept_totals(noted) for note, noted in totals.past.items()}


def count_is(held: StockItem) -> Condition:
    """Whether the stock stands on the count that it stood on."""
    return ReplicaItem.count_version == held.counted.version if held.counted else ReplicaItem.count_version.does_not_exist()


def _count_of(item: ReplicaItem) -> Counted | None:
    if item.counted is None:
        return None
    stock, counted_at, stock_counts = item.counted.split(" ")
    return Counted(
        version=int(item.count_version), stock=int(stock), counted_at=counted_at,
        stock_counts="on_hand" if stock_counts == "on_hand" else "available",
    )  # fmt: skip


def kept_count(counted: Counted) -> str:
    return f"{counted.stock} {counted.counted_at} {counted.stock_counts}"


def replica_of(stock: StockItem) -> ReplicaItem:
    """A new offer's item."""
    facts = stock.offer.model_dump_json(exclude={"supplier_id"}, exclude_defaults=True) if stock.offer else None
    item = ReplicaItem(stock.offer_id, "offer", version=stock.version, facts=facts, declared=stock.declared, quantity=stock.quantity,
                       supplier_id=stock.offer.supplier_id if stock.offer else None, sellable=stock.sellable)  # fmt: skip
    if stock.counted:
        item.counted, item.count_version = kept_count(stock.counted), stock.counted.version
    if stock.floor:
        item.floor = stock.floor
    if stock.totals:
        item.totals = kept_totals(stock.totals.now)
        item.past = kept_past(stock.totals)
    return item
