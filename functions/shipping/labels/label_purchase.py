"""A shipment's label: bought once, whatever is delivered again, lost, or killed half-way.

A courier that calls nobody only computes: its label is one write. Before any other is asked, PURCHASING is written, with `due`, the
moment from which the sweep takes the shipment over (label_recovery.py). What the courier then says decides:

| Courier | Shipment |
|---|---|
| a label | its documents are kept, then LABELED is written |
| nothing: it is not asked, for order and courier are not both live, or both in test mode | DRAFT with a setback |
| invalid, declined, config, … | DRAFT again, with a setback for the merchant, who may have it bought again (manual_label.py) |
| rate_limited, unavailable | PURCHASING; the sweep asks again with the same key, MAX_TRIES times, then DRAFT |
| outcome_unknown, protocol, or no word at all | PURCHASING; the sweep asks `fetch`; where none can be asked, a person decides |

Every call is preceded by a write on the condition that nobody wrote since, so two processes never call for one shipment at once.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, Protocol

from functions.shipping.documents.kept_document import KeptDocument
from functions.shipping.installed_couriers import CourierCalls, ReadyCourier
from functions.shipping.labels.label_changes import LEFT_ALONE, MAX_TRIES, REFUSED, LabelChanges
from functions.shipping.labels.label_return import LabelReturn
from functions.shipping.parcels.goods_needs import unsaid_of_boxes, unsaid_to_customs
from functions.shipping.parcels.parcel_facts import ParcelFacts
from functions.shipping.shipments.recipients import Recipients
from functions.shipping.shipments.shipment import NOTHING_DONE, Shipment
from functions.shipping.shipments.shipment_states import State
from monsoon_plugin.address import Address
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import Capability, LabelRequest, Parcel, Purchase
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx
from shared.providers.installation import Installation

TOO_HEAVY = PluginError(ErrorKind.INVALID, "too heavy, or too many parcels, for this courier")
SAID_BY_NOW = PluginError(ErrorKind.INVALID, "something's weight or size was not said when it was planned, and is by now: have it labelled")
TEST_ORDER = PluginError(
    ErrorKind.CONFIG, "this order is paid in test mode: a live courier labels nothing of it; install the courier in test mode to try it"
)
LIVE_ORDER = PluginError(
    ErrorKind.CONFIG, "this order is paid with real money, and its courier's labels in test mode carry nothing: change its mode to live"
)


class Store(Protocol):
    """What a purchase reads, and writes beside the shipment's changes."""

    def facts(self, offer_ids: Sequence[str]) -> Mapping[str, ParcelFacts]: ...

    def create(self, shipment: Shipment) -> Shipment:
        """Write the shipment unless it stands; answers the one that stands."""
        ...

    def add_pointers(self, installation_id: str, shipment: Shipment) -> None:
        """Let the label's tracking numbers lead to the shipment, for the courier's notices."""
        ...


class Documents(Protocol):
    """Where a shipment's documents are kept."""

    def keep(self, shipment: Shipment, purchase: Purchase, ctx: Ctx[Any], capability: Capability) -> tuple[KeptDocument, ...]:
        """Keep the label and what customs asks for under names that derive from the shipment: again overwrites."""
        ...


