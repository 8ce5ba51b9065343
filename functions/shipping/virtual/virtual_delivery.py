"""What a supplier delivers of virtual goods: a text (a licence key, a code) or an address to download from, for each line.

Delivering is to virtual goods what the first scan is to a parcel: one conditional write on the shipment, which taking its units back
competes with. From then on they have left. What is delivered may be a secret: it lies sealed beside the shipment's documents, is in no
event and no log, and is told to its supplier, and to the client site that shows it to the shopper.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Protocol

from functions.shipping.documents.shipment_documents import Objects, document_context
from functions.shipping.fulfilment.recall_holds import RecallHolds
from functions.shipping.parcels.parcel_facts import units_in
from functions.shipping.shipments.shipment import LogEntry, Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.tracking.shipment_steps import Store as StepStore
from functions.shipping.tracking.shipment_steps import save_step
from monsoon_plugin.clock import Clock, rfc3339
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.ids import derived_id
from shared.optimistic_retry import Contended, Retry
from shared.providers.credentials import Credentials


class HasParcel(Conflict):
    code, title = "has-parcel", "This shipment is a parcel: report it as dispatched"


class GivenUp(Conflict):
    code, title = "given-up", "Nothing is left in this shipment to deliver: its order is cancelled, or all was taken back"


@dataclass(frozen=True, slots=True)
class DeliveredLine:
    """What the shopper gets of one offer, for all its units."""

    offer_id: str
    text: str = field(default="", repr=False)
    url: str = field(default="", repr=False)


class Store(StepStore, Protocol):
    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualDeliveries:
    store: Store
    holds: RecallHolds
    objects: Objects
    credentials: Credentials
    clock: Clock
    retry: Retry

    def deliver(self, supplier_id: str, shipment_id: str, lines: Sequence[DeliveredLine]) -> Shipment:
        """The shipment, delivered; what is sent after that takes the place of what was delivered before, and the same again of nothing.

        Raises NotFound, HasParcel, GivenUp, Held, PaymentLost, Conflict; Invalid unless each line of the shipment is named.
        """

        def attempt() -> Shipment:
            shipment = self._deliverable(supplier_id, shipment_id, lines)
            if shipment.delivery and self.given(shipment) == list(lines):
                return shipment
            changed = self._delivered(shipment, self._kept(shipment, lines))
            if not save_step(self.store, shipment, changed):
                raise Contended
            return changed

        return self.retry(attempt, lambda: Conflict("this order's shipments are being changed by others too: try again"))

    def given(self, shipment: Shipment) -> list[DeliveredLine]:
        """What its supplier has delivered; nothing while it has not, or of what was delivered without a word to the hub."""
        sealed = self.objects.get(shipment.delivery) if shipment.delivery else None
        if sealed is None:
            return []
        return [DeliveredLine(**line) for line in json.loads(self.credentials.open(sealed, document_context(shipment)))]

    def given_of(self, shipments: Sequence[Shipment]) -> Mapping[str, Sequence[DeliveredLine]]:
        """The same of several, by shipment id."""
        return {shipment.id: given for shipment in shipments if (given := self.given(shipment))}

    def _deliverable(self, supplier_id: str, shipment_id: str, lines: Sequence[DeliveredLine]) -> Shipment:
        shipment = self.store.shipment(supplier_id, shipment_id)
        if shipment is None:
            raise NotFound
        if not shipment.virtual:
            raise HasParcel
        if shipment.doomed or shipment.state is State.VOIDED:
            raise GivenUp
        _check_lines(shipment, lines)
        if shipment.unsent:
            shipment = self.holds.bring_up_to_date(shipment)
            shipment.refuse_if_held()
        return shipment

    def _kept(self, shipment: Shipment, lines: Sequence[DeliveredLine]) -> str:
        """The key of what was sealed. It is new each time: whoever loses a race overwrites nothing."""
        plain = json.dumps([asdict(line) for line in lines], ensure_ascii=False).encode()
        sealed = self.credentials.seal(plain, document_context(shipment))
        key = f"shipments/{shipment.supplier_id}/{shipment.id}/delivery-{hashlib.sha256(sealed).hexdigest()[:32]}"
        self.objects.put(key, sealed)
        return key

    def _delivered(self, shipment: Shipment, key: str) -> Shipment:
        if not shipment.unsent:
            return shipment.noted(delivery=key)
        now = rfc3339(self.clock())
        entry = LogEntry(id=derived_id("evt", shipment.id, "delivered"), state=State.DELIVERED, occurred_at=now, recorded_at=now)
        return shipment.after(entry).amended(delivery=key)


def _check_lines(shipment: Shipment, lines: Sequence[DeliveredLine]) -> None:
    """Raises Invalid unless each offer of the shipment is named, and no other: it leaves as a whole."""
    inside, named = units_in(shipment.parcel), {line.offer_id for line in lines}
    errors = [
        FieldError(f"/lines/{i}/offer_id", "this shipment holds no such offer: leave the line out")
        for i, line in enumerate(lines)
        if line.offer_id not in inside
    ]
    errors += [FieldError("/lines", f"add a line for {offer_id}, too") for offer_id in inside if offer_id not in named]
    if errors:
        raise Invalid("a shipment is delivered as a whole", errors)
