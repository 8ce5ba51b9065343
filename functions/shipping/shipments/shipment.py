"""A shipment: one supplier's parcel of one order. Its state derives from an append-only log. Pure."""

import hmac
from typing import get_args

from pydantic import BaseModel, ConfigDict, Field

from functions.shipping.documents.kept_document import KeptDocument
from functions.shipping.shipments.shipment_states import LABEL_STATES, NEXT, UNSCANNED, Report, State, state_of
from functions.shipping.shipments.taken_back import TakenBack
from monsoon_plugin.address import Address
from monsoon_plugin.courier import Label, Parcel
from monsoon_plugin.errors import ErrorKind
from shared.errors import Conflict, Invalid
from shared.order_messages import ShippingChoice
from shared.sealing.sealed_text import SealedText

MAX_EVENTS = 100
"""A shipment's log is at most this long."""
MAX_PURCHASES = 10
"""A label is bought, after a refusal, at most this often."""


class LogEntry(BaseModel):
    """One thing that happened to a shipment."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: str
    state: State
    occurred_at: str
    """RFC 3339, as it was reported."""
    recorded_at: str
    fingerprint: str = ""
    """Of the request that reported it."""
    description: str = ""
    location: str = ""
    late: bool = False
    """Heard of after what came later: it is on record, and leaves the state as it is."""


NOTHING_DONE = frozenset({ErrorKind.RATE_LIMITED, ErrorKind.UNAVAILABLE})
"""What a courier says when it was not asked, or would not listen, yet."""


class Setback(BaseModel):
    """Why a label is not bought, or not given back, yet."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    kind: ErrorKind
    message: str
    """For the merchant."""
    at: str

    @property
    def nothing_done(self) -> bool:
        """Whether the courier certainly did nothing, and may be asked for the same again."""
        return self.kind in NOTHING_DONE


