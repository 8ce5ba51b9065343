"""What the forms of product page and cart carry."""

from typing import Any, Literal

from pydantic import Field, model_validator

from functions.storefronts.pages.cart.cart import MOST_UNITS
from shared.pages.forms.typed_form import Form
from shared.trade.selection import Id


class CartForm(Form):
    """`act`: add a product, set the units of one that is there, take it out."""

    act: Literal["add", "set", "remove"] = "add"
    product: Id
    offer: Id
    units: int = Field(default=1, ge=1, le=MOST_UNITS)

    @model_validator(mode="before")
    @classmethod
    def _without_units(cls, told: dict[str, Any]) -> dict[str, Any]:
        """What is taken out is taken out, whatever stands in the field beside the button."""
        return {name: value for name, value in told.items() if name != "units"} if told.get("act") == "remove" else told
