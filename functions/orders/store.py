"""Where orders and stock lie. The only file that knows PynamoDB.

One table: an order under `account#storefront` / its id; the storefront's rules under `account#storefront` / `storefront`; an offer with
its stock under its id / `offer`; a stock adjustment under the supplier's account / its id.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.transactions import TransactWrite

from functions.orders.desk import Position
from functions.orders.offer import Adjustment, Offer, Shelf, TooFew
from functions.orders.order import Change, Order, placed
from functions.orders.pricing import Storefront
from functions.orders.refund import due
from functions.orders.writes import AlreadyThere, Contended, Shortage
from shared.bus import envelope
from shared.clock import rfc3339
from shared.dynamo import IntegerAttribute, Item, Table, bind, connection, put_newer, reasons, refused
from shared.errors import NotFound

Kept = TypeVar("Kept", bound=Item)
T = TypeVar("T")
SHARDS = 4
"""Partitions of the `open` index: 4,000 orders a second may become due or stop being so."""
SWEPT = 250
"""So many due orders of each shard are looked at in one run, which takes some seconds."""
REFUSED, CONFLICT = "ConditionalCheckFailed", {"TransactionConflict", "TransactionConflictException"}
KEYED = {"id", "account_id", "storefront_id", "placed_at", "version"}
"""What of an order lies in attributes of their own."""


class Due(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "open"
        projection = KeysOnlyProjection()

    open_pk = UnicodeAttribute(hash_key=True)
    open_sk = UnicodeAttribute(range_key=True)


class ByTime(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_time"
        projection = KeysOnlyProjection()

    pk = UnicodeAttribute(hash_key=True)
    placed_at = UnicodeAttribute(range_key=True)


class OrderItem(Item):
    class Meta(Table):
        pass

    placed_at = UnicodeAttribute()
    version = IntegerAttribute()
    order = UnicodeAttribute()
    """JSON: one text is a third smaller than the same as a map, and an order is paid for by the kilobyte."""
    open_pk = UnicodeAttribute(null=True)
    open_sk = UnicodeAttribute(null=True)
    due = Due()
    by_time = ByTime()


class ReplicaItem(Item):
    """What another service told: a storefront's rules, or an offer, which alone has the attributes from `supplier_id` on."""

    class Meta(Table):
        pass

    version = IntegerAttribute()
    facts = UnicodeAttribute(null=True)
    supplier_id = UnicodeAttribute(null=True)
    declared = IntegerAttribute(null=True)
    quantity = IntegerAttribute(null=True)
    sellable = BooleanAttribute(null=True)


class AdjustmentItem(Item):
    class Meta(Table):
        pass

    adjustment = UnicodeAttribute()
    """JSON."""


