"""What an answer about a shortfall carries."""

from typing import Self

from pydantic import Field

from functions.shipping.shipments.shipment_states import State
from functions.shipping.shortfalls.shortfall import Short, Shortfall
from shared.api.payload import View


class ShortView(View):
    shipment_id: str
    order_id: str
    storefront_id: str
    state: State
    units: int = Field(description="of this offer in the parcel")

    @classmethod
    def of(cls, short: Short) -> Self:
        shipment = short.shipment
        return cls(shipment_id=shipment.id, order_id=shipment.order_id, storefront_id=shipment.storefront_id, state=shipment.state,
                   units=short.units)  # fmt: skip


class ShortfallView(View):
    offer_id: str
    owed: int = Field(description="units that were ordered and that, by your own count, you do not have")
    items: list[ShortView] = Field(
        description="the newest parcels that are not sent and hold so many units. Fewer where orders still wait for payment, or are new"
    )

    @classmethod
    def of(cls, shortfall: Shortfall) -> Self:
        return cls(offer_id=shortfall.offer_id, owed=shortfall.owed, items=[ShortView.of(short) for short in shortfall.parcels])
