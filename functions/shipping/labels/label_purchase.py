"""A shipment's label: bought once, given back once, whatever is delivered again, lost, or killed half-way.

A courier that calls nobody only computes: its label is one write. Before any other is asked, PURCHASING is written, with `due`, the
moment from which the sweep takes the shipment over. What the courier then says decides:

| Courier | Shipment |
|---|---|
| a label | its papers are kept, then LABELED is written |
| invalid, declined, config, … | DRAFT again, with a setback for the merchant, who may have it bought again |
| rate_limited, unavailable | PURCHASING; the sweep asks again with the same key, MAX_TRIES times, then DRAFT |
| outcome_unknown, protocol, or no word at all | PURCHASING; the sweep asks `fetch`; where none can be asked, a person decides |

Every call is preceded by a write on the condition that nobody wrote since, so two processes never call for one shipment at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from functions.shipping.installed_couriers import Courier, Couriers, deadline
from functions.shipping.shipment import NOTHING_DONE, Event, Paper, Setback, Shipment, State
from monsoon_plugin.clock import Clock, rfc3339
from monsoon_plugin.courier import Capability, LabelRequest, Purchase
from monsoon_plugin.errors import ErrorKind, PluginError
from monsoon_plugin.plugin import Ctx
from shared.errors import Unavailable
from shared.ids import derived_id
from shared.providers.installation import Installation

CALL = timedelta(seconds=20)
"""How long a courier may take to sell or take back a label."""
LEASE = CALL + timedelta(seconds=40)
"""From a call's beginning on, for this long nobody else takes the shipment over: time to call and to keep the papers."""
LEAST = timedelta(seconds=5)
"""With less time left than this, no call is begun."""
MAX_TRIES = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
REFUSED = frozenset(
    {ErrorKind.INVALID, ErrorKind.DECLINED, ErrorKind.CONFIG, ErrorKind.UNSUPPORTED, ErrorKind.CONFLICT, ErrorKind.SIGNATURE}
)
"""What a courier says when it certainly sold nothing, and would not if it were asked again."""
ATTEMPTS = 5
"""Changes of one shipment that may race each other."""
LEFT_ALONE = PluginError(ErrorKind.UNAVAILABLE, "this courier keeps failing: it is asked again in a while")
UNDECIDED = "nobody knows whether this label was bought: ask the courier, then enter the number, or say that there is none and buy again"


class Store(Protocol):
    """What buying reads and writes."""

    def shipment(self, supplier_id: str, shipment_id: str) -> Shipment | None: ...

    def create(self, shipment: Shipment) -> Shipment:
        """Write the shipment unless it stands; answers the one that stands."""
        ...

    def save(self, shipment: Shipment) -> bool:
        """Write the shipment's next version; False if it was changed meanwhile."""
        ...

    def point(self, installation_id: str, shipment: Shipment) -> None:
        """Let the label's tracking numbers lead to the shipment, for the courier's notices."""
        ...


class Papers(Protocol):
    """Where a shipment's documents are kept."""

    def keep(self, shipment: Shipment, purchase: Purchase, ctx: Ctx[Any], capability: Capability) -> tuple[Paper, ...]:
        """Keep the label and what customs asks for under names that derive from the shipment: again overwrites."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """One shipment's courier, ready to be asked."""

    installation: Installation
    courier: Courier
    ctx: Ctx[Any]
    capability: Capability


