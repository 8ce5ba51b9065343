"""An order's plan: which shipments it has, and how many of them have gone and arrived. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from pydantic import BaseModel, ConfigDict, Field

from functions.shipping.shipments.shipment import Shipment
from functions.shipping.shipments.shipment_states import State
from shared.order_messages import OrderEvent
from shared.variants.order_part import part_of


class NotYet(Exception):
    """Something that this event builds on is not there yet, or is being worked on; the queue brings the event again."""


class Planned(BaseModel):
    """One shipment of the plan."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    shipment_id: str
    supplier_id: str
    virtual: bool = Field(default=False, exclude_if=lambda virtual: not virtual)
    """Whether it is what its supplier delivers without a parcel."""

    @property
    def part(self) -> str:
        return part_of(self.supplier_id, virtual=self.virtual)


class Plan(BaseModel):
    """The shipments of one order, fixed when it is accepted or paid, whichever is heard first; empty if it was cancelled before.

    Units that are asked back before that are noted here: the plan is then made without them.
    """

    model_config = ConfigDict(frozen=True, defer_build=True)
    order_id: str
    tenant: str
    """`account#storefront`."""
    made_by: str
    """The type of the event that made it; that event's deliveries, and no other's, complete its shipments. Empty: it is not made yet."""
    shipments: tuple[Planned, ...]
    dispatched: frozenset[str] = frozenset()
    delivered: frozenset[str] = frozenset()
    voided: frozenset[str] = frozenset()
    """Shipments from which every unit was taken back."""
    taken_back: Mapping[str, Mapping[str, int]] = {}
    """Question → offer id → units that no parcel was made for."""
    told: Mapping[str, int] = {}
    """Question and part → which asking was answered here last."""
    version: int = 1

    def reached(self, shipment: Shipment) -> tuple["Plan", int]:
        """The plan once `shipment` is in transit or delivered, and how many of the order's shipments are not there yet."""
        there = {"dispatched": self.dispatched | {shipment.id}}
        if shipment.state is not State.DELIVERED:
            after = self._next(**there)
            return after, after.undispatched
        after = self._next(**there, delivered=self.delivered | {shipment.id})
        return after, len(after.full - after.delivered)

    def emptied(self, shipment: Shipment) -> "Plan":
        """The plan once nothing is left in `shipment`: the others alone count."""
        return self._next(voided=self.voided | {shipment.id})

    @property
    def undispatched(self) -> int:
        """How many shipments have not left yet."""
        return len(self.full - self.dispatched)

    @property
    def parcels(self) -> int:
        """How many of its shipments a courier takes."""
        return sum(not planned.virtual for planned in self.shipments)

    @property
    def is_made(self) -> bool:
        return bool(self.made_by)

    @property
    def full(self) -> frozenset[str]:
        """The shipments that hold goods."""
        return frozenset(planned.shipment_id for planned in self.shipments) - self.voided

    def made(self, event_type: str, shipments: tuple[Planned, ...]) -> "Plan":
        """The plan, fixed; what was asked back before stays noted."""
        return self._next(made_by=event_type, shipments=shipments)

    def with_units_back(self, question_id: str, part: str, units: Mapping[str, int], attempt: int) -> "Plan":
        """The plan, which holds no parcel for these units; itself if that was told."""
        key = f"{question_id}#{part}"
        if self.told.get(key, 0) >= attempt:
            return self
        known = {**self.taken_back.get(question_id, {}), **units}
        return self._next(taken_back={**self.taken_back, question_id: known}, told={**self.told, key: attempt})

    def has_told_all(self, question_id: str) -> bool:
        """Whether it was made without all that the question asks for: no parcel is asked for it then."""
        return f"{question_id}#" in self.told

    def units_back(self, except_for: Iterable[str] = ()) -> Counter[str]:
        """Offer id → units to leave out when it is made; without those of some questions, which its event leaves out already."""
        total = Counter[str]()
        for question_id, units in self.taken_back.items():
            if question_id not in except_for:
                total.update(units)
        return total

    def _next(self, **changes: object) -> "Plan":
        return self.model_copy(update={**changes, "version": self.version + 1})


def tenant_of(event: OrderEvent) -> str:
    """The storefront's key."""
    return f"{event.account_id}#{event.storefront_id}"


def unmade(tenant: str, order_id: str) -> Plan:
    """The plan of an order of which nothing is written yet."""
    return Plan(order_id=order_id, tenant=tenant, made_by="", shipments=(), version=0)
