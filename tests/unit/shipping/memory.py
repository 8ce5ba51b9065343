"""Shipping's store in memory, with the conditions of DynamoDB's; what it keeps has been through JSON."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from functions.shipping.fulfilment.recall_walks import Walk
from functions.shipping.fulfilment.shipment_plan import Plan
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.shipment import Shipment
from shared.messages import Message
from shared.shipment_messages import ShipmentEvent

shipment_of, plan_of = lru_cache(1000)(Shipment.model_validate_json), lru_cache(1000)(Plan.model_validate_json)
"""What was read from a text before need not be read again: records are frozen."""


@dataclass
class MemoryShipping:
    """All that shipping's domain reads and writes. `write` is called around each write: what it raises, a crash does."""

    plans: dict[tuple[str, str], str] = field(default_factory=dict)
    parcels: dict[str, str] = field(default_factory=dict)
    known: dict[str, tuple[int, ParcelFacts | None, str | None]] = field(default_factory=dict)
    """Offer id → version, facts, and why it is recalled, if it is."""
    events: list[Message] = field(default_factory=list)
    write: Callable[[str], None] = lambda when: None

    def plan(self, tenant: str, order_id: str) -> Plan | None:
        text = self.plans.get((tenant, order_id))
        return plan_of(text) if text else None

    standing_plan = plan

    def add_plan(self, plan: Plan, counter: tuple[str, str] | None) -> Plan:
        self._put_plan(plan, None)
        return self.plan(plan.tenant, plan.order_id) or plan

    def save_plan(self, plan: Plan, message: ShipmentEvent) -> bool:
        return self._put_plan(plan, message)

    def _put_plan(self, plan: Plan, message: ShipmentEvent | None) -> bool:
        held = self.plan(plan.tenant, plan.order_id)
        if (held.version if held else 0) != plan.version - 1:
            return False
        self._commit(lambda: self.plans.update({(plan.tenant, plan.order_id): plan.model_dump_json()}), message)
        return True

    def create(self, shipment: Shipment) -> Shipment:
        if shipment.id not in self.parcels:
            self._commit(lambda: self._keep(shipment), None)
            return shipment
        return self.stored(shipment.id)

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None, plan: Plan | None = None) -> bool:
        if self.stored(shipment.id).version != shipment.version - 1:
            return False
        held = plan and self.plan(plan.tenant, plan.order_id)
        if plan and (held.version if held else 0) != plan.version - 1:
            return False

        def both() -> None:
            self._keep(shipment)
            if plan:
                self.plans[plan.tenant, plan.order_id] = plan.model_dump_json()

        self._commit(both, message)
        return True

    def _commit(self, put: Callable[[], None], message: Message | None) -> None:
        self.write("before")
        put()
        if message:
            self.events.append(message)
        self.write("after")

    def _keep(self, shipment: Shipment) -> None:
        self.parcels[shipment.id] = shipment.model_dump_json(exclude_defaults=True, by_alias=True)

    def stored(self, shipment_id: str) -> Shipment:
        return shipment_of(self.parcels[shipment_id])

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None:
        return self.stored(shipment_id) if shipment_id in self.parcels else None

    def all(self) -> list[Shipment]:
        return [self.stored(shipment_id) for shipment_id in self.parcels]

    def due(self, now: str) -> list[Shipment]:
        return [shipment for shipment in self.all() if shipment.due and shipment.due <= now]

    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]:
        return {i: facts for i in offer_ids if i in self.known and (facts := self.known[i][1])}

    def keep_facts(self, facts: ParcelFacts, version: int) -> bool:
        if version > self.known.get(facts.offer_id, (0, None, None))[0]:
            self.known[facts.offer_id] = version, facts, None
        return True

    def recall(self, offer_id: str, version: int, reason: str) -> None:
        held = self.known.get(offer_id, (0, None, None))
        if version > held[0]:
            self.known[offer_id] = version, held[1], reason

    def free(self, product_id: str, version: int) -> bool:
        return self.retire(product_id, version, product_id)

    def unsent_gone(self, supplier_id: str, product_id: str) -> Iterable[str]:
        return ()

    def retire(self, offer_id: str, version: int, product_id: str) -> bool:
        if version > self.known.get(offer_id, (0, None, None))[0]:
            self.known[offer_id] = version, self.known.get(offer_id, (0, None, None))[1], None
        return True

    def clear_holds(self, offer_id: str, version: int) -> None: ...

    def recalled(self, offer_ids: Sequence[str]) -> Mapping[str, str]:
        return {i: why for i in offer_ids if (why := self.known.get(i, (0, None, None))[2])}

    def unsent(self, supplier_id: str, *offer_ids: str) -> Iterable[str]:
        def inside(shipment: Shipment) -> bool:
            return not {content.offer_id for content in shipment.parcel.contents}.isdisjoint(offer_ids)

        return [s.id for s in self.all() if s.supplier_id == supplier_id and s.unsent and inside(s)]

    def standing(self, supplier_id: str, ids: Iterable[str]) -> Iterable[Shipment]:
        return [self.stored(shipment_id) for shipment_id in ids]

    def add_pointers(self, installation_id: str, shipment: Shipment) -> None: ...


@dataclass
class MemoryWalks:
    """Walks that are done again, in memory."""

    noted: dict[Walk, datetime] = field(default_factory=dict)

    def note(self, walk: Walk, due: datetime) -> None:
        self.noted[walk] = due

    def due(self, now: datetime) -> list[Walk]:
        return [walk for walk, due in self.noted.items() if due <= now]

    def end(self, walk: Walk) -> None:
        self.noted.pop(walk, None)