class Buying:
    """Buys and gives back labels."""

    def __init__(self, store: Store, couriers: Couriers, papers: Papers, now: Clock, remaining: Callable[[], timedelta]) -> None:
        """`remaining`: how long this process may still run."""
        self._store, self._couriers, self._papers, self._now, self._remaining = store, couriers, papers, now, remaining

    def begun(self, draft: Shipment, installation: Installation) -> Shipment:
        """Write a new shipment and buy its label; answers the shipment as it was written.

        One that stands already is left as it is: it has its label, or the sweep sees to it.
        """
        desk = self.desk_of(installation)
        if not desk.courier.manifest.allowed_hosts:
            purchasing = self.then(draft, State.PURCHASING)
            label = desk.courier.buy(desk.ctx, request_of(draft), draft.op_key).label
            return self._store.create(self.then(purchasing, State.LABELED).amended(label=label))
        if not draft.parcel.packages:
            return self._store.create(self._with(draft, PluginError(ErrorKind.INVALID, "too heavy, or too many parcels, for this courier")))
        purchasing = self._leased(self.then(draft, State.PURCHASING))
        stands = self._store.create(purchasing)
        return self._first(stands, desk) if stands is purchasing else stands

    def resumed(self, shipment: Shipment) -> Shipment:
        """Take a shipment over that is due: buy, look the purchase up, or give the label back. Call it for none that is not due."""
        if shipment.doomed and (shipment.state is not State.PURCHASING or _nothing_done(shipment)):
            return self.given_back(shipment)
        desk = self.desk(shipment)
        if not self._couriers.allow_call(desk.installation):
            return self._saved(shipment.noted(due=self._later(shipment))) or shipment
        leased = self._saved(self._leased(shipment).noted(setback=None))
        if leased is None:
            return shipment
        return self._bought(leased, desk) if _nothing_done(shipment) else self._looked_up(leased, desk)

    def bought(self, shipment: Shipment) -> Shipment:
        """Buy the label of a shipment that was just written as PURCHASING, with `due` LEASE away."""
        return self._first(shipment, self.desk(shipment))

    def given_back(self, shipment: Shipment) -> Shipment:
        """Void a shipment that no courier has had; one whose purchase is under way is doomed, and voided when that is known.

        The label goes back to its courier first, where that takes it. Raises Unavailable if others keep changing the shipment.
        """
        if State.VOIDED not in shipment.next_states:
            return shipment
        if shipment.state is State.PURCHASING and not _nothing_done(shipment):
            return self._kept(shipment, lambda s: s if s.doomed else s.noted(doomed=True))
        if shipment.label is None or not self.desk(shipment).capability.void:
            return self._kept(shipment, self._voided)
        return self._returned(self._kept(shipment, lambda s: self._leased(s).noted(doomed=True)))

    def desk(self, shipment: Shipment) -> Desk:
        """Its courier, ready for one call. Raises Unavailable if this process is about to be stopped."""
        return self.desk_of(self._couriers.get(f"{shipment.account_id}#{shipment.storefront_id}", shipment.choice.installation_id))

    def desk_of(self, installation: Installation) -> Desk:
        """The installation, ready for one call. Raises Unavailable if this process is about to be stopped."""
        if self._remaining() < LEAST:
            raise Unavailable("no time is left to ask a courier")
        courier = self._couriers.plugin(installation)
        ctx = self._couriers.context(installation, deadline(self._now, courier, CALL, self._remaining()))
        return Desk(installation, courier, ctx, self._couriers.capability(installation))

    def then(self, shipment: Shipment, state: State) -> Shipment:
        """The shipment in its next state. The event's id derives from the log's length: written again, it is the same event."""
        now = rfc3339(self._now())
        event_id = derived_id("evt", shipment.id, state, str(len(shipment.log)))
        return shipment.after(Event(id=event_id, state=state, occurred_at=now, recorded_at=now))

    def _first(self, shipment: Shipment, desk: Desk) -> Shipment:
        """Buy, unless the courier is left alone: then the sweep sees to it."""
        if not self._couriers.allow_call(desk.installation):
            return self._refused(shipment, LEFT_ALONE)
        return self._bought(shipment, desk)

    def _bought(self, shipment: Shipment, desk: Desk) -> Shipment:
        if not desk.capability.reaches(shipment.address.country):
            return self._refused(shipment, PluginError(ErrorKind.UNSUPPORTED, f"this courier does not go to {shipment.address.country}"))
        try:
            purchase = desk.courier.buy(desk.ctx, request_of(shipment), shipment.op_key)
        except PluginError as error:
            self._couriers.record_outcome(desk.installation, error)
            return self._refused(shipment, error)
        self._couriers.record_outcome(desk.installation, None)
        return self._labeled(shipment, purchase, desk)

    def _looked_up(self, shipment: Shipment, desk: Desk) -> Shipment:
        """Ask what became of a purchase whose answer was lost; buy with the same key if there certainly was none."""
        if not desk.capability.lookup:
            return self._left(shipment, PluginError(ErrorKind.OUTCOME_UNKNOWN, UNDECIDED))
        try:
            purchase = desk.courier.fetch(desk.ctx, shipment.op_key)
        except PluginError as error:
            self._couriers.record_outcome(desk.installation, error)
            if error.kind is ErrorKind.UNSUPPORTED:
                return self._left(shipment, PluginError(ErrorKind.OUTCOME_UNKNOWN, UNDECIDED))
            return self._put_off(shipment, PluginError(ErrorKind.OUTCOME_UNKNOWN, error.message))
        if purchase is not None:
            return self._labeled(shipment, purchase, desk)
        return self._kept(shipment, self._voided) if shipment.doomed else self._bought(shipment, desk)

    def _refused(self, shipment: Shipment, error: PluginError) -> Shipment:
        if error.kind in REFUSED:
            return self._kept(shipment, lambda s: self._with(self.then(s, State.DRAFT), error))
        if error.kind not in NOTHING_DONE:
            return self._put_off(shipment, PluginError(ErrorKind.OUTCOME_UNKNOWN, error.message))
        if shipment.tries + 1 >= MAX_TRIES:
            return self._kept(shipment, lambda s: self._with(self.then(s, State.DRAFT), error))
        return self._put_off(shipment, error)

    def _put_off(self, shipment: Shipment, error: PluginError) -> Shipment:
        """Leave it to the sweep, later each time; what stays unknown is asked for ever more rarely, and at last left to a person."""
        if shipment.tries + 1 >= MAX_TRIES:
            return self._left(shipment, error)
        return self._kept(shipment, lambda s: self._with(s, error).noted(tries=s.tries + 1, due=self._later(s)))

    def _left(self, shipment: Shipment, error: PluginError) -> Shipment:
        return self._kept(shipment, lambda s: self._with(s, error).noted(due=""))

    def _labeled(self, shipment: Shipment, purchase: Purchase, desk: Desk) -> Shipment:
        """Keep the papers, then the label: whoever reads LABELED finds them. A doomed one is then given back."""
        named = shipment.amended(label=purchase.label)
        try:
            papers = self._papers.keep(named, purchase, desk.ctx, desk.capability)
        except PluginError as error:
            return self._put_off(shipment, error)
        self._store.point(desk.installation.id, named)
        due = rfc3339(self._now()) if desk.capability.tracking == "poll" else ""
        changes = {"label": purchase.label, "papers": papers, "setback": None, "tries": 0, "due": due}
        kept = self._kept(shipment, lambda s: self.then(s, State.LABELED).amended(**changes))
        return self.given_back(kept) if kept.doomed else kept

    def _returned(self, shipment: Shipment) -> Shipment:
        """Give the label of a doomed shipment back. It may be asked twice: that changes nothing at the courier."""
        desk, label = self.desk(shipment), shipment.label
        if label is None or State.VOIDED not in shipment.next_states:
            return shipment
        try:
            desk.courier.void(desk.ctx, label, shipment.op_key)
        except PluginError as error:
            self._couriers.record_outcome(desk.installation, error)
            return self._left(shipment, error) if error.kind in REFUSED else self._put_off(shipment, error)
        self._couriers.record_outcome(desk.installation, None)
        return self._kept(shipment, self._voided)

    def _voided(self, shipment: Shipment) -> Shipment:
        """The shipment after VOIDED; as it is, if it was scanned meanwhile."""
        if State.VOIDED not in shipment.next_states:
            return shipment
        return self.then(shipment, State.VOIDED).amended(setback=None, tries=0)

    def _kept(self, shipment: Shipment, change: Callable[[Shipment], Shipment]) -> Shipment:
        """Write `change` of the shipment as it then stands. Raises Unavailable if others keep changing it."""
        for _ in range(ATTEMPTS):
            changed = change(shipment)
            if changed is shipment or self._store.save(changed):
                return changed
            shipment = self._store.shipment(shipment.supplier_id, shipment.id) or shipment
        raise Unavailable(f"shipment {shipment.id} is being changed by others too: try again")

    def _saved(self, shipment: Shipment) -> Shipment | None:
        """The shipment, if nobody changed it meanwhile."""
        return shipment if self._store.save(shipment) else None

    def _leased(self, shipment: Shipment) -> Shipment:
        return shipment.amended(due=rfc3339(self._now() + LEASE))

    def _later(self, shipment: Shipment) -> str:
        return rfc3339(self._now() + min(FIRST_WAIT * 2**shipment.tries, LONGEST_WAIT))

    def _with(self, shipment: Shipment, error: PluginError) -> Shipment:
        setback = Setback(kind=error.kind, message=error.message[:300], at=rfc3339(self._now()))
        return shipment.amended(setback=setback, due="")


def request_of(shipment: Shipment) -> LabelRequest:
    choice = shipment.choice
    return LabelRequest(choice.rate_id, shipment.parcel, shipment.address, shipment.currency, choice.price, shipment.order_id)


def _nothing_done(shipment: Shipment) -> bool:
    """Whether the last call certainly bought nothing."""
    return shipment.setback is not None and shipment.setback.nothing_done
