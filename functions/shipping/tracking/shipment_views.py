"""What shipping's requests and answers carry."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, Field

from functions.shipping.quotes.rate_reasons import Reason
from functions.shipping.shipment import Hold, Report, Setback, Shipment, State
from monsoon_plugin.address import Address
from monsoon_plugin.clock import rfc3339
from monsoon_plugin.courier import Content, DocumentKind, Parcel
from monsoon_plugin.money import Amount, CurrencyCode
from shared.api.payload import Body, Query, View
from shared.errors import Invalid

Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(3000, 1, 1, tzinfo=UTC))]


class QuoteLine(Body):
    offer_id: str = Field(min_length=1, max_length=64)
    quantity: int = Field(ge=1, le=100_000)


class WantQuotes(Body):
    lines: list[QuoteLine] = Field(min_length=1, max_length=50)
    address: Address
    currency: CurrencyCode

    def quantities(self) -> dict[str, int]:
        """Offer id → units. Raises Invalid for an offer that stands in two lines."""
        found: dict[str, int] = {}
        for i, line in enumerate(self.lines):
            if line.offer_id in found:
                raise Invalid.field(f"/lines/{i}/offer_id", "this offer has a line already: add up the quantities")
            found[line.offer_id] = line.quantity
        return found


class Converted(View):
    """A courier's price in its own currency."""

    price: Amount
    day: str = Field(description="of the European Central Bank's rates that it was converted by, rounded up")


class RateView(View):
    installation_id: str
    plugin: str
    rate_id: str
    service: str
    carrier: str = Field(description="who carries it, where the courier stands before several; else empty")
    price: Amount
    converted: Converted | None = Field(default=None, description="from what, if the courier charges in another currency")
    days: tuple[int, int] = Field(description="earliest and latest day of delivery, counted from dispatch")
    pickup: bool = Field(description="the shopper collects it")
    cheapest: bool
    why: list[Reason] = Field(description="the price's place among the others, the fastest, what volume saves or would save")
    ticket: str = Field(description="send it with the order; bound to these lines and this address")


class BoxView(View):
    weight: int = Field(description="grams")
    size: tuple[int, int, int] = Field(description="outer length, width and height, millimetres")


class ParcelView(View):
    supplier_id: str
    weight: int = Field(description="grams")
    contents: list[Content]
    packages: list[BoxView] = Field(description="the boxes that the courier was told of; empty where none is asked")

    @classmethod
    def of(cls, parcel: Parcel) -> Self:
        boxes = [BoxView(weight=p.weight, size=(p.length, p.width, p.height)) for p in parcel.packages]
        return cls(supplier_id=parcel.supplier_id, weight=parcel.weight, contents=list(parcel.contents), packages=boxes)


class QuotesView(View):
    items: list[RateView] = Field(description="the storefront's preferred courier first; empty if none goes there")
    parcels: list[ParcelView]
    silent: list[str] = Field(description="installations whose courier did not answer")
    expires_at: str

    @classmethod
    def of(cls, rates: list[RateView], packed: list[Parcel], silent: list[str], expires_at: datetime) -> Self:
        return cls(items=rates, parcels=[ParcelView.of(p) for p in packed], silent=silent, expires_at=rfc3339(expires_at))


class Reported(Body):
    state: Report
    tracking_number: str | None = Field(default=None, max_length=64, pattern=r"^[\x21-\x7e]*$", description="the courier's")
    occurred_at: Moment | None = Field(default=None, description="RFC 3339; now if absent")
    pickup_code: str | None = Field(default=None, max_length=16, description="what the shopper shows, for `delivered` at a pick-up")


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
    at: str
    remedy: str

    @classmethod
    def of(cls, shipment: Shipment, setback: Setback) -> Self:
        return cls(kind=setback.kind, message=setback.message, at=setback.at, remedy=_remedy(shipment))