class OrderStore:
    """Orders and Shelves on DynamoDB."""

    def __init__(self, table: str) -> None:
        bind(table, OrderItem, ReplicaItem, AdjustmentItem)

    def counter(self, account_id: str, storefront_id: str, offer_ids: Iterable[str]) -> tuple[Storefront | None, Mapping[str, Shelf]]:
        """Eventually consistent: the transaction that follows checks what must not be stale."""
        tenant = f"{account_id}#{storefront_id}"
        found = {item.pk: item for item in ReplicaItem.batch_get([(tenant, "storefront"), *((i, "offer") for i in offer_ids)])}
        rules = found.pop(tenant, None)
        shelves = {offer_id: _shelf(item) for offer_id, item in found.items()}
        return (Storefront.model_validate_json(rules.facts) if rules else None), shelves

    def place(self, order: Order, now: datetime) -> None:
        """A transaction, for an order without its stock, or stock without its order, must never be.

        A decrement's condition reads `sellable` on the same item, so that a recall stops it. One line: 2 × (2 + 1) WCU + 2 for indexes.
        """
        sold = [(line.offer_id, line.quantity) for line in order.lines]
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(_item(order, envelope(placed(order), now)), condition=OrderItem.pk.does_not_exist())
                for offer_id, quantity in sold:
                    transaction.update(
                        ReplicaItem(offer_id, "offer"),
                        actions=[ReplicaItem.quantity.add(-quantity)],
                        condition=(ReplicaItem.sellable == True) & (ReplicaItem.quantity >= quantity),  # noqa: E712 (an expression)
                        return_values="ALL_OLD",
                    )
        except TransactWriteError as error:
            exists, *refusals = _reasons(error)
            if exists == REFUSED:
                raise AlreadyThere from error
            short = [i for i, reason in enumerate(refusals) if reason == REFUSED]
            if not short:
                raise
            raise Shortage({sold[i][0]: _left(_old(error, i + 1)) for i in short}) from error

    def order(self, account_id: str, storefront_id: str, order_id: str) -> Order | None:
        return _got(_order, OrderItem, f"{account_id}#{storefront_id}", order_id)

    def save(self, change: Change, now: datetime) -> None:
        """A transaction only where stock goes back with it: elsewhere one put, at half the price."""
        item = _item(change.order, envelope(change.event, now) if change.event else None)
        unchanged = OrderItem.version == change.order.version - 1
        if not change.returned:
            _single(lambda: item.save(condition=unchanged))
            return
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item, condition=unchanged)
                for offer_id, units in change.returned.items():
                    transaction.update(ReplicaItem(offer_id, "offer"), actions=[ReplicaItem.quantity.add(units)])
        except TransactWriteError as error:
            if _reasons(error)[0] != REFUSED:
                raise
            raise Contended from error

    def due(self, now: datetime) -> Iterator[tuple[str, str, str]]:
        for shard in range(SHARDS):
            for item in OrderItem.due.query(f"due#{shard}", OrderItem.open_sk < rfc3339(now), limit=SWEPT):
                account_id, storefront_id = item.pk.split("#")
                yield account_id, storefront_id, item.sk

    def page(self, account_id: str, storefront_id: str, limit: int, at: Position | None) -> tuple[list[Order], Position | None]:
        tenant = f"{account_id}#{storefront_id}"
        last = {name: {"S": str(value)} for name, value in {**at, "pk": tenant}.items()} if at else None
        found = OrderItem.by_time.query(tenant, scan_index_forward=False, limit=limit, page_size=limit, last_evaluated_key=last)
        keys = [(item.pk, item.sk) for item in found]
        orders = sorted((_order(item) for item in OrderItem.batch_get(keys)), key=lambda o: (o.placed_at, o.id), reverse=True)
        after = found.last_evaluated_key
        return orders, ({name: after[name]["S"] for name in ("sk", "placed_at")} if after else None)

    def shelf(self, offer_id: str) -> Shelf | None:
        return _got(_shelf, ReplicaItem, offer_id, "offer")

    def stock(self, held: Shelf | None, shelf: Shelf) -> None:
        """Sales go on meanwhile: the quantity is moved, not set, except that a move that ends at 0 must start where it was seen."""
        now = _replica(shelf)
        if held is None:
            _single(lambda: now.save(condition=ReplicaItem.pk.does_not_exist()))
            return
        move = shelf.quantity - held.quantity
        enough = ReplicaItem.quantity == held.quantity if shelf.quantity == 0 else ReplicaItem.quantity >= -move
        told = (ReplicaItem.version, ReplicaItem.facts, ReplicaItem.supplier_id, ReplicaItem.declared, ReplicaItem.sellable)
        _single(
            lambda: ReplicaItem(shelf.offer_id, "offer").update(
                actions=[ReplicaItem.quantity.add(move), *(a.set(getattr(now, a.attr_name)) for a in told)],
                condition=(ReplicaItem.version == held.version) & enough,
            )
        )

    def recall(self, offer_id: str, version: int) -> None:
        """Also of an offer that was never published here: an older publication that comes late then finds the newer version."""
        try:
            ReplicaItem(offer_id, "offer").update(
                actions=[
                    ReplicaItem.version.set(version), ReplicaItem.sellable.set(False),
                    ReplicaItem.quantity.set(ReplicaItem.quantity | 0),
                ],
                condition=ReplicaItem.version.does_not_exist() | (ReplicaItem.version < version),
            )  # fmt: skip
        except UpdateError as error:
            if error.cause_response_code in CONFLICT:
                raise Contended from error
            if not refused(error):
                raise

    def configure(self, account_id: str, storefront_id: str, storefront: Storefront, version: int) -> None:
        facts = storefront.model_dump_json(exclude_defaults=True)
        put_newer(ReplicaItem(f"{account_id}#{storefront_id}", "storefront", version=version, facts=facts), ReplicaItem.version, version)

    def adjust(self, adjustment: Adjustment) -> None:
        """A transaction, for the record of the Idempotency-Key and the stock must move together."""
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(
                    AdjustmentItem(adjustment.supplier_id, adjustment.id, adjustment=adjustment.model_dump_json()),
                    condition=AdjustmentItem.pk.does_not_exist(),
                )
                transaction.update(
                    ReplicaItem(adjustment.offer_id, "offer"),
                    actions=[ReplicaItem.quantity.add(adjustment.delta)],
                    condition=(ReplicaItem.supplier_id == adjustment.supplier_id) & (ReplicaItem.quantity >= -adjustment.delta),
                    return_values="ALL_OLD",
                )
        except TransactWriteError as error:
            exists, refusal = _reasons(error)
            if exists == REFUSED:
                raise AlreadyThere from error
            if refusal != REFUSED:
                raise
            held = _old(error, 1)
            if held is None or held.supplier_id != adjustment.supplier_id:
                raise NotFound("you have no such offer") from error
            raise TooFew(f"{held.quantity} units are on hand") from error

    def adjustment(self, supplier_id: str, adjustment_id: str) -> Adjustment | None:
        return _got(lambda item: Adjustment.model_validate_json(item.adjustment), AdjustmentItem, supplier_id, adjustment_id)


