"""From orders to labelled shipments: each order planned once, each label bought once, whatever is delivered again."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from functions.shipping.holding import Holding
from functions.shipping.holding import Store as HoldingStore
from functions.shipping.parcel import Parcel, ParcelFacts, parcels
from functions.shipping.plan import Plan, Planned, tenant_of
from functions.shipping.port import CourierPlugin, Label, LabelRequest, Purchase
from functions.shipping.shipment import Event, Shipment, State
from shared.clock import Clock, from_rfc3339, rfc3339
from shared.ids import Random, derived_id, new_id
from shared.messages import OrderAccepted, OrderCancelled, OrderPaid
from shared.providers.desk import Installations
from shared.providers.installation import Installation
from shared.providers.plugin import Ctx

Courier = CourierPlugin[Any]
CALL = timedelta(seconds=20)
"""How long a courier may take to sell or take back a label."""


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

    def create(self, shipment: Shipment) -> Shipment:
        """Write the shipment unless it stands; answers the one that stands."""
        ...


class Fulfilment:
    """Plans, labels and voids shipments."""

    def __init__(self, store: Store, couriers: Installations[Courier], now: Clock, random: Random) -> None:
        self._store, self._couriers, self._now, self._random = store, couriers, now, random
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
        ctx = self._couriers.context(installation, self._now() + CALL)
        courier = self._couriers.plugin(installation)
        plan = plan or self._planned(event, installation, courier.capability(ctx.config).volume_tiers)
        if plan.made_by == event.type:
            packed = self._packed(event)
            for planned in plan.shipments:
                draft = self._draft(event, plan, planned, packed[planned.supplier_id], pickup=courier.capability(ctx.config).pickup)
                self._holding.settled(self._purchase(draft, courier, ctx))

    def order_cancelled(self, event: OrderCancelled) -> None:
        """Void what no courier has had yet. An order that was never planned is marked, so that it never will be."""
        tenant = tenant_of(event)
        empty = Plan(order_id=event.order_id, tenant=tenant, made_by=event.type, shipments=())
        plan = self._store.plan(tenant, event.order_id) or self._store.add_plan(empty, None)
        for planned in plan.shipments:
            self._void(tenant, planned)

    def _planned(self, event: OrderAccepted | OrderPaid, installation: Installation, counts: bool) -> Plan:
        now = self._now()
        suppliers = sorted({line.supplier_id for line in event.lines})
        shipments = tuple(Planned(shipment_id=new_id("shp", now, self._random), supplier_id=s) for s in suppliers)
        plan = Plan(order_id=event.order_id, tenant=tenant_of(event), made_by=event.type, shipments=shipments)
        return self._store.add_plan(plan, (installation.id, rfc3339(now)[:7]) if counts else None)

    def _packed(self, event: OrderAccepted | OrderPaid) -> dict[str, Parcel]:
        quantities: dict[str, int] = {}
        for line in event.lines:
            quantities[line.offer_id] = quantities.get(line.offer_id, 0) + line.quantity
        facts = self._store.facts(list(quantities))
        if quantities.keys() - facts.keys():
            raise NotYet(f"the parcel facts of {sorted(quantities.keys() - facts.keys())}")
        return {parcel.supplier_id: parcel for parcel in parcels(quantities, facts)}

    def _draft(self, event: OrderAccepted | OrderPaid, plan: Plan, planned: Planned, parcel: Parcel, *, pickup: bool) -> Shipment:
        now = rfc3339(self._now())
        first = Event(id=derived_id("evt", planned.shipment_id, State.DRAFT), state=State.DRAFT, occurred_at=now, recorded_at=now)
        code = f"{int.from_bytes(self._random(8), 'big') % 10**8:08}" if pickup else ""
        return Shipment(
            id=planned.shipment_id, supplier_id=planned.supplier_id, order_id=event.order_id, storefront_id=event.storefront_id,
            account_id=event.account_id, siblings=len(plan.shipments), choice=event.shipping, currency=event.currency,
            address=event.address, parcel=parcel, pickup_code=code, log=(first,),
        )  # fmt: skip

    def _purchase(self, draft: Shipment, courier: Courier, ctx: Ctx[Any]) -> Shipment:
        """Buy the label with the shipment's id as the key, and write it down; answers the shipment as it was written.

        A courier that calls nobody only computes: one write. One that calls out is called after PURCHASING is written.
        """
        purchasing = self._then(draft, State.PURCHASING)
        request = LabelRequest(draft.choice.rate_id, draft.parcel, draft.address)
        if not courier.manifest.allowed_hosts:
            return self._store.create(self._labeled(purchasing, courier.buy(ctx, request, draft.id).label))
        stands = self._store.create(purchasing)
        if stands.state is State.PURCHASING:
            bought = None if stands is purchasing else self._lost(stands, courier, ctx)
            stands = self._labeled(stands, (bought or courier.buy(ctx, request, draft.id)).label)
            self._store.save(stands)
        return stands

    def _lost(self, shipment: Shipment, courier: Courier, ctx: Ctx[Any]) -> Purchase | None:
        """The label that an earlier delivery bought without learning of it. Raises NotYet while that one may still be at it."""
        if self._now() < from_rfc3339(shipment.log[-1].recorded_at) + CALL:
            raise NotYet(f"the label of {shipment.id} is being bought")
        return courier.fetch(ctx, shipment.id)

    def _void(self, tenant: str, planned: Planned) -> None:
        shipment = self._store.shipment(planned.supplier_id, planned.shipment_id)
        if shipment is None:
            raise NotYet(f"shipment {planned.shipment_id}")
        if State.VOIDED not in shipment.next_states:
            return
        if shipment.label is not None:
            installation = self._couriers.get(tenant, shipment.choice.installation_id)
            ctx = self._couriers.context(installation, self._now() + CALL)
            self._couriers.plugin(installation).void(ctx, shipment.label, shipment.id)
        if not self._store.save(self._then(shipment, State.VOIDED)):
            raise NotYet(f"shipment {shipment.id} was changed meanwhile")

    def _labeled(self, shipment: Shipment, label: Label) -> Shipment:
        return self._then(shipment, State.LABELED).model_copy(update={"label": label})

    def _then(self, shipment: Shipment, state: State) -> Shipment:
        now = rfc3339(self._now())
        return shipment.after(Event(id=derived_id("evt", shipment.id, state), state=state, occurred_at=now, recorded_at=now))
