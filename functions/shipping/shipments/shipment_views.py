"""What shipments' requests and answers carry."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, Field

from functions.shipping.parcels.parcel_views import ParcelView
from functions.shipping.shipments.recipients import Recipients
from functions.shipping.shipments.shipment import MAX_EVENTS, Hold, Setback, Shipment
from functions.shipping.shipments.shipment_states import Report, State
from functions.shipping.shipments.taken_back import TakenBack
from functions.shipping.tracking.shipment_reports import ShipmentReport
from functions.shipping.virtual.virtual_delivery import DeliveredLine
from functions.shipping.virtual.virtual_views import DeliveredLineView
from monsoon_plugin.address import Address
from monsoon_plugin.courier import Content
from shared.api.payload import Body, Query, View
from shared.order_messages import NO_ADDRESS
from shared.shipment_messages import Why

Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC))]
MOST_TOLD = 40
"""Events of each parcel that an order's tracking tells: an order may have fifty parcels."""
NOTHING: Mapping[str, Sequence[DeliveredLine]] = {}
TRIAL = "its order is paid in test mode: send nothing"


class Reported(Body):
    state: Report
    tracking_number: str | None = Field(default=None, max_length=64, pattern=r"^[\x21-\x7e]*$", description="the courier's")
    occurred_at: Moment | None = Field(default=None, description="RFC 3339; now if absent")
    pickup_code: str | None = Field(default=None, max_length=16, description="what the shopper shows, for `delivered` at a pick-up")

    def report(self) -> ShipmentReport:
        return ShipmentReport(self.state, self.tracking_number, self.occurred_at, self.pickup_code)


class ShipmentsQuery(Query):
    state: State | None = Field(default=None, description="others are left out; a page may then hold fewer than `limit`")
    limit: int = Field(default=24, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=4096)


class EventView(View):
    state: State
    occurred_at: str
    description: str
    location: str
    late: bool = Field(description="heard of after later events: it did not change the state")


class ProblemView(View):
    """What keeps a label from being bought or given back."""

    kind: str = Field(description="the plug-in's word: declined, invalid, config, unavailable, outcome_unknown, …")
    message: str
    code: str | None = Field(
        default=None, description="untold: nobody can tell whether the label was bought; unreturned: its courier does not take it back"
    )
    at: str
    remedy: str

    @classmethod
    def of(cls, shipment: Shipment, setback: Setback) -> Self:
        code = "untold" if shipment.untold else "unreturned" if shipment.unreturned else None
        return cls(kind=setback.kind, message=setback.message, code=code, at=setback.at, remedy=_remedy(shipment))


class TakenBackView(View):
    """Units taken back from the parcel, or asked back when it had left."""

    why: Why
    units: dict[str, int] = Field(description="that are not sent any more; offer id → units")
    kept: dict[str, int] = Field(description="that had left; offer id → units")
    reason: str

    @classmethod
    def of(cls, answer: TakenBack) -> Self:
        return cls(why=answer.why, units=dict(answer.units), kept=dict(answer.kept), reason=answer.reason)


class ShipmentView(View):
    """A shipment as its supplier sees it."""

    id: str
    order_id: str
    storefront_id: str
    test: bool = Field(description=TRIAL)
    state: State
    next: list[Report] = Field(description="what may be reported next")
    held: list[Hold] = Field(description="goods in it that are recalled: while there are any, it must not be sent")
    payment_lost: bool = Field(default=False, description="what paid its order is gone: it must not be sent until it is paid anew")
    given_up: bool = Field(description="nothing is left in it, or its order is cancelled: do not send it")
    taken_back: list[TakenBackView] = Field(description="what was taken out of it before it was sent: pack what `parcel` says")
    service: str
    virtual: bool | None = Field(default=None, description="true: it is no parcel; deliver what is in it by a text or an address")
    address: Address | None = Field(default=None, description=NO_ADDRESS)
    parcel: ParcelView
    tracking_number: str
    tracking_numbers: list[str] = Field(description="of all its packages")
    problem: ProblemView | None = Field(description="what keeps its label from being bought or given back")
    documents: int = Field(description="how many papers there are to print")
    pickup_location: Address | None
    events: list[EventView]

    @classmethod
    def of(cls, shipment: Shipment) -> Self:
        return cls(
            id=shipment.id, order_id=shipment.order_id, storefront_id=shipment.storefront_id, test=bool(shipment.test),
            state=shipment.state,
            next=shipment.next_reports, held=list(shipment.held), payment_lost=shipment.payment_lost,
            given_up=shipment.doomed or shipment.state is State.VOIDED,
            taken_back=[TakenBackView.of(answer) for answer in shipment.taken_back],
            service=shipment.choice.service, virtual=shipment.virtual or None, address=shipment.address,
            parcel=ParcelView.of(shipment.parcel), tracking_number=shipment.label.tracking_number if shipment.label else "",
            tracking_numbers=shipment.tracking_numbers, documents=len(shipment.documents),
            problem=ProblemView.of(shipment, shipment.setback) if shipment.setback else None,
            pickup_location=shipment.label.pickup_location if shipment.label else None, events=_events(shipment),
        )  # fmt: skip

    @classmethod
    def shown(cls, recipients: Recipients, shipment: Shipment) -> Self:
        """The shipment to its supplier, who packs it: with its address in the clear."""
        return cls.of(*recipients.shown([shipment]))