class Hold(BaseModel):
    """An offer of the parcel that is recalled at present: it must not be sent."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    offer_id: str
    reason: str


class Held(Conflict):
    code, title = "shipment-held", "Goods in this shipment are recalled: it must not be sent"


class PaymentLost(Conflict):
    code, title = "payment-lost", "What paid this shipment's order is gone: it must not be sent"


class Shipment(BaseModel):
    """One supplier's parcel of one order."""

    model_config = ConfigDict(frozen=True, defer_build=True)
    id: str
    supplier_id: str
    order_id: str
    storefront_id: str
    account_id: str
    siblings: int
    """How many shipments the order has, this one among them."""
    choice: ShippingChoice
    currency: str
    address: Address | None = None
    sealed_address: SealedText | None = None
    """Instead of `address`. Virtual goods whose order has none have neither."""
    parcel: Parcel
    """What is in it; of virtual goods, what is delivered without one: no courier is told of it."""
    label: Label | None = None
    own_label: bool = False
    """A merchant entered its label, where its courier had certainly sold none: no courier takes it back, and none sells another for it."""
    pickup_code: str = Field(default="", repr=False)
    """What the shopper shows at the pick-up place; empty for a parcel that is brought."""
    log: tuple[LogEntry, ...]
    held: tuple[Hold, ...] = ()
    """What it is held for, by offer id; settled while it is not sent."""
    payment_lost: bool = False
    """What paid its order, or promised to, is gone: it must not be sent until it is paid anew."""
    payment_heard: int = 0
    """The order's version of the last news of that."""
    times_held: int = 0
    """How often `held` has changed."""
    delivery: str = ""
    """Of virtual goods: the key of the sealed texts that its supplier has delivered, once it has."""
    documents: tuple[KeptDocument, ...] = Field(default=(), alias="papers")
    """`papers` in the table."""
    purchase: int = 1
    """Which purchase of a label this is; each has a key of its own."""
    tries: int = 0
    """How often the courier was asked in vain, since the last that succeeded."""
    setback: Setback | None = None
    awaits_courier: bool = False
    """Its courier's plug-in is not offered: the sweep goes on once it is, unless a person decides before (labels/awaited_courier.py)."""
    doomed: bool = False
    """Its order is cancelled, or nothing is left in it: it is not sent, no label is bought, and one that is bought is given back."""
    taken_back: tuple[TakenBack, ...] = ()
    relabel: bool = False
    """Its label, or the one that is being bought, is for more than the parcel holds by now."""
    old_label: Label | None = None
    """A label that another replaces, until it is given back: its own courier sells no other before that."""
    old_key: str = ""
    """The courier's idempotency key of its purchase."""
    old_installation: str = ""
    """Whose courier sold it; empty: the one of `choice`."""
    due: str = ""
    """When the sweep looks at it, RFC 3339; empty: never."""
    test: bool | None = None
    """Whether its order is paid in test mode: no live courier labels it. None: planned before this was kept."""
    times_noted: int = 0
    """How often something else than the log and `held` was changed."""

    @property
    def tenant(self) -> str:
        return f"{self.account_id}#{self.storefront_id}"

    @property
    def virtual(self) -> bool:
        """Whether it is no parcel: a supplier's virtual goods, which it delivers by a text or an address (virtual/)."""
        return self.choice.ships_nothing

    @property
    def current(self) -> LogEntry:
        """The event that its state comes from."""
        return next(event for event in reversed(self.log) if not event.late)

    @property
    def state(self) -> State:
        return self.current.state

    @property
    def op_key(self) -> str:
        """The courier's idempotency key of the purchase at hand."""
        return self.id if self.purchase == 1 else f"{self.id}-{self.purchase}"

    @property
    def old_is_elsewhere(self) -> bool:
        """Whether another courier than the shipment's of now sold the label that is replaced."""
        return self.old_label is not None and self.old_installation not in ("", self.choice.installation_id)

    @property
    def given_up(self) -> bool:
        """Whether it is doomed and not voided yet, as long as it can be."""
        return self.doomed and State.VOIDED in self.next_states

    @property
    def untold(self) -> bool:
        """Whether no question tells if its label was bought, for now or for good: a person who asks the courier can."""
        asked_in_vain = self.setback is not None and (not self.due or (self.awaits_courier and not self.nothing_done))
        return self.state is State.PURCHASING and asked_in_vain

    @property
    def unreturned(self) -> bool:
        """Whether it is given up, and its courier does not take its label back: a person settles that with the courier."""
        return self.given_up and self.state is not State.PURCHASING and self.setback is not None and not self.due

    @property
    def nothing_done(self) -> bool:
        """Whether the last call for its label certainly bought nothing."""
        return self.setback is not None and self.setback.nothing_done

    @property
    def version(self) -> int:
        """Rises with every change."""
        return len(self.log) + self.times_held + self.times_noted

    @property
    def scanned(self) -> bool:
        """Whether the courier, or the pick-up place, has had the parcel."""
        return any(event.state not in UNSCANNED | {State.VOIDED} for event in self.log if not event.late)

    @property
    def left_at(self) -> str:
        """When it left, as far as was told, RFC 3339."""
        return next(event.occurred_at for event in self.log if not event.late and event.state not in UNSCANNED | {State.VOIDED})

    @property
    def unsent(self) -> bool:
        """Whether it may still be sent, and held back."""
        return not self.scanned and not self.doomed and self.state is not State.VOIDED

    @property
    def next_states(self) -> frozenset[State]:
        """The states that may follow; a label can be voided only before the first scan, and what is given up is not sent."""
        if self.virtual and self.state is State.DRAFT:
            return frozenset({State.VOIDED} if self.doomed else {State.DELIVERED, State.VOIDED})
        if self.scanned:
            return NEXT[self.state] - {State.VOIDED, State.PURCHASING}
        return NEXT[self.state] & LABEL_STATES if self.doomed else NEXT[self.state]

    @property
    def next_reports(self) -> list[Report]:
        """What may be reported next, in the reports' own words; of a held one, nothing that sends it."""
        may = self.next_states & UNSCANNED if self.held or self.payment_lost else self.next_states
        return sorted(report for report in get_args(Report) if state_of(report) in may)

    @property
    def tracking_numbers(self) -> list[str]:
        """Of all its packages, as far as they are known."""
        if self.label is None:
            return []
        return [number for number in dict.fromkeys((self.label.tracking_number, *self.label.tracking_numbers)) if number]

    def has_been(self, state: State) -> bool:
        return any(event.state is state and not event.late for event in self.log)

    def entry(self, event_id: str) -> LogEntry | None:
        """The event of this id, if it was recorded."""
        return next((event for event in self.log if event.id == event_id), None)

    def answer_to(self, question_id: str) -> TakenBack | None:
        return next((answer for answer in self.taken_back if answer.id == question_id), None)

    def answered(self, answer: TakenBack) -> "Shipment":
        """The shipment with this answer as its last, once."""
        others = tuple(known for known in self.taken_back if known.id != answer.id)
        return self.noted(taken_back=(*others, answer))

    def after(self, event: LogEntry) -> "Shipment":
        """The shipment after one more event; its own state again only adds to the log.

        Raises Conflict, naming what may be reported instead.
        """
        if event.state not in self.next_states | {self.state}:
            may = self.next_reports
            raise Conflict(f"it is {self.state}; what may follow: {', '.join(may) or 'nothing'}", allowed=may)
        if len(self.log) >= MAX_EVENTS:
            raise Conflict(f"a shipment has at most {MAX_EVENTS} events")
        return self.logged(event)

    def logged(self, event: LogEntry) -> "Shipment":
        """The shipment with one more event. No sweep looks at it after its last one, unless an old label is out still."""
        over = not NEXT[event.state] and self.old_label is None
        return self.amended(log=(*self.log, event), **({"due": ""} if over else {}))

    def without_old_label(self) -> "Shipment":
        """The shipment, whose old label is given back, or will not be."""
        return self.amended(old_label=None, old_key="", old_installation="")

    def amended(self, **changes: object) -> "Shipment":
        """The shipment with these fields changed in the same write as an event."""
        return self.model_copy(update=changes)

    def noted(self, **changes: object) -> "Shipment":
        """The shipment with these fields changed in a write of their own."""
        return self.amended(**changes, times_noted=self.times_noted + 1)

    def held_for(self, held: tuple[Hold, ...]) -> "Shipment":
        """The shipment with what it is held for from now on; nothing: it is free."""
        return self.model_copy(update={"held": held, "times_held": self.times_held + 1})

    def with_payment_news(self, order_version: int, *, lost: bool) -> "Shipment":
        """The shipment after news of what pays its order; itself if newer news were heard, or it is sent."""
        if order_version <= self.payment_heard or (lost and not self.unsent):
            return self
        return self.noted(payment_lost=lost, payment_heard=order_version)

    def refuse_if_held(self) -> None:
        """Raises Held, with each offer's reason and what to do, and PaymentLost."""
        if self.payment_lost:
            raise PaymentLost("what paid this order is gone: keep the parcel until it is paid anew, or cancelled")
        if self.held:
            reasons = "; ".join(f"{hold.offer_id}: {hold.reason}" for hold in self.held)
            remedy = "keep the parcel: report it again when the goods are on sale again, or let the storefront refund the order"
            raise Held(f"recalled ({reasons}); {remedy}", offer_ids=[hold.offer_id for hold in self.held])

    def tracked_by(self, tracking_number: str | None) -> "Shipment":
        """The shipment with the courier's number, if one was reported."""
        if not tracking_number:
            return self
        return self.model_copy(update={"label": (self.label or Label()).model_copy(update={"tracking_number": tracking_number})})

    def check_pickup_code(self, code: str | None) -> None:
        """Raises Invalid unless `code` is the one that the shopper was given; a parcel that is brought needs none."""
        if self.pickup_code and not hmac.compare_digest(self.pickup_code.encode(), (code or "").encode()):
            raise Invalid.field("/pickup_code", "ask the shopper for the code of this order and send it")
