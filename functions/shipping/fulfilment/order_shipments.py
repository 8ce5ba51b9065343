"""From orders to labelled shipments: each order planned once, each label bought once, whatever is delivered again."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from functions.shipping.fulfilment.recall_holds import Holding
from functions.shipping.fulfilment.recall_holds import Store as HoldingStore
from functions.shipping.fulfilment.shipment_plan import Plan, Planned, tenant_of
from functions.shipping.installed_couriers import Couriers
from functions.shipping.labels.label_purchase import Buying, Desk
from functions.shipping.parcels.box_packing import packed
from functions.shipping.parcels.parcel_facts import ParcelFacts, parcels
from functions.shipping.shipment import Event, Shipment, State
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.courier import Parcel
from shared.ids import Random, derived_id, new_id
from shared.order_messages import OrderAccepted, OrderCancelled, OrderPaid
from shared.providers.installation import Installation


class NotYet(Exception):
    """Something that this event builds on is not there yet, or is being worked on; the queue brings the event again."""


class Store(HoldingStore, Protocol):
    """What fulfilment reads and writes."""

    def plan(self, tenant: str, order_id: str) -> Plan | None: ...

    def add_plan(self, plan: Plan, counter: tuple[str, str] | None) -> Plan:
        """Write the plan unless one stands, and count its shipments for (installation, month), if given, in the same write.

        Answers the plan that stands.
        """
        ...

    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]:
        """What is known of these offers, recalled ones too."""
        ...


class Fulfilment:
    """Plans, labels and voids shipments."""

    def __init__(self, store: Store, couriers: Couriers, buying: Buying, now: Clock, random: Random) -> None:
        self._store, self._couriers, self._buying, self._now, self._random = store, couriers, buying, now, random
        self._holding = Holding(store)

    def order_confirmed(self, event: OrderAccepted | OrderPaid) -> None:
        """Make the order's shipments when it is accepted or paid, whichever is heard first. Raises NotYet, PluginError.

        The plan comes first; a delivery that fails after it is brought again and completes the shipments.
        """
        tenant = tenant_of(event)
        plan = self._store.plan(tenant, event.order_id)
        if plan is not None and plan.made_by != event.type:
            return
        installation = self._couriers.get(tenant, event.shipping.installation_id)
        desk = self._buying.desk_of(installation)
        plan = plan or self._planned(event, installation, desk.capability.volume_tiers)
        if plan.made_by == event.type:
            parcels = self._parcels(event, desk)
            for planned in plan.shipments:
                draft = self._draft(event, plan, planned, parcels[planned.supplier_id], pickup=desk.capability.pickup)
                self._holding.settled(self._buying.begun(draft, installation))

    def order_cancelled(self, event: OrderCancelled) -> None:
        """Void what no courier has had yet. An order that was never planned is marked, so that it never will be."""
        tenant = tenant_of(event)
        empty = Plan(order_id=event.order_id, tenant=tenant, made_by=event.type, shipments=())
        plan = self._store.plan(tenant, event.order_id) or self._store.add_plan(empty, None)
        for planned in plan.shipments:
            self._void(planned)

    def _planned(self, event: OrderAccepted | OrderPaid, installation: Installation, counts: bool) -> Plan:
        now = self._now()
        suppliers = sorted({line.supplier_id for line in event.lines})
        shipments = tuple(Planned(shipment_id=new_id("shp", now, self._random), supplier_id=s) for s in suppliers)
        plan = Plan(order_id=event.order_id, tenant=tenant_of(event), made_by=event.type, shipments=shipments)
        return self._store.add_plan(plan, (installation.id, rfc3339(now)[:7]) if counts else None)

    def _parcels(self, event: OrderAccepted | OrderPaid, desk: Desk) -> dict[str, Parcel]:
        """Each supplier's parcel; in boxes where a courier is asked, unless it cannot take them."""
        quantities: dict[str, int] = {}
        values: dict[str, int] = {}
        for line in event.lines:
            quantities[line.offer_id] = quantities.get(line.offer_id, 0) + line.quantity
            values[line.offer_id] = values.get(line.offer_id, 0) + line.quantity * line.unit_price
        facts = self._store.facts(list(quantities))
        if quantities.keys() - facts.keys():
            raise NotYet(f"the parcel facts of {sorted(quantities.keys() - facts.keys())}")
        found = parcels(quantities, facts, values, event.currency)
        if desk.courier.manifest.allowed_hosts:
            found = [packed(parcel, facts, desk.capability) or parcel for parcel in found]
        return {parcel.supplier_id: parcel for parcel in found}

    def _draft(self, event: OrderAccepted | OrderPaid, plan: Plan, planned: Planned, parcel: Parcel, *, pickup: bool) -> Shipment:
        now = rfc3339(self._now())
        first = Event(id=derived_id("evt", planned.shipment_id, State.DRAFT), state=State.DRAFT, occurred_at=now, recorded_at=now)
        code = f"{int.from_bytes(self._random(8), 'big') % 10**8:08}" if pickup else ""
        return Shipment(
            id=planned.shipment_id, supplier_id=planned.supplier_id, order_id=event.order_id, storefront_id=event.storefront_id,
            account_id=event.account_id, siblings=len(plan.shipments), choice=event.shipping, currency=event.currency,
            address=event.address, parcel=parcel, pickup_code=code, log=(first,),
        )  # fmt: skip

    def _void(self, planned: Planned) -> None:
        shipment = self._store.shipment(planned.supplier_id, planned.shipment_id)
        if shipment is None:
            raise NotYet(f"shipment {planned.shipment_id}")
        self._buying.given_back(shipment)
