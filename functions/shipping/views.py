"""What shipping's requests and answers carry."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, Field

from functions.shipping.parcel import Content, Parcel
from functions.shipping.shipment import Hold, Report, Shipment, State
from shared.address import Address
from shared.clock import rfc3339
from shared.errors import Invalid
from shared.http import Body, Query, View
from shared.messages import ShippingChoice
from shared.money import Amount, CurrencyCode

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
    price: Amount
    converted: Converted | None = Field(default=None, description="from what, if the courier charges in another currency")
    days: tuple[int, int] = Field(description="earliest and latest day of delivery, counted from dispatch")
    pickup: bool = Field(description="the shopper collects it")
    ticket: str = Field(description="send it with the order; bound to these lines and this address")

    @classmethod
    def of(
        cls, choice: ShippingChoice, currency: str, days: tuple[int, int], *, converted: Converted | None, pickup: bool, ticket: str
    ) -> Self:
        return cls(
            installation_id=choice.installation_id, plugin=choice.plugin, rate_id=choice.rate_id, service=choice.service,
            price=Amount(amount=choice.price, currency=currency), converted=converted, days=days, pickup=pickup, ticket=ticket,
        )  # fmt: skip


class ParcelView(View):
    supplier_id: str
    weight: int = Field(description="grams")
    contents: list[Content]

    @classmethod
    def of(cls, parcel: Parcel) -> Self:
        return cls(supplier_id=parcel.supplier_id, weight=parcel.weight, contents=list(parcel.contents))


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
    pickup_location: Address | None
    events: list[EventView]

    @classmethod
    def of(cls, shipment: Shipment) -> Self:
        return cls(
            id=shipment.id, order_id=shipment.order_id, storefront_id=shipment.storefront_id, state=shipment.state,
            next=shipment.next_reports, held=list(shipment.held), service=shipment.choice.service, address=shipment.address,
            parcel=ParcelView.of(shipment.parcel), tracking_number=shipment.label.tracking_number if shipment.label else "",
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


def _events(shipment: Shipment) -> list[EventView]:
    return [EventView(state=event.state, occurred_at=event.occurred_at) for event in shipment.log]
