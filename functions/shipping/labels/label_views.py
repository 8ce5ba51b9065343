"""What a merchant sends about a label that was not bought."""

from pydantic import Field

from functions.shipping.labels.manual_label import CourierChoice, LabelWish
from shared.api.payload import Body


class NamedCourier(Body):
    installation_id: str = Field(min_length=1, max_length=64)
    rate_id: str = Field(min_length=1, max_length=200, description="one of its rates, as a quote names it")
    service: str = Field(default="", max_length=100, description="what the shopper reads")


class BuyLabel(Body):
    tracking_number: str | None = Field(
        default=None, min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$", description="of a label that you have: none is bought"
    )
    none_was_bought: bool = Field(default=False, description="your word, where nobody knows whether the last purchase succeeded")
    settled: bool = Field(
        default=False, description="your word that you have settled with the courier what it does not take back of a given-up parcel"
    )
    courier: NamedCourier | None = Field(default=None, description="another of the storefront's couriers than the shopper's choice")

    def wish(self) -> LabelWish:
        named = self.courier
        choice = CourierChoice(named.installation_id, named.rate_id, named.service) if named else None
        return LabelWish(self.tracking_number, self.none_was_bought, choice, self.settled)
