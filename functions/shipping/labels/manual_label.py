"""What a merchant does about a label that was not bought: buy again, of this courier or another that is named, or enter a number.

Of a parcel that is given up, a merchant settles what no question to its courier brings to an end. The word is written first, under the
request's key; what follows is done at once, or by the sweep.

| The shipment | The merchant's word | Then |
|---|---|---|
| untold: nobody can tell whether its label was bought | its tracking number | it goes back to the courier, where that takes labels back |
| untold | none was bought | it is voided; an older label goes back first |
| unreturned: its courier does not take its label back | it is settled with the courier | it is voided |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from functions.shipping.installed_couriers import InstalledCouriers
from functions.shipping.labels.label_changes import LEASE
from functions.shipping.labels.label_purchase import LabelPurchase, not_packed
from functions.shipping.labels.label_return import LabelReturn
from functions.shipping.parcels.box_packing import packed
from functions.shipping.parcels.parcel_facts import ParcelFacts, completed, is_told
from functions.shipping.shipments.shipment import MAX_PURCHASES, LogEntry, Setback, Shipment
from functions.shipping.shipments.shipment_states import State
from functions.shipping.tracking.tracking_numbers import sound_number
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.courier import Capability, Label, Parcel
from monsoon_plugin.errors import ErrorKind
from shared.api.idempotency import Idempotency
from shared.errors import Conflict, Invalid


class Store(Protocol):
    """What a merchant's label needs of the store."""

    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]: ...

    def save(self, shipment: Shipment) -> bool: ...

    def add_pointers(self, installation_id: str, shipment: Shipment) -> None: ...


@dataclass(frozen=True, slots=True)
class CourierChoice:
    """A rate of another of the storefront's couriers."""

    installation_id: str
    rate_id: str
    service: str
    """What the shopper reads; empty: as before."""


@dataclass(frozen=True, slots=True)
class LabelWish:
    """How a merchant wants a label that was not bought."""

    tracking_number: str | None
    """Of a label that the merchant has: none is bought."""
    none_was_bought: bool
    """The merchant's word, where nobody knows whether the last purchase succeeded."""
    courier: CourierChoice | None
    """None: the shopper's choice."""
    settled: bool = False
    """The merchant's word, where a courier does not take the label of a given-up parcel back."""


NONE_BOUGHT = "none was bought, by the merchant's word"


