"""Questions for units of an order's parcels: each parcel answers once, in a write that "dispatched" competes with.

Where no parcel was planned for the units yet, the plan answers: it is noted in it, and it is made without them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from functions.shipping.fulfilment.release import Question, with_answer
from functions.shipping.fulfilment.release_events import of_plan, of_shipment
from functions.shipping.fulfilment.shipment_plan import NotYet, Plan, Planned, tenant_of, unmade
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_versions import change_shipment
from monsoon_plugin.clock import Clock, rfc3339
from shared.optimistic_retry import Contended, Retry
from shared.order_messages import OrderUnitsWithdrawn
from shared.shipment_messages import ShipmentEvent


class Store(Protocol):
    """What answers read and write."""

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...

    def standing_plan(self, tenant: str, order_id: str) -> Plan | None:
        """The order's plan as last written."""
        ...

    def save_plan(self, plan: Plan, message: ShipmentEvent) -> bool:
        """Write the plan's next version, or its first, with the event; False if it was changed meanwhile."""
        ...

    def save(self, shipment: Shipment, message: ShipmentEvent | None = None, plan: Plan | None = None) -> bool: ...

    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]: ...


class Labels(Protocol):
    """What becomes of a parcel's label when units were taken back."""

    def stays(self, shipment: Shipment) -> bool:
        """Whether the label that it has does for less."""
        ...

    def follow(self, shipment: Shipment) -> Shipment:
        """Give back the label of a parcel that is empty, and buy that of another anew."""
        ...


class UnitWithdrawals:
    def __init__(self, store: Store, labels: Labels, clock: Clock, retry: Retry) -> None:
        self._store, self._labels, self._clock, self._retry = store, labels, clock, retry

    def answer(self, event: OrderUnitsWithdrawn) -> None:
        """Answer for every supplier that is asked; the labels follow once all have answered. Raises NotYet, Unavailable, PluginError."""
        tenant, asked = tenant_of(event), _by_part(event)
        plan = self._retry(lambda: self._answer_unplanned(event, self._store.standing_plan(tenant, event.order_id), asked))
        parcels = [] if plan.has_told_all(event.withdrawal_id) else plan.shipments
        changed = [self._ask(planned, event, asked[planned.part]) for planned in parcels if planned.part in asked]
        for shipment in changed:
            self._labels.follow(shipment)

    def take_back(self, shipment: Shipment, ask: Callable[[Shipment], Question]) -> Shipment:
        """Answer what is asked of the shipment as it then stands, once for each asking. Raises what `ask` does.

        Raises Unavailable if others keep changing it.
        """
        return change_shipment(self._store, shipment, lambda current: self._after(current, ask(current)), self._retry, self._save)

    def _answer_unplanned(self, event: OrderUnitsWithdrawn, plan: Plan | None, asked: Mapping[str, Mapping[str, int]]) -> Plan:
        """The plan, once it has answered for the parts that have no shipment in it. Raises Contended."""
        plan = plan or unmade(tenant_of(event), event.order_id)
        planned = {one.part for one in plan.shipments}
        parts = {part: units for part, units in asked.items() if part not in planned}
        if not plan.is_made or plan.has_told_all(event.withdrawal_id):
            parts = {"": {offer_id: n for units in asked.values() for offer_id, n in units.items()}}
        for part, units in parts.items():
            noted = plan.with_units_back(event.withdrawal_id, part, units, event.attempt)
            if noted is not plan and not self._store.save_plan(noted, of_plan(noted, event, part, units)):
                raise Contended
            plan = noted
        return plan

    def _ask(self, planned: Planned, event: OrderUnitsWithdrawn, units: Mapping[str, int]) -> Shipment:
        shipment = self._store.shipment(planned.supplier_id, planned.shipment_id)
        if shipment is None:
            raise NotYet(f"shipment {planned.shipment_id}")
        question = Question(id=event.withdrawal_id, why=event.why, units=units, attempt=event.attempt)
        return self.take_back(shipment, lambda current: question)

    def _after(self, shipment: Shipment, question: Question) -> Shipment:
        inside = [content.offer_id for content in shipment.parcel.contents]
        facts = self._store.facts(inside) if shipment.answer_to(question.id) is None and not shipment.scanned else {}
        volumes = {offer_id: known.volume for offer_id, known in facts.items()}
        stays = shipment.label is not None and self._labels.stays(shipment)
        return with_answer(shipment, question, volumes, rfc3339(self._clock()), label_stays=stays)

    def _save(self, after: Shipment) -> bool:
        """Write the last answer with its event; an empty parcel among several is taken out of the plan's count in the same write."""
        answer = after.taken_back[-1]
        if after.parcel.contents or after.siblings == 1:
            return self._store.save(after, of_shipment(after, answer, None))
        plan = self._store.standing_plan(after.tenant, after.order_id)
        if plan is None:
            raise NotYet(f"the plan of {after.order_id}")
        counted = plan.emptied(after)
        return self._store.save(after, of_shipment(after, answer, counted), counted)


def _by_part(event: OrderUnitsWithdrawn) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for one in event.units:
        found.setdefault(one.part, {})[one.offer_id] = one.units
    return found