class LabelPurchase:
    """Buys labels."""

    def __init__(
        self, store: Store, documents: Documents, recipients: Recipients, *, calls: CourierCalls, changes: LabelChanges,
        returns: LabelReturn,
    ) -> None:  # fmt: skip
        self._store, self._documents, self._recipients = store, documents, recipients
        self._calls, self._couriers, self._changes, self._returns = calls, calls.couriers, changes, returns

    def begin(self, draft: Shipment, installation: Installation) -> Shipment:
        """Write a new shipment and buy its label; answers the shipment as it was written.

        One that stands already is left as it is: it has its label, or the sweep sees to it.
        """
        ready = self._calls.of(installation)
        if not ready.courier.manifest.allowed_hosts:
            return self._store.create(self._computed(draft, ready, State.PURCHASING))
        if not draft.parcel.packages:
            return self._store.create(self._changes.with_setback(draft, self._not_packed(draft.parcel)))
        purchasing = self._changes.leased(self._changes.in_state(draft, State.PURCHASING))
        stands = self._store.create(purchasing)
        return self._buy_if_allowed(stands, ready) if stands is purchasing else stands

    def begin_again(self, draft: Shipment, ready: ReadyCourier) -> Shipment:
        """As `begin`, for a draft that stands; as it is, if somebody changed it meanwhile."""
        if not ready.courier.manifest.allowed_hosts:
            return self._changes.write_once(self._computed(draft, ready)) or draft
        if not draft.parcel.packages:
            return self._changes.write_once(self._changes.with_setback(draft, self._not_packed(draft.parcel)).noted()) or draft
        begun = self._changes.write_once(self._changes.leased(self._changes.in_state(draft, State.PURCHASING)))
        return self._buy_if_allowed(begun, ready) if begun else draft

    def buy_begun(self, shipment: Shipment) -> Shipment:
        """Buy the label of a shipment that was just written as PURCHASING, with `due` LEASE away."""
        return self._buy_if_allowed(shipment, self._calls.of_shipment(shipment))

    def buy(self, shipment: Shipment, ready: ReadyCourier) -> Shipment:
        """Ask the courier of a PURCHASING shipment for its label, and write what it said."""
        try:
            address = self._recipients.address(shipment)
        except PluginError as erased:
            return self._write_refusal(shipment, erased)
        if unfit := self._unfit(shipment, ready, address.country):
            return self._write_refusal(shipment, unfit)
        kept_back = self._returns.give_old_back(shipment, ready)
        if kept_back is None:
            shipment = shipment.without_old_label()
        elif not shipment.old_is_elsewhere:
            return self._write_refusal(shipment, kept_back)
        try:
            purchase = ready.courier.buy(ready.ctx, label_request(shipment, address), shipment.op_key)
        except PluginError as error:
            self._couriers.record_outcome(ready.installation, error)
            return self._write_refusal(shipment, error)
        self._couriers.record_outcome(ready.installation, None)
        return self.keep(shipment.amended(relabel=False), purchase, ready)

    def keep(self, shipment: Shipment, purchase: Purchase, ready: ReadyCourier) -> Shipment:
        """Keep the documents, then the label: whoever reads LABELED finds them. A doomed shipment's is given back: it needs no documents.

        If units were taken back while it was being bought, the sweep has another bought. `shipment` says whether they had been before,
        and whether an old label is out still: only another courier's is, for one of its own goes back before it sells a new one.
        """
        labelled = shipment.amended(label=purchase.label)
        try:
            documents = () if shipment.doomed else self._documents.keep(labelled, purchase, ready.ctx, ready.capability)
        except PluginError as error:
            return self._changes.put_off(shipment, error)
        self._store.add_pointers(ready.installation.id, labelled)
        now, polled = rfc3339(self._changes.clock()), ready.capability.tracking == "poll"
        news = {"label": purchase.label, "documents": documents, "setback": None, "tries": 0}
        settled = shipment if shipment.old_is_elsewhere else shipment.without_old_label()
        news |= {"old_label": settled.old_label, "old_key": settled.old_key, "old_installation": settled.old_installation}

        def labelled_now(s: Shipment) -> Shipment:
            less = shipment.relabel or s.parcel != shipment.parcel
            due = now if polled or less or s.doomed or settled.old_label else ""
            return self._changes.in_state(s, State.LABELED).amended(**news, relabel=less, due=due)

        kept = self._changes.write(shipment, labelled_now)
        return self._returns.give_back(kept) if kept.doomed else kept

    def _unfit(self, shipment: Shipment, ready: ReadyCourier, country: str) -> PluginError | None:
        """Why this courier is not asked at all."""
        if shipment.test not in (None, self._couriers.is_test(ready.installation)):
            return TEST_ORDER if shipment.test else LIVE_ORDER
        if not ready.capability.reaches(country):
            return PluginError(ErrorKind.UNSUPPORTED, f"this courier does not go to {country}")
        unsaid = unsaid_to_customs(shipment.parcel, ready.capability, ready.ctx.config, country)
        return PluginError(ErrorKind.INVALID, unsaid) if unsaid else None

    def _not_packed(self, parcel: Parcel) -> PluginError:
        return not_packed(parcel, self._store.facts([content.offer_id for content in parcel.contents]))

    def _computed(self, draft: Shipment, ready: ReadyCourier, *through: State) -> Shipment:
        """LABELED by way of these states, by a courier that calls nobody; a draft still, where nobody knows any more where it goes."""
        try:
            address = self._recipients.address(draft)
        except PluginError as erased:
            return self._changes.with_setback(draft, erased).noted()
        label = ready.courier.buy(ready.ctx, label_request(draft, address), draft.op_key).label
        return reduce(self._changes.in_state, (*through, State.LABELED), draft).amended(label=label)

    def _buy_if_allowed(self, shipment: Shipment, ready: ReadyCourier) -> Shipment:
        """Buy, unless the courier is left alone: then the sweep sees to it."""
        if not self._couriers.allow_call(ready.installation):
            return self._write_refusal(shipment, LEFT_ALONE)
        return self.buy(shipment, ready)

    def _write_refusal(self, shipment: Shipment, error: PluginError) -> Shipment:
        """Write what a courier's refusal means, by the table above."""
        if error.kind in REFUSED:
            return self._changes.back_to_draft(shipment, error)
        if error.kind not in NOTHING_DONE:
            return self._changes.put_off(shipment, PluginError(ErrorKind.OUTCOME_UNKNOWN, error.message))
        if shipment.tries + 1 >= MAX_TRIES:
            return self._changes.back_to_draft(shipment, error)
        return self._changes.put_off(shipment, error)


def not_packed(parcel: Parcel, facts: Mapping[str, ParcelFacts]) -> PluginError:
    """Why a parcel is in no boxes: whose weight or size is not said, or too much for its courier."""
    if lacking := unsaid_of_boxes(parcel, facts):
        return PluginError(ErrorKind.INVALID, lacking)
    return TOO_HEAVY if parcel.weight and parcel.volume else SAID_BY_NOW


def label_request(shipment: Shipment, address: Address) -> LabelRequest:
    """What the courier is asked to label: the rate that the shopper chose, for the parcel as it is packed."""
    choice = shipment.choice
    return LabelRequest(
        rate_id=choice.rate_id, parcel=shipment.parcel, address=address, currency=shipment.currency, price=choice.price,
        order_id=shipment.order_id,
    )  # fmt: skip
