"""From orders to labelled shipments: each order planned once, each label bought once, whatever is delivered again."""

import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from functions.shipping.fulfilment.recall_holds import RecallHolds
from functions.shipping.fulfilment.shipment_plan import NotYet, Plan, Planned, tenant_of, unmade
from functions.shipping.installed_couriers import CourierCalls, ReadyCourier
from functions.shipping.labels.awaited_courier import AwaitedCouriers, pickup_code
from functions.shipping.labels.label_purchase import LabelPurchase
from functions.shipping.labels.label_return import LabelReturn
from functions.shipping.parcels.box_packing import packed
from functions.shipping.parcels.parcel_facts import ParcelFacts, parcels
from functions.shipping.shipments.shipment import LogEntry, Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import Parcel
from shared.ids import Random, derived_id, new_id
from shared.order_messages import SHIPS_NOTHING, OrderAccepted, OrderCancelled, OrderEvent, OrderPaid
from shared.providers.installation import Installation
from shared.providers.registry import NotOffered
from shared.trade.line_money import line_money
from shared.variants.order_part import is_virtual, part_of, supplier_of

logger = logging.getLogger(__name__)

Facts = Mapping[str, ParcelFacts]
"""Offer id → what is known of it."""


class Store(Protocol):
    """What fulfilment reads and writes."""

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...

    def plan(self, tenant: str, order_id: str) -> Plan | None: ...

    def add_plan(self, plan: Plan, counter: tuple[str, str] | None) -> Plan:
        """Write the plan unless it was changed meanwhile, and count its shipments for (installation, month), if given, in the same write.

        Answers the plan that stands.
        """
        ...

    def create(self, shipment: Shipment) -> Shipment:
        """Write the shipment unless it stands; answers the one that stands."""
        ...

    def facts(self, offer_ids: Sequence[str]) -> Facts:
        """What is known of these offers, recalled ones too."""
        ...