def _item(order: Order, event: str | None) -> OrderItem:
    at = due(order)
    open_pk, open_sk = (f"due#{zlib.crc32(order.id.encode()) % SHARDS}", f"{at}#{order.id}") if at else (None, None)
    body = order.model_dump_json(exclude=KEYED, exclude_defaults=True)
    return OrderItem(f"{order.account_id}#{order.storefront_id}", order.id, placed_at=order.placed_at, version=order.version,
                     order=body, open_pk=open_pk, open_sk=open_sk, event=event)  # fmt: skip


def _order(item: OrderItem) -> Order:
    account_id, storefront_id = item.pk.split("#")
    keyed = {"id": item.sk, "account_id": account_id, "storefront_id": storefront_id, "placed_at": item.placed_at, "version": item.version}
    return Order.model_validate(json.loads(item.order) | keyed)


def _shelf(item: ReplicaItem) -> Shelf:
    offer = Offer.model_validate(json.loads(item.facts) | {"supplier_id": item.supplier_id}) if item.facts else None
    declared = None if item.declared is None else int(item.declared)
    return Shelf(item.pk, int(item.version), int(item.quantity), declared, item.sellable, offer)


def _replica(shelf: Shelf) -> ReplicaItem:
    facts = shelf.offer.model_dump_json(exclude={"supplier_id"}, exclude_defaults=True) if shelf.offer else None
    return ReplicaItem(shelf.offer_id, "offer", version=shelf.version, facts=facts, declared=shelf.declared, quantity=shelf.quantity,
                       supplier_id=shelf.offer.supplier_id if shelf.offer else None, sellable=shelf.sellable)  # fmt: skip


def _got(read: Callable[[Kept], T], model: type[Kept], pk: str, sk: str) -> T | None:
    """The item as last written, read as the domain knows it."""
    try:
        return read(model.get(pk, sk, consistent_read=True))
    except DoesNotExist:
        return None


def _single(write: Callable[[], object]) -> None:
    """One conditional write. Raises Contended if the condition was not met, or a transaction holds the item."""
    try:
        write()
    except (PutError, UpdateError) as error:
        if refused(error) or error.cause_response_code in CONFLICT:
            raise Contended from error
        raise


def _reasons(error: TransactWriteError) -> Sequence[str | None]:
    """Why each action of a transaction failed. Raises Contended if only another transaction was in the way."""
    found = reasons(error)
    if found[0] != REFUSED and CONFLICT.intersection(found):
        raise Contended from error
    return found


def _old(error: TransactWriteError, action: int) -> ReplicaItem | None:
    """The offer as it was when the transaction's action failed; None if there is none."""
    reason = error.cancellation_reasons[action]
    if reason is None or not reason.raw_item:
        return None
    item = ReplicaItem()
    item.deserialize(reason.raw_item)
    return item


def _left(held: ReplicaItem | None) -> int | None:
    return int(held.quantity) if held and held.sellable else None
