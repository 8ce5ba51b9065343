"""What a merchant does about a label that was not bought: buy again, of this courier or another that is named, or enter a number."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from functions.shipping.installed_couriers import Couriers
from functions.shipping.labels.label_purchase import LEASE, Buying
from functions.shipping.parcels.box_packing import packed
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipment import MAX_PURCHASES, Event, Shipment, State
from functions.shipping.tracking.shipment_reports import sound
from functions.shipping.tracking.shipment_views import BuyLabel
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.courier import Label
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, Invalid


class Store(Protocol):
    """What redress reads and writes."""

    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]: ...

    def save(self, shipment: Shipment) -> bool: ...

    def point(self, installation_id: str, shipment: Shipment) -> None: ...


class Redress:
    def __init__(self, store: Store, couriers: Couriers, buying: Buying, now: Clock) -> None:
        self._store, self._couriers, self._buying, self._now = store, couriers, buying, now

    def label(self, shipment: Shipment, body: BuyLabel, idempotency: Idempotency) -> Shipment:
        """The shipment with its label, or with what is wrong still; the same Idempotency-Key buys once.

        A purchase has a key of its own at the courier: what it remembers of the refused one does not count.
        Raises Conflict where a label is bought, being bought, or perhaps bought; Invalid, NotFound for the courier that is named.
        """
        known = shipment.found(idempotency.id("evt"))
        if known is not None:
            idempotency.same(known.fingerprint)
            return shipment
        self._check(shipment, body)
        if body.tracking_number is not None:
            return self._entered(shipment, body.tracking_number, idempotency)
        if shipment.purchase >= MAX_PURCHASES:
            raise Conflict(f"a label is tried at most {MAX_PURCHASES} times: enter the number of one that you bought yourself")
        again = self._begun(self._chosen(shipment, body), idempotency)
        if not self._store.save(again):
            raise Conflict("this shipment was changed meanwhile: read it and try again")
        return self._buying.bought(again)

    def _check(self, shipment: Shipment, body: BuyLabel) -> None:
        if shipment.state not in (State.DRAFT, State.PURCHASING) or shipment.doomed:
            raise Conflict(f"it is {shipment.state}: its label is bought, or no longer wanted")
        if shipment.state is State.PURCHASING and not shipment.undecided:
            raise Conflict("its label is being bought: read the shipment in a minute")
        if shipment.undecided and not body.none_was_bought and body.tracking_number is None:
            raise Invalid.field("/none_was_bought", "say so, once the courier has said it, or send the label's tracking_number")

    def _chosen(self, shipment: Shipment, body: BuyLabel) -> Shipment:
        """The shipment as it is sent by the courier that is named, packed for it."""
        named = body.courier
        choice = shipment.choice
        tenant = f"{shipment.account_id}#{shipment.storefront_id}"
        installation = self._couriers.get(tenant, named.installation_id if named else choice.installation_id)
        courier = self._couriers.plugin(installation)
        if not courier.manifest.allowed_hosts:
            raise Invalid.field("/courier/installation_id", "this courier sells no labels: enter the tracking number of yours")
        facts = self._store.facts([content.offer_id for content in shipment.parcel.contents])
        parcel = packed(shipment.parcel, facts, self._couriers.capability(installation))
        if parcel is None:
            raise Invalid.field("/courier/installation_id", "too heavy, or too many parcels, for this courier")
        if named is None:
            return shipment.amended(parcel=parcel)
        changes = {"installation_id": installation.id, "plugin": installation.plugin, "rate_id": named.rate_id}
        changed = choice.model_copy(update={**changes, "service": named.service or choice.service})
        return shipment.amended(parcel=parcel, choice=changed)

    def _begun(self, shipment: Shipment, idempotency: Idempotency) -> Shipment:
        """PURCHASING, under the next purchase's key."""
        event = self._event(State.PURCHASING, idempotency)
        due = rfc3339(self._now() + LEASE)
        return shipment.after(event).amended(purchase=shipment.purchase + 1, tries=0, setback=None, due=due)

    def _entered(self, shipment: Shipment, tracking_number: str, idempotency: Idempotency) -> Shipment:
        label = Label(tracking_number=sound(tracking_number, ""))
        entered = shipment.after(self._event(State.LABELED, idempotency)).amended(label=label, setback=None, due=rfc3339(self._now()))
        self._store.point(shipment.choice.installation_id, entered)
        if not self._store.save(entered):
            raise Conflict("this shipment was changed meanwhile: read it and try again")
        return entered

    def _event(self, state: State, idempotency: Idempotency) -> Event:
        now = rfc3339(self._now())
        return Event(id=idempotency.id("evt"), state=state, occurred_at=now, recorded_at=now, fingerprint=idempotency.fingerprint)