class OrderShipments:
    """Plans, labels and voids an order's shipments."""

    def __init__(
        self, store: Store, holds: RecallHolds, *, calls: CourierCalls, purchase: LabelPurchase, awaited: AwaitedCouriers,
        returns: LabelReturn, random: Random,
    ) -> None:  # fmt: skip
        self._store, self._holds, self._calls = store, holds, calls
        self._purchase, self._awaited, self._returns, self._random = purchase, awaited, returns, random

    def order_confirmed(self, event: OrderAccepted | OrderPaid) -> None:
        """Make the order's shipments when it is accepted or paid, whichever is heard first. Raises NotYet, PluginError.

        The plan comes first; a delivery that fails after it is brought again and completes the shipments. An event that confirms the order
        anew may know of fewer suppliers than the plan: the others' parcels were made, and emptied, before. Where the courier's plug-in is
        not offered, or does not answer, they are drafts that wait for it; what is delivered without a parcel waits for its supplier.
        """
        plan = self._noted(event)
        if plan.made_by not in ("", event.type):
            return
        nobody, chosen = event.shipping.ships_nothing, event.shipping.installation_id
        ready = None if nobody else self._ready(self._calls.couriers.get(plan.tenant, chosen))
        facts = self._store.facts([line.offer_id for line in event.lines])
        while not plan.is_made:
            plan = self._add_plan(event, ready, plan, facts)
        if plan.made_by == event.type:
            parcels = self._parcels(event, ready, plan, facts)
            for planned in (one for one in plan.shipments if one.part in parcels):
                draft = self._draft(event, plan, planned, parcels[planned.part], pickup=bool(ready and ready.capability.pickup))
                self._holds.bring_up_to_date(self._begun(draft, ready))

    def _begun(self, draft: Shipment, ready: ReadyCourier | None) -> Shipment:
        if draft.virtual:
            return self._store.create(draft)
        return self._purchase.begin(draft, ready.installation) if ready else self._awaited.keep(draft)

    def order_cancelled(self, event: OrderCancelled) -> None:
        """Void what no courier has had yet. An order that was never planned is marked, so that it never will be."""
        plan = self._noted(event)
        while not plan.is_made:
            plan = self._store.add_plan(plan.made(event.type, ()), None)
        for planned in plan.shipments:
            self._void(planned)

    def _ready(self, installation: Installation) -> ReadyCourier | None:
        """The courier; None if its plug-in is not offered, or does not answer. Raises NoTimeLeft."""
        try:
            return self._calls.of(installation)
        except NotOffered as absent:
            logger.warning("parcels wait for a courier: %s", absent)
            return None

    def _noted(self, event: OrderEvent) -> Plan:
        """The order's plan as far as it is known; one that is not made, if nothing is."""
        tenant = tenant_of(event)
        return self._store.plan(tenant, event.order_id) or unmade(tenant, event.order_id)

    def _add_plan(self, event: OrderAccepted | OrderPaid, ready: ReadyCourier | None, noted: Plan, facts: Facts) -> Plan:
        """Write the order's plan; its shipments count for a courier with volume tiers. Answers the plan that stands.

        Raises NotYet before anything is written: what is planned can be made.
        """
        now = self._calls.clock()
        shipments = tuple(
            Planned(shipment_id=new_id("shp", now, self._random), supplier_id=supplier_of(part), virtual=is_virtual(part))
            for part in sorted(self._parcels(event, ready, noted, facts))
        )
        plan = noted.made(event.type, shipments)
        counts = ready and ready.capability.volume_tiers and plan.parcels and not event.test
        return self._store.add_plan(plan, (event.shipping.installation_id, rfc3339(now)[:7]) if counts else None)

    def _parcels(self, event: OrderAccepted | OrderPaid, ready: ReadyCourier | None, plan: Plan, facts: Facts) -> dict[str, Parcel]:
        """Each part's parcel, without what was asked back before; in boxes where a courier is asked, unless it cannot take them.

        What the order sold as virtual goods is so, whatever it has become since: a part without weights, of which no courier hears.
        """
        back = plan.units_back(event.taken_off)
        lines = [(line, line.quantity - back[line.offer_id]) for line in event.lines if line.quantity > back[line.offer_id]]
        quantities: dict[str, int] = {}
        values: dict[str, int] = {}
        for line, units in lines:
            quantities[line.offer_id] = quantities.get(line.offer_id, 0) + units
            values[line.offer_id] = values.get(line.offer_id, 0) + line_money(line, units).price
        if quantities.keys() - facts.keys():
            raise NotYet(f"the parcel facts of {sorted(quantities.keys() - facts.keys())}")
        virtual = {line.offer_id for line, _ in lines if not line.requires_shipping}
        shipped = {offer_id: units for offer_id, units in quantities.items() if offer_id not in virtual}
        delivered = {offer_id: units for offer_id, units in quantities.items() if offer_id in virtual}
        found = parcels(shipped, facts, values, event.currency)
        without = parcels(delivered, {offer_id: facts[offer_id].without_parcel for offer_id in delivered}, values, event.currency)
        if ready and ready.courier.manifest.allowed_hosts:
            found = [packed(parcel, facts, ready.capability) or parcel for parcel in found]
        own = {part_of(parcel.supplier_id, virtual=True): parcel for parcel in without}
        return {parcel.supplier_id: parcel for parcel in found} | own

    def _draft(self, event: OrderAccepted | OrderPaid, plan: Plan, planned: Planned, parcel: Parcel, *, pickup: bool) -> Shipment:
        now = rfc3339(self._calls.clock())
        first = LogEntry(id=derived_id("evt", planned.shipment_id, State.DRAFT), state=State.DRAFT, occurred_at=now, recorded_at=now)
        code = pickup_code(self._random) if pickup and not planned.virtual else ""
        return Shipment(
            id=planned.shipment_id, supplier_id=planned.supplier_id, order_id=event.order_id, storefront_id=event.storefront_id,
            account_id=event.account_id, siblings=len(plan.shipments), currency=event.currency,
            choice=SHIPS_NOTHING if planned.virtual else event.shipping,
            address=event.address, sealed_address=event.sealed_address, parcel=parcel, pickup_code=code, log=(first,), test=event.test,
        )  # fmt: skip

    def _void(self, planned: Planned) -> None:
        shipment = self._store.shipment(planned.supplier_id, planned.shipment_id)
        if shipment is None:
            raise NotYet(f"shipment {planned.shipment_id}")
        self._returns.give_back(shipment)
