"""The cart's lines as a form's hidden field, from page to page: `off_…:2 off_…:1`. Not signed: shipping and orders look each up."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.bounds.fields import MOST_LINES
from shared.errors import Invalid
from shared.pages.forms.line_pictures import MOST_FIELD as MOST_PICTURES
from shared.pages.forms.typed_form import Form
from shared.pages.visits.visit import MAX_VISIT

LINE = re.compile(r"([a-z]{2,4}_[0-9A-Za-z]{1,26}):([1-9][0-9]{0,4})")
MOST_UNITS = 10_000
MOST_FIELD = 3000


def as_field(quantities: dict[str, int]) -> str:
    """`quantities`: offer id → units."""
    return " ".join(f"{offer_id}:{units}" for offer_id, units in quantities.items())


def quantities_of(text: str) -> dict[str, int]:
    """Offer id → units. Raises ValueError."""
    found: dict[str, int] = {}
    for part in text.split():
        line = LINE.fullmatch(part)
        if line is None or int(line[2]) > MOST_UNITS or line[1] in found:
            raise ValueError("these are no lines of a cart: go back to the cart")
        found[line[1]] = int(line[2])
    if not 1 <= len(found) <= MOST_LINES:
        raise ValueError(f"a cart has 1 to {MOST_LINES} lines: go back to the cart")
    return found


def _lines(text: str) -> str:
    quantities_of(text)
    return text


class BasketForm(Form):
    """A form on the way from the cart to the order."""

    visit: str = Field(min_length=1, max_length=MAX_VISIT)
    lines: Annotated[str, Field(max_length=MOST_FIELD), AfterValidator(_lines)]

    @property
    def quantities(self) -> dict[str, int]:
        return quantities_of(self.lines)


def basket_values(values: Mapping[str, str]) -> dict[str, str]:
    """What forms hand on of a cart, from page to page."""
    return {"lines": values.get("lines", "")[:MOST_FIELD], "pictures": values.get("pictures", "")[:MOST_PICTURES]}


def only_the_cart_mends(invalid: Invalid) -> bool:
    """Whether what is wrong is nothing that the form asks for."""
    return any(error.pointer in ("/lines", "/visit") for error in invalid.errors)
