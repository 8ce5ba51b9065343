"""What a request to place an order carries."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints, field_validator

from functions.orders.buyers.buyer import MOST_EMAIL, MOST_NAME, MOST_NOTE, MOST_PHONE, MOST_TAX_ID, Buyer, BuyerType
from functions.orders.checkout.basket import Basket
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


def unsaid(value: object) -> bool:
    """What was not asked before stays out of a request's fingerprint where it is not said: sent again after an upgrade, it is one."""
    return not value


class BuyerAsk(Body):
    type: BuyerType = "consumer"
    tax_id: str | None = Field(default=None, min_length=1, max_length=MOST_TAX_ID, description="VAT or other tax number of a business")
    name: str | None = Field(
        default=None, min_length=1, max_length=MOST_NAME, exclude_if=unsaid, description="who pays; not who receives it"
    )
    email: str | None = Field(
        default=None,
        min_length=3,
        max_length=MOST_EMAIL,
        exclude_if=unsaid,
        description="an order without one gets no mail, and no guest finds it",
    )
    phone: str | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_PHONE,
        exclude_if=unsaid,
        description="of another country than the order's: with its code",
    )
    language: LanguageTag | None = Field(
        default=None, exclude_if=unsaid, description="BCP 47, to write to them in, if that is not the order's"
    )


EXAMPLE: dict[str, Any] = {
    "lines": [{"offer_id": "off_2GV1CE162YSHZP0GCANW6CBATR", "quantity": 2}],
    "address": {"name": "Ada Chen", "lines": ["1 Harbour Road"], "city": "Bristol", "postal_code": "BS1 4DJ", "country": "GB"},
    "shipping_ticket": "of the chosen rate",
}


class PlaceOrder(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    lines: list[LineAsk] = Field(min_length=1, max_length=50)
    buyer: BuyerAsk = BuyerAsk()
    note: str = Field(default="", max_length=MOST_NOTE, exclude_if=unsaid, description="what the buyer tells the merchant")
    gift: bool = Field(default=False, exclude_if=unsaid, description="it is for somebody else: let nothing in the parcel tell a price")
    address: Address | None = Field(default=None, description="where it is sent; of virtual goods alone, `country` does instead")
    country: Country | None = Field(
        default=None,
        exclude_if=unsaid,
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
            buyer=Buyer(**self.buyer.model_dump()),
            note=self.note,
            gift=self.gift,
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
