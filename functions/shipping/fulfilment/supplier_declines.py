"""A supplier that cannot send its part, or some of it, says so: the units are released in the same write.

What follows for the order, a refund or less to pay, is in functions/orders/withdrawals/answers.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from functions.shipping.fulfilment.release import Question
from functions.shipping.parcels.parcel_facts import units_in
from functions.shipping.shipments.shipment import Shipment
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, FieldError, Invalid, NotFound

MAX_DECLINES = 5
"""A supplier declines units of one shipment at most this often; all that is left, always."""


class AlreadyLeft(Conflict):
    code, title = "already-left", "This parcel has left: what is in it can only be returned"


class TooManyDeclines(Conflict):
    code, title = "too-many-declines", f"Units of a shipment can be declined {MAX_DECLINES} times: decline all that is left, or send it"


class NothingLeft(Conflict):
    code, title = "nothing-left", "Nothing is left in this parcel to decline"


@dataclass(frozen=True, slots=True)
class Decline:
    """What a supplier will not send. `units`: offer id → units, in the order of the request; empty: all that is left."""

    units: Mapping[str, int]
    reason: str
    restock: bool
    """Whether it has the units still, to sell them again."""


class Store(Protocol):
    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...


class Answers(Protocol):
    def take_back(self, shipment: Shipment, ask: Callable[[Shipment], Question]) -> Shipment: ...


class Labels(Protocol):
    def follow(self, shipment: Shipment) -> Shipment: ...


class SupplierDeclines:
    def __init__(self, store: Store, answers: Answers, labels: Labels) -> None:
        self._store, self._answers, self._labels = store, answers, labels

    def decline(self, supplier_id: str, shipment_id: str, decline: Decline, idempotency: Idempotency) -> Shipment:
        """The shipment without the units, once for its Idempotency-Key. Whoever loses a race for it is held to what is left then.

        Raises NotFound, AlreadyLeft, NothingLeft, TooManyDeclines, KeyReused, Unavailable; Invalid: more than it holds.
        """
        shipment = self._store.shipment(supplier_id, shipment_id)
        if shipment is None:
            raise NotFound
        question = Question(id=idempotency.id("wdr"), why="decline", units={}, reason=decline.reason, restock=decline.restock,
                            fingerprint=idempotency.fingerprint)  # fmt: skip

        def ask(current: Shipment) -> Question:
            known = current.answer_to(question.id)
            if known is None:
                return replace(question, units=_checked(current, decline))
            idempotency.same(known.fingerprint)
            return question

        if shipment.answer_to(question.id):
            ask(shipment)
            return shipment
        return self._labels.follow(self._answers.take_back(shipment, ask))


def _checked(shipment: Shipment, decline: Decline) -> Mapping[str, int]:
    """The units to release. Raises AlreadyLeft, NothingLeft, TooManyDeclines, Invalid."""
    held = units_in(shipment.parcel)
    if shipment.scanned:
        raise AlreadyLeft
    if not held or not shipment.unsent:
        raise NothingLeft
    if sum(answer.why == "decline" for answer in shipment.taken_back) >= MAX_DECLINES and decline.units:
        raise TooManyDeclines
    errors = [
        FieldError(f"/lines/{i}/quantity", f"at most {held.get(offer_id, 0)} units of {offer_id} are in the parcel")
        for i, (offer_id, units) in enumerate(decline.units.items())
        if units > held.get(offer_id, 0)
    ]
    if errors:
        raise Invalid("more than is in the parcel", errors)
    return decline.units or held