class ShipmentsView(View):
    items: list[ShipmentView] = Field(description="newest first")
    next: str | None = None


class TrackedView(View):
    id: str
    supplier_id: str
    test: bool = Field(description=TRIAL)
    state: State
    held: list[Hold] = Field(description="goods in it that are recalled: while there are any, it is not sent")
    plugin: str
    service: str
    tracking_number: str
    pickup_location: Address | None
    pickup_code: str | None = Field(description="for the shopper alone: whoever shows it gets the parcel")
    contents: list[Content]
    virtual: bool | None = Field(default=None, description="true: it is no parcel, but what `delivered` says, once that is there")
    delivered: list[DeliveredLineView] | None = Field(
        default=None, description="of virtual goods, for the shopper alone: keys, codes, addresses to download from"
    )
    events: list[EventView]

    @classmethod
    def of(cls, shipment: Shipment, with_code: bool, given: Sequence[DeliveredLine] = ()) -> Self:
        return cls(
            id=shipment.id, supplier_id=shipment.supplier_id, test=bool(shipment.test), state=shipment.state, held=list(shipment.held),
            plugin=shipment.choice.plugin,
            service=shipment.choice.service, tracking_number=shipment.label.tracking_number if shipment.label else "",
            pickup_location=shipment.label.pickup_location if shipment.label else None,
            pickup_code=(shipment.pickup_code or None) if with_code else None,
            contents=list(shipment.parcel.contents), events=_events(shipment, MOST_TOLD),
            virtual=shipment.virtual or None, delivered=DeliveredLineView.of_all(given) or None,
        )  # fmt: skip


class TrackingView(View):
    order_id: str
    items: list[TrackedView]

    @classmethod
    def of(
        cls, order_id: str, shipments: list[Shipment], *, with_code: bool, given: Mapping[str, Sequence[DeliveredLine]] = NOTHING
    ) -> Self:  # fmt: skip
        """`given`: shipment id → what was delivered of virtual goods."""
        return cls(order_id=order_id, items=[TrackedView.of(shipment, with_code, given.get(shipment.id, ())) for shipment in shipments])


class Received(View):
    """A notice was taken."""


def _remedy(shipment: Shipment) -> str:
    if shipment.unreturned:
        return "settle it with the courier, then say that it is settled"
    if shipment.untold and shipment.doomed:
        return "ask the courier; then send its tracking_number, and it is given back, or none_was_bought"
    if shipment.untold:
        return "ask the courier; then send its tracking_number, or none_was_bought to buy again"
    if shipment.awaits_courier and shipment.state is State.DRAFT:
        return "it is labelled by itself once the courier is offered again; or have the label bought of another courier that you name"
    if shipment.state is State.DRAFT:
        return "mend what the message says, then have the label bought again"
    return "it is tried again by itself" if shipment.due else "settle it with the courier"


def _events(shipment: Shipment, most: int = MAX_EVENTS) -> list[EventView]:
    """The last `most` of its events."""
    return [
        EventView(state=e.state, occurred_at=e.occurred_at, description=e.description, location=e.location, late=e.late)
        for e in shipment.log[-most:]
    ]
