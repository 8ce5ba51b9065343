"""What the pages on which an order is reviewed and placed post."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from functions.orders.buyers.buyer import MOST_NAME, MOST_NOTE, MOST_PHONE, MOST_TAX_ID
from functions.orders.checkout.checkout_views import PlaceOrder
from functions.orders.pages.tax_numbers import TAX_NUMBER
from monsoon_plugin.address import Address
from monsoon_plugin.money import MAX_AMOUNT
from shared.api.payload import parsed
from shared.errors import FieldError, Invalid
from shared.pages.addresses.address_form import AddressForm, address_values, field_of
from shared.pages.forms.basket_field import basket_values
from shared.pages.forms.json_schema import email_field
from shared.pages.texts import worded
from shared.pages.visits.visit import Visit

SAID = ("name", "email", "phone", "tax_id")
BUYER = {f"/buyer/{name}": f"/buyer_{name}" for name in SAID}


class ReviewForm(AddressForm):
    """From shipping's page: where to, and the ticket of the rate that was chosen; from the address's, of virtual goods alone, without."""

    ticket: str = Field(default="", max_length=8192)

    def body(self, visit: Visit, typed: Mapping[str, str]) -> PlaceOrder:
        """The order as a client site would send it, so that one rule holds for both. Raises Invalid, which names fields of the form."""
        address = self.address().model_dump() if self.ticket else None
        asked: dict[str, Any] = {
            "lines": [{"offer_id": offer_id, "quantity": units} for offer_id, units in self.quantities.items()],
            "buyer": {name: told for name in SAID if (told := typed.get(f"buyer_{name}", "").strip())},
            "note": typed.get("note", ""), "gift": typed.get("gift") == "true", "language": visit.language, "currency": visit.currency,
            **({"address": address} if address else {"country": self.country}),
            **({"shipping_ticket": self.ticket} if self.ticket else {}),
        }  # fmt: skip
        try:
            body = parsed(PlaceOrder, json.dumps(asked).encode())
        except Invalid as flawed:
            errors = [FieldError(BUYER.get(each.pointer) or field_of(each.pointer), each.detail) for each in flawed.errors]
            raise Invalid(flawed.detail, errors) from flawed
        assert isinstance(body, PlaceOrder)
        return body


class PlaceForm(ReviewForm):
    """The review with what its shopper says of themselves, and the sum that they saw."""

    key: str = Field(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    """The Idempotency-Key: the cart's own, so that however often it is reviewed and sent, it places one order."""
    total: int = Field(ge=0, le=MAX_AMOUNT)
    """Minor units."""
    buyer_name: str = Field(
        default="", max_length=MOST_NAME, title=worded("Your name"), json_schema_extra={"x-autocomplete": "billing name"}
    )  # fmt: skip
    buyer_email: str = email_field(worded("E-mail, for news of the order"))
    buyer_phone: str = Field(
        default="", max_length=MOST_PHONE, title=worded("Telephone"), json_schema_extra={"format": "tel", "x-autocomplete": "tel"}
    )
    buyer_tax_id: str = Field(
        default="", max_length=MOST_TAX_ID, pattern=TAX_NUMBER,
        description=worded("As it stands on an invoice: 4 to 32 letters and digits, with spaces or - . / between them."),
    )  # fmt: skip
    note: str = Field(default="", max_length=MOST_NOTE, title=worded("Note to the shop"), json_schema_extra={"format": "multiline"})
    gift: bool = Field(default=False, title=worded("It is a gift: let nothing in the parcel tell a price"))


def carried(ticket: str, values: Mapping[str, str]) -> dict[str, str]:
    """What the pages hand on from one to the next."""
    return {"visit": ticket, **basket_values(values), "ticket": values.get("ticket", ""), **address_values(values)}


def as_address(values: Mapping[str, str]) -> Address | None:
    """Where it goes, to be shown; None for virtual goods alone."""
    form = ReviewForm.model_validate({name: value for name, value in values.items() if value.strip()})
    return form.address() if form.ticket else None
