"""The page by which a guest finds an order again: storefronts shows it, orders answers it, and shows it again where nothing was found."""

from collections.abc import Mapping

from pydantic import Field

from shared.api.answers import Page
from shared.pages.forms.json_schema import asked, email_field
from shared.pages.forms.typed_form import Form
from shared.pages.texts import worded
from shared.pages.visits.visit import MAX_VISIT, Visit
from shared.pages.visits.visit_pages import visit_page


class FindForm(Form):
    visit: str = Field(min_length=1, max_length=MAX_VISIT)
    number: str = Field(min_length=1, max_length=32, title=worded("Number of the order"), examples=["2GV1C-E162Y"])
    email: str = email_field(worded("E-mail that you ordered with"))


def find_page(visit: Visit, ticket: str, typed: Mapping[str, str], *, told: str = "", status: int = 200) -> Page:
    """`told`: `none` where no order has this number and this e-mail, `often` where too many asked, `flaws` where a field is empty."""
    values = {"asked": asked(FindForm), "typed": typed, "told": told}
    return visit_page("shared/pages/visits/find_page.html", visit, values, ticket=ticket, status=status)
