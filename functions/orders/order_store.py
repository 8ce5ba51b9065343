"""Where orders and stock lie; with items.py, all that knows PynamoDB.

One table: an order under `account#storefront` / its id; the storefront's rules under `account#storefront` / `storefront`; an offer with
its stock under its id / `offer`, and what was told of its stock under its id / `availability`; a stock adjustment under the supplier's
account / its id; suppliers' suspensions under `suspended` / the supplier's account, and under `suspended` / `revision` how often they
changed.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from functions.orders.checkout.pricing import Counter
from functions.orders.checkout.storefront import Storefront, storefront_of
from functions.orders.checkout.suspended_suppliers import Suspensions
from functions.orders.inventory.availability import Told
from functions.orders.inventory.stock_item import Adjustment, Shelf, TooFew
from functions.orders.order import Change, Order, placed
from functions.orders.order_items import (
    SHARDS,
    AdjustmentItem,
    OrderItem,
    ReplicaItem,
    SanctionItem,
    ToldItem,
    item_of,
    order_of,
    replica_of,
    shelf_of,
)
from functions.orders.order_service import Position
from functions.orders.writes import AlreadyThere, Contended, Shortage
from monsoon_plugin.clock import rfc3339
from shared.aws.dynamo import Item, bind, connection, put_newer, reasons, refused
from shared.bus import envelope
from shared.errors import NotFound
from shared.messages import OfferAvailabilityChanged

Kept = TypeVar("Kept", bound=Item)
T = TypeVar("T")
SWEPT = 250
"""So many due orders of each shard are looked at in one run, which takes some seconds."""
REFUSED, CONFLICT = "ConditionalCheckFailed", {"TransactionConflict", "TransactionConflictException"}
REVISION = ("suspended", "revision")


class OrderStore:
    """Orders and Shelves on DynamoDB."""

    def __init__(self, table: str, seconds: Callable[[], float] = time.time) -> None:
        """`seconds`: by which clock what is remembered of suspensions grows old."""
        bind(table, OrderItem, ReplicaItem, SanctionItem, ToldItem, AdjustmentItem)
        self._suspensions = Suspensions(_suspended, seconds)

    def counter(self, account_id: str, storefront_id: str, offer_ids: Iterable[str]) -> Counter:
        """Eventually consistent: the transaction that follows checks what must not be stale. Of suspensions, see docs/decisions/0012."""
        tenant = f"{account_id}#{storefront_id}"
        keys = [(tenant, "storefront"), *((offer_id, "offer") for offer_id in offer_ids)]
        due = self._suspensions.due
        found = {item.pk: item for item in ReplicaItem.batch_get([*keys, REVISION] if due else keys)}
        revision, rules = found.pop(REVISION[0], None), found.pop(tenant, None)
        if due:
            self._suspensions.look(int(revision.version) if revision else 0)
        shelves = {offer_id: shelf_of(item) for offer_id, item in found.items()}
        return Counter(storefront_of(rules.facts) if rules and rules.facts else None, shelves, self._suspensions.known)

    def shelves(self, offer_ids: Iterable[str]) -> Mapping[str, Shelf]:
        return {item.pk: shelf_of(item) for item in ReplicaItem.batch_get([(offer_id, "offer") for offer_id in offer_ids])}

    def place(self, order: Order, now: datetime) -> None:
        """A transaction, for an order without its stock, or stock without its order, must never be.

        A decrement's condition reads `sellable` on the same item, so that a recall stops it. One line: 2 × (2 + 1) WCU + 2 for indexes.
        """
        sold = [(line.offer_id, line.quantity) for line in order.lines]
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item_of(order, envelope(placed(order), now)), condition=OrderItem.pk.does_not_exist())
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
        return _got(order_of, OrderItem, f"{account_id}#{storefront_id}", order_id)

    def save(self, change: Change, now: datetime) -> None:
        """A transaction only where stock goes back with it: elsewhere one put, at half the price."""
        item = item_of(change.order, envelope(change.event, now) if change.event else None)
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
        orders = sorted((order_of(item) for item in OrderItem.batch_get(keys)), key=lambda o: (o.placed_at, o.id), reverse=True)
        after = found.last_evaluated_key
        return orders, ({name: after[name]["S"] for name in ("sk", "placed_at")} if after else None)

    def shelf(self, offer_id: str) -> Shelf | None:
        return _got(shelf_of, ReplicaItem, offer_id, "offer")

    def stock(self, held: Shelf | None, shelf: Shelf) -> None:
        """Sales go on meanwhile: the quantity is moved, not set, except that a move that ends at 0 must start where it was seen."""
        now = replica_of(shelf)
        if held is None:
            _single(lambda: now.save(condition=ReplicaItem.pk.does_not_exist()))
            return
        move = shelf.quantity - held.quantity
        enough = ReplicaItem.quantity == held.quantity if shelf.quantity == 0 else ReplicaItem.quantity >= -move
        told = (ReplicaItem.version, ReplicaItem.facts, ReplicaItem.supplier_id, ReplicaItem.declared, ReplicaItem.sellable)
        _single(
            lambda: ReplicaItem(shelf.offer_id, "offer").update(
                actions=[ReplicaItem.quantity.add(move), *(a.set(getattr(now, a.attr_name)) for a in told), ReplicaItem.reason.remove()],
                condition=(ReplicaItem.version == held.version) & enough,
            )
        )

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        """Also of an offer that was never published here: an older publication that comes late then finds the newer version."""
        try:
            ReplicaItem(offer_id, "offer").update(
                actions=[
                    ReplicaItem.version.set(version), ReplicaItem.sellable.set(False), ReplicaItem.reason.set(reason),
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

    def sanction(self, supplier_id: str, version: int, reason: str | None, until: datetime | None) -> None:
        """The revision rises after the write, and when the news comes again: who sees it rise then finds what was written."""
        expires_at = int(until.timestamp()) if until else None
        item = SanctionItem(REVISION[0], supplier_id, version=version, reason=reason, expires_at=expires_at)
        put_newer(item, SanctionItem.version, version)
        ReplicaItem(*REVISION).update(actions=[ReplicaItem.version.add(1)])

    def told(self, offer_id: str) -> Told | None:
        return _got(lambda item: Told(int(item.version), item.in_stock), ToldItem, offer_id, "availability")

    def tell(self, message: OfferAvailabilityChanged, now: datetime) -> None:
        item = ToldItem(message.offer_id, "availability", version=message.version, in_stock=message.in_stock, event=envelope(message, now))
        before = ToldItem.pk.does_not_exist() if message.version == 1 else ToldItem.version == message.version - 1
        _single(lambda: item.save(condition=before))

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


def _suspended() -> dict[str, str]:
    """Consistent, so that it holds all that the revision counts."""
    found = SanctionItem.query(REVISION[0], SanctionItem.sk.startswith("acc_"), consistent_read=True)
    return {item.sk: item.reason for item in found if item.reason is not None}


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
