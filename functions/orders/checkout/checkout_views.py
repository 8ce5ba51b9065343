"""What a request to place an order carries."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from functions.orders.checkout.basket import Basket
from functions.orders.order import Buyer
from monsoon_plugin.address import Address
from monsoon_plugin.money import CurrencyCode
from shared.api.payload import Body
from shared.errors import Invalid
from shared.goods.texts import LanguageTag
from shared.ids import ID_PATTERN
from shared.trade.product import Country

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Units = Annotated[int, Field(ge=1, le=10_000, description="units")]


class LineAsk(Body):
    offer_id: Id
    quantity: Units


def different_offers(lines: list[LineAsk]) -> list[LineAsk]:
    if len({line.offer_id for line in lines}) < len(lines):
        raise ValueError("name each offer once, with all its units")
    return lines


class BuyerAsk(Body):
    type: Literal["consumer", "business"] = "consumer"
    tax_id: str | None = Field(default=None, min_length=1, max_length=32, description="VAT or other tax number of a business")


EXAMPLE: dict[str, Any] = {
    "lines": [{"offer_id": "off_2GV1CE162YSHZP0GCANW6CBATR", "quantity": 2}],
    "address": {"name": "Ada Chen", "lines": ["1 Harbour Road"], "city": "Bristol", "postal_code": "BS1 4DJ", "country": "GB"},
    "shipping_ticket": "of the chosen rate",
}


class PlaceOrder(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    lines: list[LineAsk] = Field(min_length=1, max_length=50)
    buyer: BuyerAsk = BuyerAsk()
    address: Address | None = Field(default=None, description="where it is sent; of virtual goods alone, `country` does instead")
    country: Country | None = Field(
        default=None,
        exclude_if=lambda country: country is None,
        description="instead of an address, where all lines are virtual goods: where they are used, ISO 3166-1 alpha-2",
    )
    shipping_ticket: str | None = Field(
        default=None, min_length=1, max_length=8192, exclude=True,
        description="of the rate that the shopper chose, from shipping; a retry may bring a newer one. Virtual goods alone need none",
    )  # fmt: skip
    language: LanguageTag = Field(default="en", description="BCP 47, of the titles on the order")
    currency: CurrencyCode | None = Field(default=None, description="one that the storefront sells in; its first by default")
    pay_within_hours: int | None = Field(
        default=None, ge=1, le=240, description="how long the stock is kept for payments that take days, such as a bank transfer"
    )
    _lines = field_validator("lines")(different_offers)

    def basket(self, unpaid: timedelta) -> Basket:
        """What is wanted; it is kept for `unpaid` unless the request says how long. Raises Invalid unless it says where to."""
        return Basket(
            to_country=self._to_country(),
            quantities={line.offer_id: line.quantity for line in self.lines},
            buyer=Buyer(type=self.buyer.type, tax_id=self.buyer.tax_id),
            address=self.address,
            shipping_ticket=self.shipping_ticket,
            language=self.language,
            pay_within=timedelta(hours=self.pay_within_hours) if self.pay_within_hours else unpaid,
            currency=self.currency,
        )

    def _to_country(self) -> str:
        if self.address is None and self.country is None:
            raise Invalid.field("/address", "say where it is sent; of virtual goods alone, `country` does instead")
        if self.address and self.country not in (None, self.address.country):
            raise Invalid.field("/country", f"the address is in {self.address.country}: leave `country` out")
        return "" if self.address else self.country or ""
