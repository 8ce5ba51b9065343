"""What the forms of product page and cart carry."""

from typing import Literal

from pydantic import Field

from functions.storefronts.pages.cart.cart import MOST_UNITS
from shared.pages.forms.typed_form import Form
from shared.trade.selection import Id


class CartForm(Form):
    """`act`: add a product, set the units of one that is there, take it out."""

    act: Literal["add", "set", "remove"] = "add"
    product: Id
    offer: Id
    units: int = Field(default=1, ge=1, le=MOST_UNITS)
