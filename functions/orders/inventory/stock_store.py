"""Where offers lie with their stock, and suppliers' corrections of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NoReturn

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from functions.orders.counts.running_totals import Move
from functions.orders.counts.stock_moves_store import begin_totals, forget_actions, move_actions, with_totals
from functions.orders.inventory.adjustment import StockAdjustment, TooFew
from functions.orders.inventory.inventory_items import AdjustmentItem, ReplicaItem, count_is, kept_count, replica_of, stock_of
from functions.orders.inventory.oversell_store import item_before
from functions.orders.inventory.stock_item import StockItem
from functions.orders.table_store import REFUSED, item_at, refusals_of, write_once
from shared.api.idempotency import AlreadyCreated
from shared.aws.dynamo import bind, connection, put_newer, refused
from shared.bounds.kept import kept
from shared.errors import NotFound
from shared.optimistic_retry import Contended


class StockStore:
    """Stock on DynamoDB. What an order takes of it, order_store.py takes, by oversell_store.py."""

    def __init__(self, table: str) -> None:
        bind(table, ReplicaItem, AdjustmentItem)

    def stock_items(self, offer_ids: Iterable[str]) -> Mapping[str, StockItem]:
        found = {item.pk: stock_of(item) for item in ReplicaItem.batch_get([(offer_id, "offer") for offer_id in offer_ids])}
        of_gone = sorted({item.offer.product_id for item in found.values() if item.gone and item.offer})
        recalled = {item.pk: item.reason for item in ReplicaItem.batch_get([(one, "product") for one in of_gone])} if of_gone else {}
        return {offer_id: item.with_product(recalled) for offer_id, item in found.items()}

    def stock_item(self, offer_id: str) -> StockItem | None:
        return item_at(stock_of, ReplicaItem, offer_id, "offer")

    def replace(self, held: StockItem | None, stock: StockItem) -> None:
        """Sales go on meanwhile: the quantity is moved, not set, except that a move that ends at 0 must start where it was seen."""
        now = replica_of(stock)
        if held is None:
            write_once(lambda: now.save(condition=ReplicaItem.pk.does_not_exist()))
            return
        move = stock.quantity - held.quantity
        told = (ReplicaItem.version, ReplicaItem.facts, ReplicaItem.supplier_id, ReplicaItem.declared, ReplicaItem.sellable)
        actions: list[Action] = [*(a.set(getattr(now, a.attr_name)) for a in told), ReplicaItem.reason.remove(), ReplicaItem.gone.remove()]
        actions.append(ReplicaItem.floor.set(stock.floor) if stock.floor else ReplicaItem.floor.remove())
        unchanged = (ReplicaItem.version == held.version) & count_is(held)
        if move:
            actions.append(ReplicaItem.quantity.add(move))
            if stock.quantity == 0:
                unchanged &= ReplicaItem.quantity == held.quantity
            elif not held.floor:
                unchanged &= ReplicaItem.quantity >= -move
        write_once(lambda: ReplicaItem(stock.offer_id, "offer").update(actions=actions, condition=unchanged))

    def recount(self, held: StockItem | None, stock: StockItem) -> None:
        """Sales go on meanwhile: the quantity is moved, not set, and ends where the count and they put it, be it below 0."""
        if held is None:
            write_once(lambda: replica_of(stock).save(condition=ReplicaItem.pk.does_not_exist()))
            return
        if held.totals is None or stock.totals is None or stock.counted is None:
            begin_totals(stock.offer_id)
            raise Contended
        actions: list[Action] = [
            ReplicaItem.quantity.add(stock.quantity - held.quantity),
            ReplicaItem.counted.set(kept_count(stock.counted)),
            ReplicaItem.count_version.set(stock.counted.version),
            *forget_actions(held.totals.past, stock.totals),
        ]
        write_once(lambda: ReplicaItem(stock.offer_id, "offer").update(actions=actions, condition=count_is(held)))

    def ready(self, held: Mapping[str, StockItem]) -> None:
        for offer_id in held:
            begin_totals(offer_id)

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        _take_off(offer_id, version, [ReplicaItem.reason.set(reason), ReplicaItem.gone.remove()])

    def retire(self, offer_id: str, version: int) -> None:
        _take_off(offer_id, version, [ReplicaItem.reason.remove(), ReplicaItem.gone.set(True)])

    def mark(self, product_id: str, version: int, reason: str) -> None:
        put_newer(ReplicaItem(product_id, "product", version=version, reason=reason or None), ReplicaItem.version, version)

    def adjust(self, adjustment: StockAdjustment, now: datetime) -> None:
        """A transaction, for the record of the Idempotency-Key and the stock must move together."""
        held = with_totals([adjustment.offer_id]).get(adjustment.offer_id)
        if held is None:
            raise NotFound("you have no such offer")
        own = ReplicaItem.supplier_id == adjustment.supplier_id
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(
                    AdjustmentItem(adjustment.supplier_id, adjustment.id, adjustment=adjustment.model_dump_json()),
                    condition=AdjustmentItem.pk.does_not_exist(),
                )
                transaction.update(
                    ReplicaItem(adjustment.offer_id, "offer"),
                    actions=move_actions(Move(adjustment.delta), held, now),
                    condition=own & (ReplicaItem.quantity >= -adjustment.delta) if adjustment.delta < 0 else own,
                    return_values="ALL_OLD",
                )
        except TransactWriteError as error:
            _refuse(error, adjustment)

    def adjustment(self, supplier_id: str, adjustment_id: str) -> StockAdjustment | None:
        return item_at(lambda item: kept(StockAdjustment, item.adjustment), AdjustmentItem, supplier_id, adjustment_id)


def _take_off(offer_id: str, version: int, why: Sequence[Action]) -> None:
    """Also an offer that was never published here: an older publication that comes late then finds the newer version."""
    told = [ReplicaItem.version.set(version), ReplicaItem.sellable.set(False), ReplicaItem.quantity.set(ReplicaItem.quantity | 0)]
    older = ReplicaItem.version.does_not_exist() | (ReplicaItem.version < version)
    try:
        ReplicaItem(offer_id, "offer").update(actions=[*told, *why], condition=older)
    except UpdateError as error:
        if not refused(error):
            raise


def _refuse(error: TransactWriteError, adjustment: StockAdjustment) -> NoReturn:
    exists, refusal = refusals_of(error)
    if exists == REFUSED:
        raise AlreadyCreated from error
    if refusal != REFUSED:
        raise error
    held = item_before(error, 1)
    if held is None or held.supplier_id != adjustment.supplier_id:
        raise NotFound("you have no such offer") from error
    raise TooFew(f"{max(0, int(held.quantity))} units are left") from error
