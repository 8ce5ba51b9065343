"""Parcel facts, monthly counters, plans and shipments in DynamoDB. Installations lie beside them (shared.providers.installation_store).

| pk | sk | item |
|---|---|---|
| offer#id | facts | what shipping knows of an offer |
| offer#id | walk#version | all its shipments are gone through again (fulfilment/recall_walk_store.py) |
| offer#id | owed#supplier | how many units of it the supplier owes |
| account#storefront | volume#installation#month | shipments of the month, kept for couriers with volume tiers |
| account#storefront#order | plan | which shipments an order has |
| supplier#shipments | shipment id | a shipment; ids rise with time |
| track#installation#number | pointer | whose parcel a courier's notice speaks of |
| notice#installation | the courier's event id | a notice that was taken |

A supplier's list is one query, an order's tracking the plan and one BatchGet. An order of one supplier costs 1 WCU for the plan
and 2 for the shipment (under 2 KB); with volume tiers the plan and the counter are one transaction, 4 WCU, because a shipment
is counted exactly once. The index `unsent` (supplier, shipment id) holds a shipment until it is sent, given up or voided, with the offers
it contains: 1 WCU when it comes and 1 when it leaves. A recall reads of all shipments those that contain the offer, each as it stands.

A label that is bought of a courier costs more: 2 WCU for PURCHASING, which stands before the call, 2 for LABELED, 1 for each
package's pointer, and 1 for each change of `due`, the index of what the sweep looks at: only such shipments are in it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from functions.shipping.fulfilment.shipment_plan import Plan
from functions.shipping.known_offers_store import KnownOffers, facts_in, offer_key
from functions.shipping.quotes.quote import OnSale
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipping_items import ITEMS, KnownItem, PlanItem, PointerItem, ShipmentItem
from monsoon_plugin.clock import Clock, rfc3339
from shared.api.paging import fitting
from shared.aws.dynamo import Item, bind, connection, put_if, reasons
from shared.bounds.kept import kept
from shared.bus import envelope
from shared.iteration import each_read
from shared.optimistic_retry import Contended, Retry
from shared.providers.handled_notices import HandledNotices
from shared.shipment_messages import ShipmentEvent

KEPT = timedelta(days=100)
"""A month's counter is deleted this long after its last shipment."""
SHARDS = 4
"""The index of what is due has this many partitions, so that no single one takes every write."""
POINTED = timedelta(days=180)
"""For this long after its label a courier's notice finds its parcel."""