class ShipmentView(View):
    """A shipment as its supplier sees it."""

    id: str
    order_id: str
    storefront_id: str
    state: State
    next: list[Report] = Field(description="what may be reported next")
    held: list[Hold] = Field(description="goods in it that are recalled: while there are any, it must not be sent")
    service: str
    address: Address
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
            id=shipment.id, order_id=shipment.order_id, storefront_id=shipment.storefront_id, state=shipment.state,
            next=shipment.next_reports, held=list(shipment.held), service=shipment.choice.service, address=shipment.address,
            parcel=ParcelView.of(shipment.parcel), tracking_number=shipment.label.tracking_number if shipment.label else "",
            tracking_numbers=shipment.tracking_numbers, documents=len(shipment.papers),
            problem=ProblemView.of(shipment, shipment.setback) if shipment.setback else None,
            pickup_location=shipment.label.pickup_location if shipment.label else None, events=_events(shipment),
        )  # fmt: skip


class ShipmentsView(View):
    items: list[ShipmentView] = Field(description="newest first")
    next: str | None = None


class TrackedView(View):
    id: str
    supplier_id: str
    state: State
    held: list[Hold] = Field(description="goods in it that are recalled: while there are any, it is not sent")
    plugin: str
    service: str
    tracking_number: str
    pickup_location: Address | None
    pickup_code: str | None = Field(description="for the shopper alone: whoever shows it gets the parcel")
    contents: list[Content]
    events: list[EventView]

    @classmethod
    def of(cls, shipment: Shipment, with_code: bool) -> Self:
        return cls(
            id=shipment.id, supplier_id=shipment.supplier_id, state=shipment.state, held=list(shipment.held), plugin=shipment.choice.plugin,
            service=shipment.choice.service, tracking_number=shipment.label.tracking_number if shipment.label else "",
            pickup_location=shipment.label.pickup_location if shipment.label else None,
            pickup_code=(shipment.pickup_code or None) if with_code else None,
            contents=list(shipment.parcel.contents), events=_events(shipment),
        )  # fmt: skip


class TrackingView(View):
    order_id: str
    items: list[TrackedView]

    @classmethod
    def of(cls, order_id: str, shipments: list[Shipment], with_code: bool) -> Self:
        return cls(order_id=order_id, items=[TrackedView.of(shipment, with_code) for shipment in shipments])


class DocumentView(View):
    kind: DocumentKind
    media_type: str
    letters_replaced: bool = Field(description="some letters of names or addresses are printed as `?`: correct them by hand")
    link: str = Field(description="a path of this hub, good for five minutes, for whoever has it")


class DocumentsView(View):
    items: list[DocumentView]


class DocumentQuery(Query):
    ticket: str = Field(max_length=2048)


class NamedCourier(Body):
    installation_id: str = Field(min_length=1, max_length=64)
    rate_id: str = Field(min_length=1, max_length=200, description="one of its rates, as a quote names it")
    service: str = Field(default="", max_length=100, description="what the shopper reads")


class BuyLabel(Body):
    tracking_number: str | None = Field(
        default=None, min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$", description="of a label that you have: none is bought"
    )
    none_was_bought: bool = Field(default=False, description="your word, where nobody knows whether the last purchase succeeded")
    courier: NamedCourier | None = Field(default=None, description="another of the storefront's couriers than the shopper's choice")


class Received(View):
    """A notice was taken."""


def _remedy(shipment: Shipment) -> str:
    if shipment.undecided:
        return "ask the courier; then send its tracking_number, or none_was_bought to buy again"
    if shipment.state is State.DRAFT:
        return "mend what the message says, then have the label bought again"
    return "it is tried again by itself" if shipment.due else "settle it with the courier"


def _events(shipment: Shipment) -> list[EventView]:
    return [
        EventView(state=e.state, occurred_at=e.occurred_at, description=e.description, location=e.location, late=e.late)
        for e in shipment.log
    ]
