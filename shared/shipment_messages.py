"""What shipping tells the bus (shared.messages says the rules of all events)."""

from typing import Any, Literal

from pydantic import Field

from shared.bounds.fields import Id, Moment, OfferIds, Reason, Units, UnitsByOffer
from shared.messages import Message
from shared.variants.order_part import part_of

REMAINING = "what `undispatched` or `undelivered` says, where the event has it: the name of before, one for both"


def by_old_name(said: dict[str, Any]) -> int:
    """What an event of before says under that name alone."""
    return int(said["remaining"])


class ShipmentEvent(Message):
    """What every event about a shipment says. The version counts the shipment's changes."""

    shipment_id: Id
    order_id: Id
    storefront_id: Id
    account_id: Id
    supplier_id: Id
    remaining: Units = Field(description=REMAINING)
    test: bool = Field(default=False, description="its order was paid in test mode: nothing of it travels")
    virtual: bool = Field(default=False, description="it is no parcel: its supplier delivers what is in it by a text or an address")

    @property
    def part(self) -> str:
        """Which part of the order it is; empty: all of it."""
        return part_of(self.supplier_id, virtual=self.virtual) if self.supplier_id else ""


class ShipmentDispatched(ShipmentEvent):
    """shipping → orders: the courier has it."""

    type, source = "monsoon.shipment.dispatched.v1", "shipping"
    tracking_number: Id
    undispatched: Units = Field(default_factory=by_old_name, description="how many of the order's parcels are not dispatched yet")
    units: UnitsByOffer | None = Field(default=None, description="offer id → units in it when it left; events of before do not say")


class ShipmentDelivered(ShipmentEvent):
    """shipping → orders, payments: the shopper has it. Cash on delivery is captured when all of the order's parcels are delivered."""

    type, source = "monsoon.shipment.delivered.v1", "shipping"
    undelivered: Units = Field(default_factory=by_old_name, description="how many of the order's parcels are not delivered yet")
    undispatched: Units | None = Field(default=None, description="how many are not dispatched yet; of parcels, their own news says it")
    units: UnitsByOffer | None = Field(default=None, description="offer id → units in it when it left; events of before do not say")


class ShipmentHeld(ShipmentEvent):
    """shipping → orders: goods in it were recalled before it was sent (or are free again: no offers)."""

    type, source = "monsoon.shipment.held.v1", "shipping"
    offer_ids: OfferIds = Field(description="whose goods are recalled at present")
    reason: Reason


Why = Literal["cancel", "refund", "recall", "decline"]
"""Why units are taken back before they are sent."""


class ShipmentUnitsReleased(ShipmentEvent):
    """shipping → orders, fanout: these units were taken back and will not be sent. Money and stock move on this.

    Where the order has no parcel for them, `shipment_id` is the order's id; an empty `supplier_id` answers for all suppliers.
    """

    type, source = "monsoon.shipment.units_released.v1", "shipping"
    withdrawal_id: Id = Field(description="of the question that this answers; of a supplier's decline, its own")
    why: Why
    units: UnitsByOffer = Field(description="offer id → units; fewer than were asked for where others had taken them back before")
    reason: Reason = Field(default="", description="a supplier's, for its decline")
    restock: bool = Field(default=False, description="of a decline: whether the supplier has the units still, to sell them again")
    remaining: Units = Field(default=0, description=REMAINING)
    undispatched: Units = Field(
        default_factory=by_old_name, description="if it is empty now: how many others hold goods and are not sent yet"
    )
    undelivered: Units = Field(default=0, description="if the parcel is empty now: how many others hold goods and are not delivered yet")
    parcels: Units | None = Field(default=None, description="if the parcel is empty now: how many others hold goods; else not said")


class ShipmentUnitsKept(ShipmentEvent):
    """shipping → orders, fanout: units were asked back, but the parcel had left. Nothing is refunded by itself."""

    type, source = "monsoon.shipment.units_kept.v1", "shipping"
    withdrawal_id: Id
    units: UnitsByOffer = Field(description="offer id → units that were asked for and have left")
    since: Moment = Field(description="when it left, RFC 3339")
    remaining: Units = Field(default=0, description=REMAINING)
    parcel: UnitsByOffer | None = Field(default=None, description="offer id → units in it when it left; events of before do not say")