class ShippingStore(KnownOffers, HandledNotices):
    """The shipping table (the Store of this folder's domain files)."""

    def __init__(self, table: str, now: Clock, retry: Retry) -> None:
        super().__init__(table)
        bind(table, *ITEMS)
        self._now, self._retry = now, retry

    def unsent(self, supplier_id: str, *offer_ids: str) -> Iterator[str]:
        """All that the supplier has unsent is read once, however many offers are named; of one, the index sends what contains it alone."""
        inside = ShipmentItem.offers.contains(offer_ids[0]) if len(offer_ids) == 1 else None
        found = ShipmentItem.by_supplier.query(supplier_id, filter_condition=inside, scan_index_forward=False)
        return (item.sk for item in found if not item.offers.isdisjoint(offer_ids))

    def standing(self, supplier_id: str, ids: Iterable[str]) -> Iterator[Shipment]:
        keys = [(_of_supplier(supplier_id), shipment_id) for shipment_id in ids]
        return (_shipment(item) for item in ShipmentItem.batch_get(keys, consistent_read=True))

    def on_sale(self, offer_ids: Sequence[str], tenant: str, counters: Sequence[tuple[str, str]]) -> OnSale:
        keys = [offer_key(offer_id) for offer_id in offer_ids] + [(tenant, _volume(counter)) for counter in counters]
        found = list(KnownItem.batch_get(keys))
        counts = {item.sk.split("#")[1]: int(item.shipments or 0) for item in found if item.sk.startswith("volume#")}
        return OnSale(facts_in([item for item in found if item.recalled is None and not item.gone]), counts)

    def plan(self, tenant: str, order_id: str) -> Plan | None:
        return _plan(tenant, order_id, consistent=False)

    def standing_plan(self, tenant: str, order_id: str) -> Plan | None:
        return _plan(tenant, order_id, consistent=True)

    def add_plan(self, plan: Plan, counter: tuple[str, str] | None) -> Plan:
        item = _plan_item(plan)
        if put_if(item, _unchanged(plan)) if counter is None else self._put_counted(item, plan, counter):
            return plan
        return _plan(plan.tenant, plan.order_id, consistent=True) or plan

    def save_plan(self, plan: Plan, message: ShipmentEvent) -> bool:
        item = _plan_item(plan)
        item.event = envelope(message, self._now())
        return put_if(item, _unchanged(plan))

    def _put_counted(self, item: PlanItem, plan: Plan, counter: tuple[str, str]) -> bool:
        """Raises Busy if too many orders count at one installation in the same moment: the queue brings the event again."""
        month = KnownItem(plan.tenant, _volume(counter))
        actions: list[Action] = [
            KnownItem.shipments.add(plan.parcels),
            KnownItem.expires_at.set(int((self._now() + KEPT).timestamp())),
        ]

        def attempt() -> bool:
            try:
                with TransactWrite(connection=connection()) as transaction:
                    transaction.save(item, condition=_unchanged(plan))
                    transaction.update(month, actions=actions)
            except TransactWriteError as error:
                found = reasons(error)
                if found[0] == "ConditionalCheckFailed":
                    return False
                if "TransactionConflict" in found:
                    raise Contended from error
                raise
            return True

        return self._retry(attempt)

    def create(self, shipment: Shipment) -> Shipment:
        item = self._shipment_item(shipment, None)
        return shipment if _put_once(item) else _shipment(ShipmentItem.get(item.pk, item.sk, consistent_read=True))

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None:
        try:
            return _shipment(ShipmentItem.get(_of_supplier(supplier_id), shipment_id, consistent_read=True))
        except ShipmentItem.DoesNotExist:
            return None

    def shipments(self, plan: Plan) -> list[Shipment]:
        keys = [(_of_supplier(planned.supplier_id), planned.shipment_id) for planned in plan.shipments]
        return sorted((_shipment(item) for item in ShipmentItem.batch_get(keys)), key=lambda shipment: shipment.supplier_id)

    def page(self, supplier_id: str, after: str | None, limit: int) -> tuple[list[Shipment], str | None]:
        pk = _of_supplier(supplier_id)
        start: Any = {"pk": {"S": pk}, "sk": {"S": after}} if after else None
        found = ShipmentItem.query(pk, scan_index_forward=False, limit=limit, last_evaluated_key=start)
        items = list(found)
        shown, last = fitting(items, lambda item: len(item.shipment.encode())), found.last_evaluated_key
        more = shown[-1].sk if len(shown) < len(items) else None if last is None else str(last["sk"]["S"])
        return [_shipment(item) for item in shown], more

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None, plan: Plan | None = None) -> bool:
        item = self._shipment_item(shipment, message)
        unchanged = ShipmentItem.version == shipment.version - 1
        try:
            if plan is None:
                return put_if(item, unchanged)
            # what the event says of the order's others must be true of the plan at the moment of the write
            with TransactWrite(connection=connection()) as transaction:
                transaction.save(item, condition=unchanged)
                transaction.save(_plan_item(plan), condition=PlanItem.version == plan.version - 1)
        except Contended:
            return False
        except TransactWriteError as error:
            if not {"ConditionalCheckFailed", "TransactionConflict"} & set(reasons(error)):
                raise
            return False
        return True

    def due(self, now: datetime, limit: int) -> Iterator[Shipment]:
        """At most `limit` shipments, a share from each shard, that the sweep is to look at, the longest due first. Raises at its end
        what `each_read` does.
        """
        at = rfc3339(now)
        keys = (
            (found.pk.removesuffix("#shipments"), found.sk)
            for shard in range(SHARDS)
            for found in ShipmentItem.by_due.query(str(shard), ShipmentItem.due_sk <= at, limit=limit // SHARDS)
        )

        def read(key: tuple[str, str]) -> Shipment | None:
            shipment = self.shipment(*key)
            return shipment if shipment is not None and shipment.due and shipment.due <= at else None

        return each_read(keys, read, "shipments")

    def add_pointers(self, installation_id: str, shipment: Shipment) -> None:
        expires_at = int((self._now() + POINTED).timestamp())
        for number in shipment.tracking_numbers:
            PointerItem(
                *_pointer(installation_id, number), supplier=shipment.supplier_id, shipment=shipment.id, expires_at=expires_at
            ).save()

    def find_by_tracking_number(self, installation_id: str, tracking_number: str) -> Shipment | None:
        """The shipment that a tracking number of this installation's courier leads to."""
        try:
            found = PointerItem.get(*_pointer(installation_id, tracking_number))
        except PointerItem.DoesNotExist:
            return None
        return self.shipment(found.supplier, found.shipment)

    def _shipment_item(self, shipment: Shipment, message: ShipmentEvent | None) -> ShipmentItem:
        item = ShipmentItem(
            _of_supplier(shipment.supplier_id), shipment.id, version=shipment.version,
            shipment=shipment.model_dump_json(exclude_defaults=True, by_alias=True),
            unsent=shipment.supplier_id if shipment.unsent else None,
            offers={content.offer_id for content in shipment.parcel.contents} or None,
            held={hold.offer_id for hold in shipment.held} or None,
        )  # fmt: skip
        if shipment.due:
            item.due_pk, item.due_sk = str(ord(shipment.id[-1]) % SHARDS), shipment.due
        item.event = None if message is None else envelope(message, self._now())
        return item


def _put_once(item: Item) -> bool:
    return put_if(item, type(item).pk.does_not_exist())


def _volume(counter: tuple[str, str]) -> str:
    return f"volume#{counter[0]}#{counter[1]}"


def _of_supplier(supplier_id: str) -> str:
    return f"{supplier_id}#shipments"


def _pointer(installation_id: str, tracking_number: str) -> tuple[str, str]:
    return f"track#{installation_id}#{tracking_number}", "pointer"


def _plan_key(tenant: str, order_id: str) -> tuple[str, str]:
    return f"{tenant}#{order_id}", "plan"


def _plan_item(plan: Plan) -> PlanItem:
    return PlanItem(*_plan_key(plan.tenant, plan.order_id), version=plan.version, plan=plan.model_dump_json())


def _plan(tenant: str, order_id: str, *, consistent: bool) -> Plan | None:
    try:
        return kept(Plan, PlanItem.get(*_plan_key(tenant, order_id), consistent_read=consistent).plan)
    except PlanItem.DoesNotExist:
        return None


def _unchanged(plan: Plan) -> Any:
    """That nobody wrote the plan since it was read."""
    return PlanItem.pk.does_not_exist() if plan.version == 1 else PlanItem.version == plan.version - 1


def _shipment(item: ShipmentItem) -> Shipment:
    return kept(Shipment, item.shipment)