class ManualLabels:
    def __init__(self, store: Store, couriers: InstalledCouriers, purchase: LabelPurchase, *, returns: LabelReturn, clock: Clock) -> None:
        self._store, self._couriers, self._purchase = store, couriers, purchase
        self._returns, self._clock = returns, clock

    def provide(self, shipment: Shipment, wish: LabelWish, idempotency: Idempotency) -> Shipment:
        """The shipment with its label, or with what is wrong still; the same Idempotency-Key buys once.

        A purchase has a key of its own at the courier: what it remembers of the refused one does not count. A parcel that is given up is
        voided once its label is settled.
        Raises Conflict where a label is bought, being bought, or perhaps bought; Invalid, NotFound for the courier that is named.
        """
        known = shipment.entry(idempotency.id("evt"))
        if known is not None:
            idempotency.same(known.fingerprint)
            return shipment
        if shipment.given_up:
            return self._returns.give_back(self._settled(shipment, wish, idempotency))
        _check(shipment, wish)
        if wish.tracking_number is not None:
            return self._enter(shipment, wish.tracking_number, idempotency)
        if shipment.purchase >= MAX_PURCHASES:
            raise Conflict(f"a label is tried at most {MAX_PURCHASES} times: enter the number of one that you bought yourself")
        again = self._purchasing(self._packed_for(shipment, wish.courier), idempotency)
        self._save(again)
        return self._purchase.buy_begun(again)

    def _settled(self, shipment: Shipment, wish: LabelWish, idempotency: Idempotency) -> Shipment:
        """A parcel that is given up, with the merchant's word on its label. Raises Conflict, Invalid."""
        _check_given_up(shipment, wish)
        if shipment.untold and wish.tracking_number is not None:
            return self._enter(shipment, wish.tracking_number, idempotency)
        if shipment.untold:
            entry = self._entry(State.PURCHASING, idempotency).model_copy(update={"description": NONE_BOUGHT})
            none = Setback(kind=ErrorKind.UNAVAILABLE, message=NONE_BOUGHT, at=entry.recorded_at)
            settled = shipment.after(entry).amended(setback=none, awaits_courier=False, due=entry.recorded_at)
        else:
            settled = shipment.after(self._entry(State.VOIDED, idempotency)).without_old_label().amended(setback=None, tries=0)
        self._save(settled)
        return settled

    def _packed_for(self, shipment: Shipment, named: CourierChoice | None) -> Shipment:
        """The shipment as it is sent by the courier that is named, packed for it."""
        choice = shipment.choice
        installation = self._couriers.get(shipment.tenant, named.installation_id if named else choice.installation_id)
        if not self._couriers.plugin(installation).manifest.allowed_hosts:
            raise Invalid.field("/courier/installation_id", "this courier sells no labels: enter the tracking number of yours")
        parcel = self._boxed(shipment.parcel, self._couriers.capability(installation), is_another=named is not None)
        if named is None:
            return shipment.amended(parcel=parcel)
        changes = {"installation_id": installation.id, "plugin": installation.plugin, "rate_id": named.rate_id}
        changed = choice.model_copy(update={**changes, "service": named.service or choice.service})
        seller = shipment.old_installation or (choice.installation_id if shipment.old_label else "")
        return shipment.amended(parcel=parcel, choice=changed, old_installation=seller)

    def _boxed(self, parcel: Parcel, capability: Capability, *, is_another: bool) -> Parcel:
        """The parcel packed for its courier; as it was planned, where that is its own, and too little of the goods is said by now."""
        facts = self._store.facts([content.offer_id for content in parcel.contents])
        told = completed(parcel, facts)
        if not is_told(told, facts) and parcel.packages and not is_another:
            return parcel
        if (found := packed(parcel, facts, capability)) is None:
            raise Invalid.field("/courier/installation_id", not_packed(told, facts).message)
        return found

    def _purchasing(self, shipment: Shipment, idempotency: Idempotency) -> Shipment:
        """PURCHASING, under the next purchase's key."""
        due = rfc3339(self._clock() + LEASE)
        begun = shipment.after(self._entry(State.PURCHASING, idempotency))
        return begun.amended(purchase=shipment.purchase + 1, tries=0, setback=None, awaits_courier=False, due=due)

    def _enter(self, shipment: Shipment, tracking_number: str, idempotency: Idempotency) -> Shipment:
        label = Label(tracking_number=sound_number(tracking_number, ""))
        labelled = shipment.after(self._entry(State.LABELED, idempotency))
        own = shipment.state is State.DRAFT or not shipment.untold
        entered = labelled.amended(
            label=label, own_label=own, setback=None, relabel=False, tries=0, awaits_courier=False, due=rfc3339(self._clock())
        )
        self._store.add_pointers(shipment.choice.installation_id, entered)
        self._save(entered)
        return entered

    def _save(self, shipment: Shipment) -> None:
        if not self._store.save(shipment):
            raise Conflict("this shipment was changed meanwhile: read it and try again")

    def _entry(self, state: State, idempotency: Idempotency) -> LogEntry:
        now = rfc3339(self._clock())
        return LogEntry(id=idempotency.id("evt"), state=state, occurred_at=now, recorded_at=now, fingerprint=idempotency.fingerprint)


def _check(shipment: Shipment, wish: LabelWish) -> None:
    """Raises Conflict where no label is wanted, and Invalid where the merchant's word is missing."""
    if shipment.virtual:
        raise Conflict("these are virtual goods: nothing is sent, and nothing labelled")
    if shipment.state not in (State.DRAFT, State.PURCHASING) or shipment.doomed:
        raise Conflict(f"it is {shipment.state}: its label is bought, or no longer wanted")
    if shipment.state is State.PURCHASING and not (shipment.untold or shipment.awaits_courier):
        raise Conflict("its label is being bought: read the shipment in a minute")
    if shipment.untold and not wish.none_was_bought and wish.tracking_number is None:
        raise Invalid.field("/none_was_bought", "say so, once the courier has said it, or send the label's tracking_number")


def _check_given_up(shipment: Shipment, wish: LabelWish) -> None:
    """Raises Conflict where no word is needed, and Invalid where it is missing."""
    if not (shipment.untold or shipment.unreturned):
        raise Conflict("it is given up, and its label is given back by itself: read the shipment in a minute")
    if shipment.unreturned and not wish.settled:
        raise Invalid.field("/settled", "say so, once you have settled with the courier what becomes of its label")
    if shipment.untold and not wish.none_was_bought and wish.tracking_number is None:
        raise Invalid.field("/none_was_bought", "say so, once the courier has said it, or send the label's tracking_number")
